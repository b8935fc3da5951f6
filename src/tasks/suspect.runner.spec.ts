import { runningTask } from '../../test/support/storage/replica.claims.js';
import { Gate, until } from '../../test/support/until.js';
import { SuspectRunner } from './suspect.runner.js';

const SECOND_MS = 1000;

/** A worker with waiting suspects, on a manual clock. */
class Worker {
  readonly suspects: string[] = [];
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  readonly cleared = new Set<string>();
  isBusy = false;
  isHeld = false;
  nowMs = 0;
  readonly #gates = new Map<string, Gate>();
  readonly runner = new SuspectRunner(
    {
      slots: { hold: () => void (this.isHeld = true), release: () => void (this.isHeld = false) },
      find: async () => this.suspects[0],
      claim: async (runId) => {
        this.suspects.splice(this.suspects.indexOf(runId), 1);
        return runningTask(runId);
      },
      run: ({ run_id }) => this.#run(run_id),
      isBusy: () => this.isBusy,
      isCleared: (runId) => this.cleared.has(runId),
    },
    () => this.nowMs,
  );

  constructor(...suspects: string[]) {
    this.suspects.push(...suspects);
  }

  end(runId: string): void {
    this.#gates.get(runId)?.open();
  }

  async #run(runId: string): Promise<void> {
    const gate = new Gate();
    this.#gates.set(runId, gate);
    this.begun.push(runId);
    await gate.opened;
    this.ended.push(runId);
  }
}

describe('SuspectRunner', () => {
  it('runs suspects one after the other, and holds the slots meanwhile', async () => {
    const worker = new Worker('a', 'b');
    await worker.runner.startNext();
    await worker.runner.startNext();
    expect(worker.begun).toEqual(['a']);
    expect(worker.isHeld).toBe(true);
    worker.end('a');
    await until('the next begins', () => worker.begun.length === 2);
    expect(worker).toMatchObject({ ended: ['a'], isHeld: true });
    worker.end('b');
    await until('the slots are released', () => !worker.isHeld);
  });

  it('delays a suspect beside other runs, unclaimed, but not for long', async () => {
    const worker = new Worker('a');
    worker.isBusy = true;
    await worker.runner.startNext();
    worker.nowMs = 9 * SECOND_MS;
    await worker.runner.startNext();
    expect(worker).toMatchObject({ suspects: ['a'], begun: [], isHeld: true });
    expect(worker.runner.isWaiting).toBe(true);
    worker.nowMs = 10 * SECOND_MS;
    await worker.runner.startNext();
    expect(worker.begun).toEqual(['a']);
    worker.end('a');
  });

  it('begins as soon as the other runs have ended', async () => {
    const worker = new Worker('a');
    worker.isBusy = true;
    await worker.runner.startNext();
    worker.isBusy = false;
    await worker.runner.startNext();
    expect(worker.begun).toEqual(['a']);
    worker.end('a');
  });

  it('releases the slots if another process takes the suspect', async () => {
    const worker = new Worker('a');
    worker.isBusy = true;
    await worker.runner.startNext();
    worker.suspects.pop();
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: [], isHeld: false });
  });

  it('starts the next suspect once the first has finished a step', async () => {
    const worker = new Worker('a', 'b');
    await worker.runner.startNext();
    worker.cleared.add('a');
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: ['a', 'b'], ended: [] });
    worker.end('a');
    worker.end('b');
    await worker.runner.close();
    expect(worker.ended).toEqual(['a', 'b']);
  });

  it('lets other tasks in between two suspects if they have waited for long', async () => {
    const worker = new Worker('a', 'b');
    await worker.runner.startNext();
    worker.nowMs = 11 * SECOND_MS;
    worker.end('a');
    await until('the slots are released', () => !worker.isHeld);
    expect(worker.begun).toEqual(['a']);
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: ['a', 'b'], isHeld: true });
    worker.end('b');
  });

  it('keeps other tasks and other suspects out for a minute at most', async () => {
    const worker = new Worker('a', 'b');
    await worker.runner.startNext();
    worker.nowMs = 59 * SECOND_MS;
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: ['a'], isHeld: true });
    worker.nowMs = 60 * SECOND_MS;
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: ['a'], isHeld: false });
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: ['a', 'b'], isHeld: true, ended: [] });
    worker.end('a');
    await until('the first ends', () => worker.ended.length === 1);
    expect(worker.isHeld).toBe(true);
    worker.end('b');
    await until('the slots are released', () => !worker.isHeld);
  });

  it('starts none after the close, and closes once the last has ended', async () => {
    const worker = new Worker('a', 'b');
    await worker.runner.startNext();
    const closed = worker.runner.close();
    worker.end('a');
    await closed;
    await worker.runner.startNext();
    expect(worker).toMatchObject({ begun: ['a'], ended: ['a'] });
  });
});
