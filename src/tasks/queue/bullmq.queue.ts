import { Logger } from '@nestjs/common';
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { within } from '../../async/within.js';
import { importOptional } from '../../async/optional.package.js';
import type { RedisConnections } from '../../storage/redis/redis.connections.js';
import { ActiveJobs } from './active.jobs.js';
import { type JobHandler, TaskQueue } from './task.queue.js';

const NAME = 'tasks';
/** BullMQ moves the job of a dead worker to another one when a check finds its lock expired. */
const LOCK_MS = 5000;
const STALLED_CHECK_MS = 2000;
/** Limit for each wait for Redis while closing; Redis may be unreachable. */
const CLOSE_TIMEOUT_MS = 1000;
/** Disables the limit of BullMQ for stalled jobs: the rows count the attempts. */
const UNLIMITED_STALLS = 1e9;

/**
 * Shares queued runs among replicas through BullMQ. The run id is the job id, so a run has at most one job. BullMQ
 * ignores a run that is enqueued while its job is active. That is harmless: the job waits for a pass over the queued rows,
 * which finds the run too. The worker also looks every two seconds. A process that only enqueues has no worker, and no
 * connections of its own.
 */
export class BullmqQueue extends TaskQueue {
  readonly #logger = new Logger(BullmqQueue.name);
  readonly #jobs = new ActiveJobs();
  readonly #queue: Queue;
  readonly #prefix: string;
  #worker: Worker | undefined;
  #client: Redis | undefined;
  #closing: Promise<void> | undefined;
  #isHeld = false;
  #isFailing = false;

  private constructor(
    private readonly bullmq: typeof import('bullmq'),
    private readonly redis: RedisConnections,
  ) {
    super();
    // BullMQ appends the colon itself.
    this.#prefix = redis.prefix.slice(0, -1);
    this.#queue = new bullmq.Queue(NAME, {
      connection: redis.commands,
      prefix: this.#prefix,
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      // BullMQ's own events are not used.
      streams: { events: { maxLen: 1 } },
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    this.#queue.on('error', (cause) => this.#fail(cause));
    redis.commands.on('ready', () => (this.#isFailing = false));
  }

  /** @throws Error if BullMQ is not installed. */
  static async open(redis: RedisConnections): Promise<BullmqQueue> {
    const bullmq = await importOptional('bullmq', 'A Redis URL', () => import('bullmq'));
    return new BullmqQueue(bullmq, redis);
  }

  get isConnected(): boolean {
    return this.redis.isConnected && (this.#client?.status ?? 'ready') === 'ready';
  }

  async enqueue(runId: string): Promise<void> {
    await this.#queue.add('run', {}, { jobId: runId });
  }

  process(handler: JobHandler, concurrency: number): void {
    // Unlike other clients, a worker queues its commands while Redis is away: it has jobs to finish there. It connects
    // at once, because BullMQ gives up for good if its own first attempt fails.
    this.#client = this.redis.open({ enableOfflineQueue: true, maxRetriesPerRequest: null, lazyConnect: false });
    const process = (job: Job, token?: string) => this.#process(handler, job, token);
    this.#worker = new this.bullmq.Worker(NAME, process, {
      connection: this.#client,
      prefix: this.#prefix,
      // release() starts a held worker.
      autorun: !this.#isHeld,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: UNLIMITED_STALLS,
      runRetryDelay: 1000,
      skipVersionCheck: true,
    });
    this.#worker.on('error', (cause) => this.#fail(cause));
  }

  hold(): void {
    this.#isHeld = true;
    this.#worker?.pause(true).catch((cause: Error) => this.#fail(cause));
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#closing === undefined) void this.#worker?.resume();
  }

  async pause(): Promise<void> {
    // Active jobs keep their locks until they end.
    this.#closing ??= this.#worker?.close();
  }

  async close(): Promise<void> {
    await this.pause();
    await this.#jobs.ended();
    // The worker completes its finished jobs in Redis, if Redis is reachable.
    await within(CLOSE_TIMEOUT_MS, Promise.resolve(this.#closing));
    if (this.#client) this.redis.release(this.#client);
    await within(CLOSE_TIMEOUT_MS, Promise.resolve(this.#closing));
    await this.#queue.close();
  }

  async #process(handler: JobHandler, job: Job, token: string | undefined): Promise<void> {
    const { id } = job;
    if (id === undefined) return;
    if (this.#closing !== undefined || this.#isHeld) {
      // The job arrived while the worker was held or closing: another worker takes it.
      await job.moveToWait(token);
      throw new this.bullmq.WaitingError();
    }
    await this.#jobs.run(handler, id);
  }

  /** Logs one line per outage. RedisConnections already logs that Redis is unreachable. */
  #fail(cause: Error): void {
    if (this.#isFailing || !this.redis.isConnected || this.#closing || isJobLost(cause)) return;
    this.#isFailing = true;
    this.#logger.warn({ cause, msg: 'the task queue got an error from Redis and continues' });
  }
}

/**
 * Whether this worker no longer owns the job: Redis was away for longer than the lock, or has lost the job. The run
 * continues. The queue may deliver it twice; the rows decide which process runs it.
 */
function isJobLost(cause: Error): boolean {
  const isRefused = 'code' in cause && typeof cause.code === 'number';
  return isRefused || cause.message.startsWith('could not renew lock');
}
