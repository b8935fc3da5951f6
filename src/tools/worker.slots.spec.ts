import { WorkerSlots } from './worker.slots.js';

const { signal } = new AbortController();

/** Enters callers such as `t1/a`, in this order, while one slot is taken. Returns the order in which they got it. */
async function turnsOf(slots: WorkerSlots, callers: readonly string[]): Promise<string[]> {
  const order: string[] = [];
  await Promise.all(
    callers.map(async (caller) => {
      const [tenant = '', id = ''] = caller.split('/');
      const release = await slots.acquire({ tenant, id }, signal);
      order.push(caller);
      await Promise.resolve();
      release();
    }),
  );
  return order;
}

const A = { tenant: 't', id: 'a' };
const B = { tenant: 't', id: 'b' };

describe('WorkerSlots', () => {
  it.each([
    ['one caller', ['t/a', 't/a', 't/a'], ['t/a', 't/a', 't/a']],
    ['two callers', ['t/a', 't/a', 't/a', 't/b'], ['t/a', 't/b', 't/a', 't/a']],
    ['two tenants', ['t/a', 't/b', 't/c', 'u/d'], ['t/a', 'u/d', 't/b', 't/c']],
    ['a tenant with many callers', ['t/a', 't/b', 't/c', 'u/d', 'u/d'], ['t/a', 'u/d', 't/b', 'u/d', 't/c']],
  ])('serves the calls of %s in turn', async (_, callers, turns) => {
    expect(await turnsOf(new WorkerSlots(1), callers)).toEqual(turns);
  });

  it('gives a free slot to the caller that holds the fewest', async () => {
    const slots = new WorkerSlots(3);
    const releases = await Promise.all([A, A, B].map((caller) => slots.acquire(caller, signal)));
    const order: string[] = [];
    const waiting = [A, B].map(({ id }) => slots.acquire({ tenant: 't', id }, signal).then(() => order.push(id)));
    releases[0]?.();
    await waiting[1];
    releases[1]?.();
    await Promise.all(waiting);
    expect(order).toEqual(['b', 'a']);
  });

  it('serves a caller that waits before newcomers', async () => {
    const slots = new WorkerSlots(1);
    const order: string[] = [];
    let release = await slots.acquire(A, signal);
    const waiting = slots.acquire(A, signal).then((done) => {
      order.push('a');
      return done;
    });
    for (const id of ['x', 'y']) {
      const newcomer = slots.acquire({ tenant: id, id }, signal).then((done) => {
        order.push(id);
        return done;
      });
      release();
      release = await Promise.race([waiting, newcomer]);
    }
    expect(order).toContain('a');
  });

  it('skips callers that stopped waiting', async () => {
    const slots = new WorkerSlots(1);
    const caller = new AbortController();
    const release = await slots.acquire(A, signal);
    const impatient = slots.acquire(A, caller.signal);
    const patient = slots.acquire(B, signal);
    caller.abort(new Error('gone'));
    await expect(impatient).rejects.toThrow('gone');
    release();
    (await patient)();
    await slots.acquire(A, signal);
    await expect(slots.acquire(A, caller.signal)).rejects.toThrow('gone');
  });
});
