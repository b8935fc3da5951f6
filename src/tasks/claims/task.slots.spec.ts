import { runningTask } from '../../../test/support/storage/replica.claims.js';
import { Gate } from '../../../test/support/until.js';
import { TaskSlots } from './task.slots.js';

const ROW = runningTask('task');

describe('TaskSlots', () => {
  let calls: string[];
  let slots: TaskSlots;

  beforeEach(() => {
    calls = [];
    const queue = { hold: () => void calls.push('hold'), release: () => void calls.push('release') };
    slots = new TaskSlots(queue, 2, () => void calls.push('free'));
  });

  const fill = (gate: Gate): Promise<boolean> =>
    slots.fill(
      async () => ROW,
      () => gate.opened,
    );

  it('holds the queue while all slots are taken', async () => {
    const [first, second] = [new Gate(), new Gate()];
    expect(await fill(first)).toBe(true);
    expect([slots.free, slots.isBusy, calls]).toEqual([1, true, []]);
    await fill(second);
    expect([slots.free, calls]).toEqual([0, ['hold']]);
    first.open();
    second.open();
    await slots.ended();
    expect([slots.free, slots.isBusy, calls]).toEqual([2, false, ['hold', 'release', 'free', 'free']]);
  });

  it('reserves a slot during a claim, and frees it if nothing is claimed', async () => {
    const gate = new Gate();
    const claim = slots.fill(
      async () => void (await gate.opened),
      () => Promise.resolve(),
    );
    expect([slots.free, slots.isBusy]).toEqual([1, true]);
    gate.open();
    expect(await claim).toBe(false);
    const failing = slots.fill(
      () => Promise.reject(new Error('on purpose')),
      () => Promise.resolve(),
    );
    await expect(failing).rejects.toThrow('on purpose');
    expect([slots.free, slots.isBusy, calls]).toEqual([2, false, []]);
  });

  it('has no free slot while a suspect runs alone', () => {
    slots.hold();
    expect([slots.free, calls]).toEqual([0, ['hold']]);
    slots.release();
    expect([slots.free, calls]).toEqual([2, ['hold', 'release', 'free']]);
  });
});
