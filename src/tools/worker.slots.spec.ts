import { WorkerSlots } from './worker.slots.js';

const { signal } = new AbortController();

describe('WorkerSlots', () => {
  it('admits up to the number of slots, then the others in order', async () => {
    const slots = new WorkerSlots(1);
    const order: string[] = [];
    await slots.take(signal);
    const others = ['first', 'second'].map((name) => slots.take(signal).then(() => order.push(name)));
    slots.give();
    await others[0];
    expect(order).toEqual(['first']);
    slots.give();
    await Promise.all(others);
    expect(order).toEqual(['first', 'second']);
  });

  it('skips callers that stopped waiting', async () => {
    const slots = new WorkerSlots(1);
    const caller = new AbortController();
    await slots.take(signal);
    const impatient = slots.take(caller.signal);
    const patient = slots.take(signal);
    caller.abort(new Error('gone'));
    await expect(impatient).rejects.toThrow('gone');
    slots.give();
    await patient;
    slots.give();
    await slots.take(signal);
    await expect(slots.take(caller.signal)).rejects.toThrow('gone');
  });
});
