import { JobQueue } from './job.queue.js';

const LIMITS = { maxWaiting: 3, maxWaitingOfCaller: 2, maxWaitMs: 60_000 };
const NEW = { caller: 'a', limits: LIMITS };
const ADMITTED = { caller: 'a' };

/** Enters jobs, each with the name of its caller and a number. Returns the order of their turns. */
async function turnsOf(queue: JobQueue, names: readonly string[], isNew: boolean): Promise<string[]> {
  const turns: string[] = [];
  const pass = async (name: string): Promise<void> => {
    await queue.acquire({ caller: name.charAt(0), ...(isNew && { limits: { ...LIMITS, maxWaitingOfCaller: 9 } }) });
    turns.push(name);
    await Promise.resolve();
    queue.release();
  };
  await Promise.all(names.map(pass));
  return turns;
}

describe('JobQueue', () => {
  it('admits one job after another, in order', async () => {
    const queue = new JobQueue();
    const passed: string[] = [];
    const pass = async (name: string): Promise<void> => {
      await queue.acquire(ADMITTED);
      passed.push(`${name} in`);
      await Promise.resolve();
      passed.push(`${name} out`);
      queue.release();
    };
    await Promise.all([pass('a'), pass('b'), pass('c')]);
    await pass('d');

    expect(passed).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out', 'd in', 'd out']);
  });

  it.each([
    ['new schemas', true, ['a1', 'a2', 'b1', 'a3'], ['a1', 'b1', 'a2', 'a3']],
    ['admitted runs', false, ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'], ['a1', 'b1', 'a2', 'c1', 'b2', 'a3']],
  ])('serves the callers of %s in turn', async (_, isNew, names, turns) => {
    const queue = new JobQueue();

    expect(await turnsOf(queue, names, isNew)).toEqual(turns);
  });

  it('admits jobs of admitted runs before new schemas', async () => {
    const queue = new JobQueue();
    const turns: string[] = [];
    await queue.acquire(NEW);
    const fresh = queue.acquire({ ...NEW, caller: 'b' }).then(() => turns.push('new'));
    const admitted = queue.acquire(ADMITTED).then(() => turns.push('admitted'));
    queue.release();
    await admitted;
    queue.release();
    await fresh;

    expect(turns).toEqual(['admitted', 'new']);
  });

  it('admits a new schema after eight jobs of admitted runs', async () => {
    const queue = new JobQueue();
    const turns: string[] = [];
    const pass = async (name: string, job: typeof ADMITTED): Promise<void> => {
      await queue.acquire(job);
      turns.push(name);
      await Promise.resolve();
      queue.release();
    };
    await Promise.all([...Array.from({ length: 20 }, () => pass('admitted', ADMITTED)), pass('new', NEW)]);

    expect(turns.indexOf('new')).toBe(8);
  });

  it('refuses only new schemas, if too many wait of the caller or in total', async () => {
    const queue = new JobQueue();
    await queue.acquire(NEW);
    const waiting = [queue.acquire(NEW), queue.acquire(NEW)];

    await expect(queue.acquire(NEW)).rejects.toMatchObject({ code: 'overloaded' });
    waiting.push(queue.acquire({ ...NEW, caller: 'b' }));
    await expect(queue.acquire({ ...NEW, caller: 'c' })).rejects.toMatchObject({ code: 'overloaded' });
    waiting.unshift(queue.acquire(ADMITTED));
    for (const _ of waiting) queue.release();
    await Promise.all(waiting);
  });

  it('refuses a new schema that waits too long', async () => {
    const queue = new JobQueue();
    await queue.acquire(NEW);

    const late = queue.acquire({ ...NEW, limits: { ...LIMITS, maxWaitMs: 1 } });
    await expect(late).rejects.toMatchObject({ code: 'overloaded' });
    queue.release();
    await queue.acquire(NEW);
  });

  it.each([
    ['a new schema', NEW],
    ['an admitted run', ADMITTED],
  ])('skips %s that has left', async (_, job) => {
    const queue = new JobQueue();
    const controller = new AbortController();
    await queue.acquire(NEW);
    const left = queue.acquire({ ...job, signal: controller.signal });
    const next = queue.acquire(job);
    controller.abort(new Error('left'));
    queue.release();

    await expect(left).rejects.toThrow('left');
    await next;
    await expect(queue.acquire({ ...job, signal: controller.signal })).rejects.toThrow('left');
  });
});
