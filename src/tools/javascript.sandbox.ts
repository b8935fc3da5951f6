import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CpuBudget } from './cpu.budget.js';
import { prelude } from './javascript.prelude.js';
import type { SandboxAnswer, SandboxJob, SandboxOutcome } from './javascript.worker.js';
import { type SlotCaller, WorkerSlots } from './worker.slots.js';

const TIMEOUT_MS = 5000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const OUT_OF_MEMORY = `The code needed more than ${MEMORY_BYTES / 1024 / 1024} MB of memory and was stopped.`;
const OUTPUT_LIMIT = 64 * 1024;
const MAX_CODE_LENGTH = 100_000;
const DEFAULT_WORKERS = 4;
/** Large enough that the stack limit of QuickJS applies first. */
const STACK_MB = 8;
/** Extra time for a thread to start and to answer. */
const GRACE_MS = 2000;

/** `.js` in dist, `.ts` in tests, which run the sources: Node strips the types. */
const WORKER_URL = new URL(`./javascript.worker${extname(import.meta.url)}`, import.meta.url);

/** Without `cpuMs`: the thread was stopped. */
type Answer = Pick<SandboxAnswer, 'outcome'> & Partial<SandboxAnswer>;

export interface SandboxOptions {
  /** For whom the code runs. Callers and tenants share the threads. */
  readonly caller: SlotCaller;
  /** Aborts the wait for a thread and the execution. */
  readonly signal: AbortSignal;
  /** The time limit of the code, in milliseconds. Default: 5000. */
  readonly timeoutMs?: number;
}

/**
 * Runs untrusted JavaScript in QuickJS, an interpreter compiled to WebAssembly. The code has no files, network, timers
 * or host objects, only a `console` that collects its output.
 *
 * Each run has its own thread, because QuickJS never yields. Terminating the thread frees all its resources. A few runs
 * execute at once; others wait. Tenants take turns, and so do the callers of each. So a caller waits for about one run of
 * another, and not for all of them. The CPU time of each caller is limited too.
 */
@Injectable()
export class JavaScriptSandbox implements OnApplicationShutdown {
  readonly #slots: WorkerSlots;
  readonly #shutdown = new AbortController();

  /**
   * @param workers the number of runs that execute at once.
   * @param budget the CPU time of callers. Default: no limit.
   */
  constructor(
    workers = DEFAULT_WORKERS,
    private readonly budget = new CpuBudget(Infinity),
  ) {
    this.#slots = new WorkerSlots(workers);
  }

  /**
   * Returns the value of the last expression as text, or the error, and the console output. Promises are awaited; plain
   * data is JSON. A failure of the code is an outcome, not an exception. Errors include their line. Exceeding 5 s or
   * 64 MB is an error, and so is a caller without CPU time. A value or a log over 64 Ki characters ends in "… truncated".
   *
   * @throws the reason of the signal if it aborts; Error if the service shuts down.
   */
  async run(code: string, { caller, signal, timeoutMs = TIMEOUT_MS }: SandboxOptions): Promise<SandboxOutcome> {
    const ending = AbortSignal.any([signal, this.#shutdown.signal]);
    ending.throwIfAborted();
    if (code.length > MAX_CODE_LENGTH) {
      return { error: `The code has ${code.length} characters. Give at most ${MAX_CODE_LENGTH}.`, logs: '' };
    }
    const release = await this.#slots.acquire(caller, ending);
    let worker: Worker | undefined;
    const startedAt = performance.now();
    let cpuMs: number | undefined;
    try {
      const waitMs = this.budget.waitMs(caller);
      if (waitMs > 0) return { error: exhaustedMessage(this.budget, waitMs), logs: '' };
      worker = startWorker(code, timeoutMs);
      const answer = await answerOf(worker, timeoutMs, ending);
      ({ cpuMs } = answer);
      return answer.outcome;
    } finally {
      // A thread that was stopped, or ran out of memory, has not reported its CPU time. It was at most this.
      if (worker) this.budget.spend(caller, cpuMs ?? performance.now() - startedAt);
      await worker?.terminate();
      release();
    }
  }

  /** Aborts all running and waiting code. */
  onApplicationShutdown(): void {
    this.#shutdown.abort(new Error('The service is shutting down.'));
  }
}

function startWorker(code: string, timeoutMs: number): Worker {
  const job: SandboxJob = {
    code,
    prelude: prelude.toString(),
    timeoutMs,
    memoryBytes: MEMORY_BYTES,
    outputLimit: OUTPUT_LIMIT,
    sentences: { late: timeoutMessage(timeoutMs), hungry: OUT_OF_MEMORY },
  };
  return new Worker(WORKER_URL, {
    name: 'javascript-sandbox',
    workerData: job,
    // Keeps settings, and so secrets, of the service out of the thread.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: STACK_MB },
  });
}

/** Waits for the answer of the thread. A thread that misses its own deadline is abandoned after a grace period. */
function answerOf(worker: Worker, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const stopped = (error: string): void => resolve({ outcome: { error, logs: '' } });
  const onAbort = (): void => reject(signal.reason);
  const onDeadline = (): void => stopped(timeoutMessage(timeoutMs));
  const deadline = setTimeout(onDeadline, timeoutMs + GRACE_MS);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  worker.once('message', (answer: SandboxAnswer) => resolve(answer));
  worker.once('error', (error) => (isOutOfMemory(error) ? stopped(OUT_OF_MEMORY) : reject(error)));
  worker.once('exit', (code) => reject(new Error(`The sandbox thread exited with code ${code} without an answer.`)));
  return promise.finally(() => {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
  });
}

function exhaustedMessage({ seconds }: CpuBudget, waitMs: number): string {
  const wait = `Try again in ${Math.ceil(waitMs / 1000)} s, with code that takes less time.`;
  return `The code of this caller has used its ${seconds} s of CPU time a minute. ${wait}`;
}

function timeoutMessage(timeoutMs: number): string {
  return `The code took longer than ${timeoutMs / 1000} s and was stopped.`;
}

/** Returns true if the thread itself ran out of memory, not QuickJS inside it. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
