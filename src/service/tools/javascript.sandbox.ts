import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { prelude } from './javascript.prelude.js';
import type { SandboxJob, SandboxOutcome } from './javascript.worker.js';
import { WorkerSlots } from './worker.slots.js';

const TIMEOUT_MS = 5000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const HUNGER = `The code needed more than ${MEMORY_BYTES / 1024 / 1024} MB of memory and was stopped.`;
const OUTPUT_LIMIT = 64 * 1024;
const LONGEST_CODE = 100_000;
const MOST_WORKERS = 4;
/** For QuickJS, whose own bound is reached first. */
const STACK_MB = 8;
/** For a thread to start and to give its answer, beside what the code takes. */
const GRACE_MS = 2000;

/** `.js` in dist, `.ts` where the tests run the sources: Node strips the types by itself. */
const WORKER_URL = new URL(`./javascript.worker${extname(import.meta.url)}`, import.meta.url);

export interface SandboxOptions {
  /** Aborts the wait for a thread, and the code. */
  readonly signal: AbortSignal;
  /** What the code may take, in milliseconds. Default: 5000. */
  readonly timeoutMs?: number;
}

/**
 * Runs JavaScript that nobody has read: in QuickJS, an interpreter compiled to WebAssembly, without files, network,
 * timers or any object of ours but a `console` that collects.
 *
 * Each run has a thread of its own, which ends with it: QuickJS computes without ever yielding, and what is stopped
 * from outside leaves nothing behind. Four run at once, others wait.
 */
@Injectable()
export class JavaScriptSandbox implements OnApplicationShutdown {
  readonly #slots = new WorkerSlots(MOST_WORKERS);
  readonly #runs = new Set<AbortController>();
  #isShutDown = false;

  /**
   * The value of the last expression as text (a promise is awaited; plain data is JSON), or why there is none, and
   * what was logged. Whatever the code does is an outcome: errors come with their line, 5 s and 64 MB are said to be
   * exceeded, a value or a log beyond 64 Ki characters ends in "… truncated".
   *
   * @throws the signal's reason; Error when the service shuts down.
   */
  async run(code: string, { signal, timeoutMs = TIMEOUT_MS }: SandboxOptions): Promise<SandboxOutcome> {
    signal.throwIfAborted();
    if (this.#isShutDown) throw shutDown();
    if (code.length > LONGEST_CODE) {
      return { error: `The code has ${code.length} characters. Give at most ${LONGEST_CODE}.`, logs: '' };
    }
    const run = new AbortController();
    const onAbort = (): void => run.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#runs.add(run);
    try {
      return await this.#runInTurn(code, timeoutMs, run.signal);
    } finally {
      this.#runs.delete(run);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Ends what runs or waits. */
  onApplicationShutdown(): void {
    this.#isShutDown = true;
    for (const run of this.#runs) run.abort(shutDown());
  }

  async #runInTurn(code: string, timeoutMs: number, signal: AbortSignal): Promise<SandboxOutcome> {
    await this.#slots.take(signal);
    let worker: Worker | undefined;
    try {
      worker = startWorker(code, timeoutMs);
      return await outcomeOf(worker, timeoutMs, signal);
    } finally {
      await worker?.terminate();
      this.#slots.give();
    }
  }
}

function startWorker(code: string, timeoutMs: number): Worker {
  const job: SandboxJob = {
    code,
    prelude: prelude.toString(),
    timeoutMs,
    memoryBytes: MEMORY_BYTES,
    outputLimit: OUTPUT_LIMIT,
    sentences: { late: lateness(timeoutMs), hungry: HUNGER },
  };
  return new Worker(WORKER_URL, {
    name: 'javascript-sandbox',
    workerData: job,
    // No setting, and so no secret, of the service is in there.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: STACK_MB },
  });
}

/** What the thread answers. One that is deaf to its own deadline is given up a little later. */
function outcomeOf(worker: Worker, timeoutMs: number, signal: AbortSignal): Promise<SandboxOutcome> {
  const { promise, resolve, reject } = Promise.withResolvers<SandboxOutcome>();
  const onAbort = (): void => reject(signal.reason);
  const onDeadline = (): void => resolve({ error: lateness(timeoutMs), logs: '' });
  const deadline = setTimeout(onDeadline, timeoutMs + GRACE_MS);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  worker.once('message', (outcome: SandboxOutcome) => resolve(outcome));
  worker.once('error', (error) => (isOutOfMemory(error) ? resolve({ error: HUNGER, logs: '' }) : reject(error)));
  worker.once('exit', (code) => reject(new Error(`The sandbox ended with code ${code} and without an answer.`)));
  return promise.finally(() => {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
  });
}

function lateness(timeoutMs: number): string {
  return `The code took longer than ${timeoutMs / 1000} s and was stopped.`;
}

/** The thread itself ran out of memory, not QuickJS within it. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function shutDown(): Error {
  return new Error('The service is shutting down.');
}
