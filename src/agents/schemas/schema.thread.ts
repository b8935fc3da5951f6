import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AgentError } from '../../errors/agent.error.js';
import type { SchemaJob, SchemaReply } from './schema.worker.js';

/** Limits of one job. */
export interface JobLimits {
  /** Milliseconds of CPU time, which does not depend on the load of the machine. */
  readonly cpuMs: number;
  /** Milliseconds of wall time, for a thread that does not answer. */
  readonly wallMs: number;
}

/** Minimum interval between two readings of a job's CPU time. */
const MIN_POLL_MS = 5;
const MICROS = 1000;

/** `.js` in dist, `.ts` if tests run the sources: Node strips the types itself. */
const WORKER_FILE = new URL(`./schema.worker${extname(import.meta.url)}`, import.meta.url);

/** A job exceeded its CPU time or heap. Its thread has ended. */
export class JobTooCostly extends Error {}

/** The thread failed or did not answer. No fault of the job is known. */
export class SchemaThreadFailed extends AgentError {
  override readonly name = 'SchemaThreadFailed';

  constructor(cause: unknown) {
    super('internal_error', {}, { cause });
  }
}

/**
 * A thread that compiles callers' schemas and checks answers. It starts with the first job and stays warm. A job above
 * its limits ends with the thread, which is replaced. An idle thread does not keep the process alive.
 */
export class SchemaThread {
  #worker: Promise<Worker> | undefined;
  #isClosed = false;

  /**
   * @param heapMb size of its heap in MiB.
   * @param file its script.
   */
  constructor(
    private readonly heapMb: number,
    private readonly file: URL = WORKER_FILE,
  ) {}

  /**
   * Runs one job. The next one must wait for it.
   *
   * @throws JobTooCostly; SchemaThreadFailed; AgentError `draining` if the thread is closed.
   */
  async run(job: SchemaJob, limits: JobLimits): Promise<SchemaReply> {
    if (this.#isClosed) throw new AgentError('draining');
    try {
      const worker = await (this.#worker ??= this.#start());
      return await replyTo(worker, job, limits).catch((failure: unknown) => this.#replace(worker, failure));
    } catch (failure) {
      throw failure instanceof JobTooCostly ? failure : new SchemaThreadFailed(failure);
    }
  }

  /** Ends the thread and its current job. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #replace(worker: Worker, failure: unknown): Promise<never> {
    await worker.terminate();
    if (!this.#isClosed) this.#worker ??= this.#start();
    throw failure;
  }

  #start(): Promise<Worker> {
    const starting = started(this.file, this.heapMb);
    const onEnd = (): void => {
      if (this.#worker === starting) this.#worker = undefined;
    };
    // A waiting job fails with the cause of a failed start. The next job starts another thread.
    starting.then((worker) => worker.once('exit', onEnd), onEnd);
    return starting;
  }
}

/** Starts a thread that is ready for jobs. @throws Error that names its file, if it ends before. */
async function started(file: URL, heapMb: number): Promise<Worker> {
  const worker = new Worker(file, {
    name: 'caller-schemas',
    // Hides the settings of the service, and so its secrets.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
  });
  const ended = new AbortController();
  worker.once('exit', () => ended.abort(new Error('The thread for schemas ended.')));
  try {
    await once(worker, 'message', { signal: ended.signal });
  } catch (cause) {
    const path = fileURLToPath(file);
    throw new Error(`The thread for schemas did not start from ${path}. Leave rookery out of bundles.`, { cause });
  }
  // Without a listener, an error would end the process.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

/** @throws JobTooCostly, or the failure that ended the thread. */
async function replyTo(worker: Worker, job: SchemaJob, limits: JobLimits): Promise<SchemaReply> {
  const { promise, resolve, reject } = Promise.withResolvers<SchemaReply>();
  const onMessage = (reply: SchemaReply): void => resolve(reply);
  const onError = (failure: unknown): void => reject(isOutOfMemory(failure) ? new JobTooCostly() : failure);
  const onExit = (): void => reject(new Error('The thread for schemas ended.'));
  worker.ref();
  worker.once('message', onMessage).once('error', onError).once('exit', onExit);
  const stopWatching = limitTime(worker, limits, reject);
  try {
    worker.postMessage(job);
    return await promise;
  } finally {
    stopWatching();
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    worker.unref();
  }
}

/** Calls `onOver` with the failure if the starting job exceeds a limit. Returns a function that stops watching. */
function limitTime(worker: Worker, { cpuMs, wallMs }: JobLimits, onOver: (failure: Error) => void): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  // The exit event reports a thread that has ended.
  const before = worker.cpuUsage().catch(() => undefined);
  const poll = async (): Promise<void> => {
    const usage = await before.then((start) => start && worker.cpuUsage(start)).catch(() => undefined);
    if (isStopped || usage === undefined) return;
    const leftMs = cpuMs - (usage.user + usage.system) / MICROS;
    if (leftMs <= 0) onOver(new JobTooCostly());
    else timer = setTimeout(() => void poll(), Math.max(MIN_POLL_MS, leftMs));
  };
  timer = setTimeout(() => void poll(), cpuMs);
  const onLate = (): void => onOver(new Error(`The thread for schemas did not answer within ${wallMs} ms.`));
  // Runs after replies that arrived while the main thread was busy.
  const deadline = setTimeout(() => setImmediate(onLate), wallMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    clearTimeout(deadline);
  };
}

function isOutOfMemory(failure: unknown): boolean {
  const isObject = typeof failure === 'object' && failure !== null;
  return isObject && 'code' in failure && failure.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
