import { Logger } from '@nestjs/common';
import { keepQuiet } from '../../../test/support/quiet.js';
import { describeOwnRedis, describeRedis, OwnRedis, Replicas } from '../../../test/support/storage/redis.js';
import { msOfAsync } from '../../../test/support/time.js';
import { Gate, until } from '../../../test/support/until.js';
import { BullmqQueue } from './bullmq.queue.js';
import { LocalQueue } from './local.queue.js';
import type { TaskQueue } from './task.queue.js';

const { jest } = import.meta;

const queues: TaskQueue[] = [];
const workers = new Set<Worker>();
let replicas: Replicas;

const captured = keepQuiet();

/** Closes the queues of a test and removes their data. */
async function closeAll(): Promise<void> {
  for (const worker of workers) worker.release();
  workers.clear();
  await Promise.all(queues.splice(0).map((queue) => queue.close()));
  await replicas.remove();
}

async function opened(): Promise<BullmqQueue> {
  const queue = await BullmqQueue.open(await replicas.add());
  queues.push(queue);
  return queue;
}

/** Jobs that run until they are released. */
class Worker {
  readonly processed: string[] = [];
  most = 0;
  #running = 0;
  readonly #gate = new Gate();

  constructor() {
    workers.add(this);
  }

  readonly job = async (runId: string): Promise<void> => {
    this.processed.push(runId);
    this.most = Math.max(this.most, ++this.#running);
    await this.#gate.opened;
    this.#running--;
  };

  release(): void {
    this.#gate.open();
  }
}

function processesRuns(open: () => Promise<TaskQueue>): void {
  it('processes runs in order, up to the concurrency limit', async () => {
    const queue = await open();
    const worker = new Worker();
    const runs = Array.from({ length: 10 }, (_, index) => `run-${index}`);
    for (const run of runs) await queue.enqueue(run);
    queue.process(worker.job, 3);
    await until('three are processed', () => worker.processed.length === 3);
    worker.release();
    await until('all are processed', () => worker.processed.length === 10);
    expect(worker.processed).toEqual(runs);
    expect(worker.most).toBe(3);
  });

  it('processes a run once if it is enqueued twice', async () => {
    const queue = await open();
    const processed: string[] = [];
    for (const run of ['a', 'b', 'a', 'b', 'last']) await queue.enqueue(run);
    queue.process((runId) => Promise.resolve(void processed.push(runId)), 1);
    await until('the last was processed', () => processed.includes('last'));
    expect(processed).toEqual(['a', 'b', 'last']);
  });

  it('processes a run again if it is enqueued after its job, but never twice at once', async () => {
    const queue = await open();
    const worker = new Worker();
    queue.process(worker.job, 5);
    await queue.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    await queue.enqueue('a');
    await queue.enqueue('b');
    await until('the other is processed', () => worker.processed.includes('b'));
    expect(worker.processed).toEqual(['a', 'b']);
    worker.release();
    await until('it is processed again', async () => {
      await queue.enqueue('a');
      return worker.processed.filter((run) => run === 'a').length >= 2;
    });
  });

  it('processes nothing while it is held, and continues once released', async () => {
    const queue = await open();
    const worker = new Worker();
    await queue.enqueue('a');
    queue.hold();
    queue.process(worker.job, 5);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(worker.processed).toEqual([]);
    queue.release();
    await until('it is processed', () => worker.processed.length === 1);
    queue.hold();
    await queue.enqueue('b');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(worker.processed).toEqual(['a']);
    queue.release();
    await until('the next is processed', () => worker.processed.length === 2);
    expect(worker.processed).toEqual(['a', 'b']);
  });

  it('continues after a failed job', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const queue = await open();
    const processed: string[] = [];
    queue.process((runId) => {
      processed.push(runId);
      if (runId === 'bad') throw new Error('on purpose');
      return Promise.resolve();
    }, 1);
    await queue.enqueue('bad');
    await queue.enqueue('good');
    await until('the next was processed', () => processed.includes('good'));
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('starts no job while paused, and closes once the last job has ended', async () => {
    const queue = await open();
    const worker = new Worker();
    queue.process(worker.job, 2);
    await queue.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    await queue.pause();
    await queue.enqueue('b');
    let isClosed = false;
    const closed = queue.close().then(() => (isClosed = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isClosed).toBe(false);
    worker.release();
    await closed;
    expect(worker.processed).toEqual(['a']);
  });

  it('closes even if it has never processed a run', async () => {
    const queue = await open();
    await queue.enqueue('a');
    expect(queue.isConnected).toBe(true);
    await queue.close();
  });
}

describe('LocalQueue', () => {
  processesRuns(() => Promise.resolve(new LocalQueue()));

  it('processes a run again if it is enqueued during its job', async () => {
    const queue = new LocalQueue();
    const worker = new Worker();
    queue.process(worker.job, 5);
    await queue.enqueue('a');
    await queue.enqueue('a');
    await queue.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    worker.release();
    await queue.enqueue('b');
    await until('both are processed', () => worker.processed.length === 3);
    await queue.close();
    expect(worker.processed).toEqual(['a', 'b', 'a']);
  });

  it('stays fast with any number of waiting runs', async () => {
    const queue = new LocalQueue();
    const processed: string[] = [];
    for (let index = 0; index < 300_000; index++) void queue.enqueue(`run-${index}`);
    const tookMs = await msOfAsync(async () => {
      queue.process((runId) => Promise.resolve(void processed.push(runId)), 10);
      await until('all are processed', () => processed.length === 300_000, 50_000);
    });
    // About 1.5 seconds; eight times that if each step walked over removed entries.
    expect(tookMs).toBeLessThan(6000);
    expect(processed.every((run, index) => run === `run-${index}`)).toBe(true);
  });
});

describeRedis('BullmqQueue', () => {
  beforeEach(() => (replicas = new Replicas()));
  afterEach(closeAll);

  processesRuns(opened);

  it('shares the runs among the replicas, each processed once', async () => {
    const [enqueuing, here, there] = [await opened(), await opened(), await opened()];
    const processed = { here: new Array<string>(), there: new Array<string>() };
    const recordIn = (list: string[]) => async (runId: string) => {
      list.push(runId);
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    here.process(recordIn(processed.here), 2);
    there.process(recordIn(processed.there), 2);
    const runs = Array.from({ length: 100 }, (_, index) => `run-${index}`);
    await Promise.all(runs.map((run) => enqueuing.enqueue(run)));
    await until('all are processed', () => processed.here.length + processed.there.length >= runs.length);
    expect([...processed.here, ...processed.there].toSorted()).toEqual(runs.toSorted());
    expect(processed.here.length).toBeGreaterThan(0);
    expect(processed.there.length).toBeGreaterThan(0);
  });

  it('leaves new runs to other replicas while one is held', async () => {
    const [held, other] = [await opened(), await opened()];
    const [idle, busy] = [new Worker(), new Worker()];
    held.process(idle.job, 5);
    other.process(busy.job, 5);
    held.hold();
    const runs = Array.from({ length: 5 }, (_, index) => `run-${index}`);
    for (const run of runs) await other.enqueue(run);
    await until('all are processed', () => busy.processed.length === runs.length);
    expect(idle.processed).toEqual([]);
  });

  it('moves the run of a dead worker to another replica', async () => {
    const connections = await replicas.add();
    const dyingWorker = await BullmqQueue.open(connections);
    const [lost, processed] = [new Worker(), new Array<string>()];
    dyingWorker.process(lost.job, 1);
    await dyingWorker.enqueue('a');
    await until('it is processed', () => lost.processed.length === 1);
    connections.onApplicationShutdown();
    const living = await opened();
    living.process((runId) => Promise.resolve(void processed.push(runId)), 1);
    await until('another replica processes it', () => processed.length === 1, 12_000);
    lost.release();
    await dyingWorker.close();
  });

  it('stores nothing of processed runs', async () => {
    const connections = await replicas.add();
    const queue = await BullmqQueue.open(connections);
    const processed: string[] = [];
    queue.process((runId) => Promise.resolve(void processed.push(runId)), 5);
    for (let index = 0; index < 20; index++) await queue.enqueue(`run-${index}`);
    await until('all are processed', () => processed.length === 20);
    await queue.close();
    const keys = await connections.commands.keys(`${connections.prefix}tasks:*`);
    expect(keys.filter((key) => key.includes('run-'))).toEqual([]);
  });
});

describeOwnRedis('BullmqQueue, during outages of Redis', () => {
  let redis: OwnRedis;
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  beforeEach(async () => {
    process.on('unhandledRejection', onUnhandled);
    redis = await OwnRedis.start();
    replicas = new Replicas(redis.url);
  });
  afterEach(async () => {
    await closeAll();
    await redis.kill();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled.splice(0)).toEqual([]);
  });

  it('finishes active jobs and processes the next, once Redis is back', async () => {
    const [enqueuing, working] = [await opened(), await opened()];
    const worker = new Worker();
    working.process(worker.job, 3);
    await enqueuing.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    await redis.kill();
    await until('both have logged it', () => captured.warnings.length === 2);
    await expect(enqueuing.enqueue('b')).rejects.toThrow();
    await redis.start();
    await until('both are back', () => enqueuing.isConnected && working.isConnected);
    await enqueuing.enqueue('c');
    await until('the next is processed', () => worker.processed.includes('c'));
    worker.release();
    await enqueuing.enqueue('d');
    await until('the next one is processed', () => worker.processed.includes('d'));
    expect(worker.processed).toEqual(['a', 'c', 'd']);
    // One line per outage, for any number of attempts; a slow machine may log the second one twice.
    expect(captured.warnings.length).toBeLessThanOrEqual(3);
  });

  it('refuses to enqueue and closes within seconds if Redis hangs', async () => {
    const queue = await opened();
    const worker = new Worker();
    queue.process(worker.job, 3);
    await queue.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    redis.hang();
    const begin = performance.now();
    await expect(queue.enqueue('b')).rejects.toThrow();
    const refused = performance.now();
    expect(refused - begin).toBeLessThan(5000);
    worker.release();
    await queue.pause();
    await queue.close();
    expect(performance.now() - refused).toBeLessThan(8000);
    redis.wake();
  });

  it('closes within two seconds if Redis is away', async () => {
    const [queue, idle] = [await opened(), await opened()];
    const worker = new Worker();
    queue.process(worker.job, 3);
    idle.process(worker.job, 3);
    await queue.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    await redis.kill();
    await until('it has received it', () => !queue.isConnected);
    worker.release();
    const begin = performance.now();
    await Promise.all([queue.close(), idle.close()]);
    expect(performance.now() - begin).toBeLessThan(6000);
  });

  it('works once Redis is available, even if it was not at the start', async () => {
    await redis.kill();
    const queue = await opened();
    const worker = new Worker();
    queue.process(worker.job, 1);
    await expect(queue.enqueue('a')).rejects.toThrow();
    await redis.start();
    await until('it is connected', () => queue.isConnected);
    await queue.enqueue('a');
    await until('it is processed', () => worker.processed.length === 1);
    worker.release();
  });
});
