import { parentPort, workerData } from 'node:worker_threads';
import {
  newQuickJSWASMModule,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from 'quickjs-emscripten';

// The entry of the sandbox's threads. It imports nothing of ours: Node runs it as it stands, compiled or not.

/** What a thread is started with. */
export interface SandboxJob {
  readonly code: string;
  /** The source text of the function `prelude`. */
  readonly prelude: string;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  /** Longest value, and longest log, in characters. */
  readonly outputLimit: number;
  /** What to say of code that takes too long, and of code that needs too much. */
  readonly sentences: { readonly late: string; readonly hungry: string };
}

/** What became of the code: its value or its failure, as text, and what it logged until then, a line a call. */
export type SandboxOutcome =
  { readonly value: string; readonly logs: string } | { readonly error: string; readonly logs: string };

/** Deep enough for recursion in earnest; what is deeper fails as an error in QuickJS, not as a fall of it. */
const STACK_BYTES = 512 * 1024;
/** Held back to explain a failure when the memory is used up. */
const SPARE_BYTES = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
/** What QuickJS asks for at the start. */
const INITIAL_BYTES = 16 * 1024 * 1024;
/** Memory grows in steps: this close to its end it is used up. */
const NEARLY_BYTES = 4 * 1024 * 1024;
/** JS_EVAL_FLAG_ASYNC: the code may await at its top, and its value comes as a promise of `{ value }`. */
const TOP_LEVEL_AWAIT = 1 << 7;
const LONGEST_ERROR = 4000;
const JOBS_AT_ONCE = 1000;
const FILE = 'code.js';
const OUT_OF_MEMORY = 'InternalError: out of memory';

interface LinearMemory {
  readonly buffer: ArrayBuffer;
}

/** TypeScript has these types for browsers only. */
declare const WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => LinearMemory };

/** Why there is no value, in the words of the answer. */
class Failure extends Error {}

/** One piece of code and the machine that runs it. The machine is never disposed of: its thread ends. */
class Execution {
  #logs = '';
  #isLogFull = false;
  readonly #context: QuickJSContext;
  readonly #helpers: QuickJSHandle;
  readonly #deadline: number;
  readonly #job: SandboxJob;
  readonly #memory: LinearMemory;
  readonly #runtime: QuickJSRuntime;
  readonly #spare: QuickJSHandle;

  constructor(runtime: QuickJSRuntime, memory: LinearMemory, job: SandboxJob) {
    this.#runtime = runtime;
    this.#memory = memory;
    this.#job = job;
    this.#deadline = performance.now() + job.timeoutMs;
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => this.#isLate());
    this.#context = runtime.newContext();
    this.#helpers = this.#prepare();
    this.#spare = this.#context.newArrayBuffer(new ArrayBuffer(SPARE_BYTES));
  }

  outcome(): SandboxOutcome {
    try {
      return { value: cut(this.#value(), this.#job.outputLimit), logs: this.#logs };
    } catch (error) {
      return { error: cut(this.#sentence(error), LONGEST_ERROR), logs: this.#logs };
    }
  }

  #sentence(error: unknown): string {
    if (this.#isLate()) return this.#job.sentences.late;
    if (error instanceof Failure) return error.message;
    // QuickJS itself fell: over its memory if that is full, else over a nesting too deep for WebAssembly.
    return this.#isFull() ? this.#job.sentences.hungry : String(error);
  }

  #value(): string {
    const promise = this.#context.evalCode(this.#job.code, FILE, TOP_LEVEL_AWAIT);
    if (promise.error) throw this.#failure(promise.error);
    this.#runJobs();
    const last = this.#context.getProp(this.#settled(promise.value), 'value');
    return this.#call('show', this.#settled(last));
  }

  /** Runs what promises have left to do; in slices, as a chain of short jobs is never interrupted. */
  #runJobs(): void {
    while (this.#runtime.hasPendingJob()) {
      const jobs = this.#runtime.executePendingJobs(JOBS_AT_ONCE);
      if (jobs.error) throw this.#failure(jobs.error);
      if (this.#isLate()) throw new Failure();
    }
  }

  #settled(handle: QuickJSHandle): QuickJSHandle {
    const state = this.#context.getPromiseState(handle);
    if (state.type === 'fulfilled') return state.value;
    if (state.type === 'rejected') throw this.#failure(state.error);
    throw new Failure('The code awaits a promise that nothing will ever settle. There are no timers and no I/O here.');
  }

  #failure(thrown: QuickJSHandle): Failure {
    if (this.#spare.alive) this.#spare.dispose();
    // QuickJS throws null when there is no memory for an error.
    const isHungry = this.#context.eq(thrown, this.#context.null) && this.#isFull();
    const sentence = isHungry ? OUT_OF_MEMORY : this.#call('explain', thrown);
    return new Failure(sentence.includes(OUT_OF_MEMORY) ? this.#job.sentences.hungry : sentence);
  }

  #call(helper: 'show' | 'explain', handle: QuickJSHandle): string {
    const text = this.#context.callFunction(
      this.#context.getProp(this.#helpers, helper),
      this.#context.undefined,
      handle,
    );
    if (!text.error) return this.#context.getString(text.value);
    // Its toString or a getter threw: what it threw is the better answer, unless that throws too.
    if (helper === 'explain') return this.#isFull() ? OUT_OF_MEMORY : 'Uncaught value that cannot be shown';
    throw this.#failure(text.error);
  }

  #prepare(): QuickJSHandle {
    const context = this.#context;
    const emit = context.newFunction('emit', (line) => this.#log(context.getString(line)));
    const prelude = context.unwrapResult(context.evalCode(`(${this.#job.prelude})`, 'prelude.js'));
    const helpers = context.unwrapResult(
      context.callFunction(prelude, context.undefined, emit, context.newNumber(this.#job.outputLimit)),
    );
    context.setProp(context.global, 'console', context.getProp(helpers, 'console'));
    return helpers;
  }

  #log(line: string): void {
    if (this.#isLogFull) return;
    const room = this.#job.outputLimit - this.#logs.length;
    const text = `${line}\n`;
    this.#isLogFull = text.length > room;
    this.#logs += cut(text, room);
  }

  #isFull(): boolean {
    return this.#memory.buffer.byteLength > this.#job.memoryBytes - NEARLY_BYTES;
  }

  #isLate(): boolean {
    return performance.now() > this.#deadline;
  }
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}… truncated` : text;
}

const job: SandboxJob = workerData;
// QuickJS has a memory limit of its own, which does not count what is allocated here: WebAssembly's holds.
const memory = new WebAssembly.Memory({
  initial: INITIAL_BYTES / PAGE_BYTES,
  maximum: job.memoryBytes / PAGE_BYTES,
});
const quickJs = await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmMemory: memory }));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window's: it has no origin
parentPort?.postMessage(new Execution(quickJs.newRuntime(), memory, job).outcome());
