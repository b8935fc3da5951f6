import { WorkerSlots } from './worker.slots.js';

const { signal } = new AbortController();

describe('WorkerSlots', () => {
  it('admits up to the number of slots, then the others in order', async () => {
    const slots = new WorkerSlots(1);
    const order: string[] = [];
    await slots.acquire(signal);
    const others = ['first', 'second'].map((name) => slots.acquire(signal).then(() => order.push(name)));
    slots.release();
    await others[0];
    expect(order).toEqual(['first']);
    slots.release();
    await Promise.all(others);
    expect(order).toEqual(['first', 'second']);
  });

  it('skips callers that stopped waiting', async () => {
    const slots = new WorkerSlots(1);
    const caller = new AbortController();
    await slots.acquire(signal);
    const impatient = slots.acquire(caller.signal);
    const patient = slots.acquire(signal);
    caller.abort(new Error('gone'));
    await expect(impatient).rejects.toThrow('gone');
    slots.release();
    await patient;
    slots.release();
    await slots.acquire(signal);
    await expect(slots.acquire(caller.signal)).rejects.toThrow('gone');
  });
});
