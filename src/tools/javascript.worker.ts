import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import {
  newQuickJSWASMModule,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from 'quickjs-emscripten';

// The entry point of sandbox threads. It has no imports from this project, so Node can run it compiled or not.

/** The input of a thread. */
export interface SandboxJob {
  readonly code: string;
  /** The source text of the function `prelude`. */
  readonly prelude: string;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  /** The maximum length of the value and of the log, in characters. */
  readonly outputLimit: number;
  /** The error texts for exceeding the time limit and the memory limit. */
  readonly sentences: { readonly late: string; readonly hungry: string };
}

/** The value or the error of the code as text, and its console output, one line per call. */
export type SandboxOutcome =
  { readonly value: string; readonly logs: string } | { readonly error: string; readonly logs: string };

/** The answer of a thread. */
export interface SandboxAnswer {
  readonly outcome: SandboxOutcome;
  /** The CPU time of the thread. */
  readonly cpuMs: number;
}

/** Allows realistic recursion. Deeper recursion is an error in QuickJS and does not crash it. */
const STACK_BYTES = 512 * 1024;
/** Reserved memory for formatting an error after memory is exhausted. */
const RESERVE_BYTES = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
/** The initial memory that QuickJS requires. */
const INITIAL_BYTES = 16 * 1024 * 1024;
/** Memory grows in steps, so it counts as exhausted this close to its limit. */
const LIMIT_MARGIN_BYTES = 4 * 1024 * 1024;
/** JS_EVAL_FLAG_ASYNC: allows top-level await; the result is a promise of `{ value }`. */
const TOP_LEVEL_AWAIT = 1 << 7;
const MAX_ERROR_LENGTH = 4000;
const JOBS_AT_ONCE = 1000;
const FILE = 'code.js';
/** From 0, the usual priority, to 19, the lowest. */
const NICENESS = 10;
const OUT_OF_MEMORY = 'InternalError: out of memory';

interface LinearMemory {
  readonly buffer: ArrayBuffer;
}

/** TypeScript declares these types only for browsers. */
declare const WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => LinearMemory };

/** A failure of the code; its message is the error text of the outcome. */
class Failure extends Error {}

/** Runs the code in a QuickJS context. The context is never disposed, because its thread ends. */
class Execution {
  #logs = '';
  #isLogFull = false;
  readonly #context: QuickJSContext;
  readonly #helpers: QuickJSHandle;
  readonly #deadline: number;
  readonly #job: SandboxJob;
  readonly #memory: LinearMemory;
  readonly #reserve: QuickJSHandle;

  constructor(runtime: QuickJSRuntime, memory: LinearMemory, job: SandboxJob) {
    this.#memory = memory;
    this.#job = job;
    runtime.setMaxStackSize(STACK_BYTES);
    this.#context = runtime.newContext();
    this.#helpers = this.#prepare();
    this.#reserve = this.#context.newArrayBuffer(new ArrayBuffer(RESERVE_BYTES));
    // The time is that of the code: on a busy machine the preparation may take long.
    this.#deadline = performance.now() + job.timeoutMs;
    runtime.setInterruptHandler(() => this.#isLate());
  }

  outcome(): SandboxOutcome {
    try {
      return { value: cut(this.#value(), this.#job.outputLimit), logs: this.#logs };
    } catch (error) {
      return { error: cut(this.#describeError(error), MAX_ERROR_LENGTH), logs: this.#logs };
    }
  }

  #describeError(error: unknown): string {
    if (this.#isLate()) return this.#job.sentences.late;
    if (error instanceof Failure) return error.message;
    // QuickJS itself crashed: out of memory, or nesting too deep for WebAssembly.
    return this.#isFull() ? this.#job.sentences.hungry : String(error);
  }

  #value(): string {
    const promise = this.#context.evalCode(this.#job.code, FILE, TOP_LEVEL_AWAIT);
    if (promise.error) throw this.#failure(promise.error);
    this.#runJobs();
    const last = this.#context.getProp(this.#settled(promise.value), 'value');
    return this.#call('show', this.#settled(last));
  }

  /** Runs pending promise jobs in slices, because the interrupt handler does not stop a chain of short jobs. */
  #runJobs(): void {
    while (this.#context.runtime.hasPendingJob()) {
      const jobs = this.#context.runtime.executePendingJobs(JOBS_AT_ONCE);
      if (jobs.error) throw this.#failure(jobs.error);
      if (this.#isLate()) throw new Failure();
    }
  }

  #settled(handle: QuickJSHandle): QuickJSHandle {
    const state = this.#context.getPromiseState(handle);
    if (state.type === 'fulfilled') return state.value;
    if (state.type === 'rejected') throw this.#failure(state.error);
    throw new Failure('The code awaits a promise that nothing will ever settle. The sandbox has no timers and no I/O.');
  }

  #failure(thrown: QuickJSHandle): Failure {
    if (this.#reserve.alive) this.#reserve.dispose();
    // QuickJS throws null if it has no memory for an error.
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
    // toString or a getter threw. That error is the better answer, unless it cannot be formatted either.
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
    const remaining = this.#job.outputLimit - this.#logs.length;
    const text = `${line}\n`;
    this.#isLogFull = text.length > remaining;
    this.#logs += cut(text, remaining);
  }

  #isFull(): boolean {
    return this.#memory.buffer.byteLength > this.#job.memoryBytes - LIMIT_MARGIN_BYTES;
  }

  #isLate(): boolean {
    return performance.now() > this.#deadline;
  }
}

function isJob(value: unknown): value is SandboxJob {
  if (typeof value !== 'object' || value === null) return false;
  return 'code' in value && 'prelude' in value && 'outputLimit' in value && 'sentences' in value;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}… truncated` : text;
}

// The service answers first if cores are scarce. Only Linux has a priority of a single thread.
if (process.platform === 'linux') setPriority(NICENESS);
const job: unknown = workerData;
if (!isJob(job)) throw new TypeError('The sandbox thread received no job.');
// The memory limit of QuickJS does not count allocations made here; the limit of WebAssembly does.
const memory = new WebAssembly.Memory({
  initial: INITIAL_BYTES / PAGE_BYTES,
  maximum: job.memoryBytes / PAGE_BYTES,
});
const quickJs = await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmMemory: memory }));
const outcome = new Execution(quickJs.newRuntime(), memory, job).outcome();
const { user, system } = process.threadCpuUsage();
const answer: SandboxAnswer = { outcome, cpuMs: (user + system) / 1000 };
parentPort?.postMessage(answer);
