import { keepQuiet } from '../../../test/support/quiet.js';
import { runningTask } from '../../../test/support/storage/replica.claims.js';
import { Gate } from '../../../test/support/until.js';
import { ClaimLoop } from './claim.loop.js';
import { TaskSlots } from './task.slots.js';

/** A worker whose tasks run until the gate opens. */
class Worker {
  readonly queued: string[] = [];
  readonly begun: string[] = [];
  readonly gate = new Gate();
  finds = 0;
  thoroughFinds = 0;
  find = async (): Promise<string | undefined> => this.queued[0];
  readonly slots: TaskSlots;
  readonly loop: ClaimLoop;

  constructor(count: number) {
    const queue = { hold: () => undefined, release: () => undefined };
    this.slots = new TaskSlots(queue, count, () => void this.loop.wake());
    this.loop = new ClaimLoop(this.slots, {
      findNext: (isThorough) => {
        this.finds++;
        if (isThorough) this.thoroughFinds++;
        return this.find();
      },
      claimNext: async () => this.#claim(this.queued[0]),
      claim: async (runId) => this.#claim(runId),
      run: async ({ run_id }) => {
        this.begun.push(run_id);
        await this.gate.opened;
      },
    });
  }

  #claim(runId: string | undefined) {
    if (runId === undefined || this.begun.includes(runId)) return undefined;
    if (this.queued.includes(runId)) this.queued.splice(this.queued.indexOf(runId), 1);
    return runningTask(runId);
  }
}

describe('ClaimLoop', () => {
  const captured = keepQuiet();

  it('claims while slots are free, and again once one is free', async () => {
    const worker = new Worker(3);
    worker.queued.push('a', 'b', 'c', 'd');
    await worker.loop.wake();
    expect(worker.begun).toEqual(['a', 'b', 'c']);
    worker.gate.open();
    await worker.slots.ended();
    await worker.loop.wake();
    expect(worker.begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('claims the task that a wake-up names only after those whose turn it is', async () => {
    const worker = new Worker(2);
    worker.queued.push('turn');
    await worker.loop.wake('named');
    expect(worker.begun).toEqual(['turn', 'named']);
    worker.gate.open();
  });

  it('looks thoroughly in one pass only, at the latest in the next one with a free slot', async () => {
    const worker = new Worker(1);
    worker.queued.push('a');
    await worker.loop.wake();
    await worker.loop.wakeThoroughly();
    expect([worker.finds, worker.thoroughFinds]).toEqual([1, 0]);
    worker.gate.open();
    await worker.slots.ended();
    await worker.loop.wake();
    expect(worker.thoroughFinds).toBe(1);
  });

  it('makes one more pass for all wake-ups during a pass', async () => {
    const worker = new Worker(1);
    const found = new Gate();
    worker.find = () => found.opened.then(() => undefined);
    const passes = Array.from({ length: 10 }, () => worker.loop.wake());
    worker.find = async () => worker.queued[0];
    worker.queued.push('late');
    found.open();
    await Promise.all(passes);
    expect([worker.begun, worker.finds]).toEqual([['late'], 2]);
    worker.gate.open();
  });

  it('continues after a failure, and ends a pass in which other replicas are always faster', async () => {
    const worker = new Worker(1);
    worker.find = () => Promise.reject(new Error('on purpose'));
    await worker.loop.wake();
    expect(captured.warnings.join()).toMatch('tasks could not be claimed');
    worker.find = async () => 'taken';
    worker.begun.push('taken');
    await worker.loop.wake();
    expect(worker.begun).toEqual(['taken']);
    expect(worker.finds).toBeLessThan(10);
  });

  it('claims nothing after its close', async () => {
    const worker = new Worker(1);
    worker.queued.push('a');
    await worker.loop.close();
    await worker.loop.wake();
    expect(worker.begun).toEqual([]);
  });
});
