import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { optional } from '../storage/optional.package.js';
import type { RedisConnections } from '../storage/redis.connections.js';
import { Takes } from './takes.js';
import { type Take, TaskQueue } from './task.queue.js';

const NAME = 'tasks';
/** A job whose worker died is brought elsewhere when its lock has lapsed, and that has been looked for. */
const LOCK_MS = 5000;
const STALLED_CHECK_MS = 2000;
/** The longest that closing waits for a Redis that may be away. */
const GOODBYE_MS = 1000;
/** The rows count attempts, not the queue. */
const NEVER_TOO_OFTEN = 1e9;

/**
 * Among replicas, by BullMQ. A job's id is its run's, so a run has one job at most; one that is offered while its
 * job is active is forgotten. A process that only offers has no worker, and no connections of its own.
 */
export class BullmqQueue extends TaskQueue {
  readonly #logger = new Logger(BullmqQueue.name);
  readonly #takes = new Takes();
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
    // BullMQ puts the colon in.
    this.#prefix = redis.prefix.slice(0, -1);
    this.#queue = new bullmq.Queue(NAME, {
      connection: redis.commands,
      prefix: this.#prefix,
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      // Nobody reads BullMQ's own events.
      streams: { events: { maxLen: 1 } },
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    this.#queue.on('error', (cause) => this.#fail(cause));
    redis.commands.on('ready', () => (this.#isFailing = false));
  }

  /** @throws Error when BullMQ is not installed. */
  static async open(redis: RedisConnections): Promise<BullmqQueue> {
    const bullmq = await optional('bullmq', 'A Redis URL', () => import('bullmq'));
    return new BullmqQueue(bullmq, redis);
  }

  get isConnected(): boolean {
    return this.redis.isConnected && (this.#client?.status ?? 'ready') === 'ready';
  }

  async offer(runId: string): Promise<void> {
    await this.#queue.add('run', {}, { jobId: runId });
  }

  work(take: Take, concurrency: number): void {
    // Unlike the others, a worker waits for Redis: it has work to finish there. And it connects by itself, since
    // BullMQ gives up for good when its own first attempt fails.
    this.#client = this.redis.open({ enableOfflineQueue: true, maxRetriesPerRequest: null, lazyConnect: false });
    const process = (job: Job, token?: string) => this.#process(take, job, token);
    this.#worker = new this.bullmq.Worker(NAME, process, {
      connection: this.#client,
      prefix: this.#prefix,
      // Released, it begins.
      autorun: !this.#isHeld,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: NEVER_TOO_OFTEN,
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

  pause(): Promise<void> {
    // What it has taken keeps its locks until it ends.
    this.#closing ??= this.#worker?.close();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.pause();
    await this.#takes.ended();
    // Lets go of the jobs that have ended, if Redis is there to hear it.
    await this.#closingWithin(GOODBYE_MS);
    if (this.#client) this.redis.release(this.#client);
    await this.#closingWithin(GOODBYE_MS);
    await this.#queue.close();
  }

  async #closingWithin(limitMs: number): Promise<void> {
    const limit = new AbortController();
    await Promise.race([this.#closing, sleep(limitMs, undefined, { signal: limit.signal })]);
    limit.abort();
  }

  async #process(take: Take, job: Job, token: string | undefined): Promise<void> {
    const { id } = job;
    if (id === undefined) return;
    if (this.#closing !== undefined || this.#isHeld) {
      // It came while the worker was told to take nothing: another one takes it.
      await job.moveToWait(token);
      throw new this.bullmq.WaitingError();
    }
    await this.#takes.run(take, id);
  }

  /** One line for each outage; that Redis is away is said by its connections. */
  #fail(cause: Error): void {
    if (this.#isFailing || !this.redis.isConnected || this.#closing || isLost(cause)) return;
    this.#isFailing = true;
    this.#logger.warn({ cause, msg: 'the task queue failed at Redis, and goes on' });
  }
}

/**
 * Whether a job is no longer this worker's: Redis was away for longer than a lock lasts, or has forgotten the job.
 * Its run goes on, may be brought a second time, and the rows decide.
 */
function isLost(cause: Error): boolean {
  const isRefused = 'code' in cause && typeof cause.code === 'number';
  return isRefused || cause.message.startsWith('could not renew lock');
}
