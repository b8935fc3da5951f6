import { JobLine } from './job.line.js';

const LIMITS = { maxWaiting: 3, maxWaitingOfCaller: 2, maxWaitMs: 60_000 };
const NEW = { caller: 'a', patience: LIMITS };
const ADMITTED = { caller: 'a' };

/** Enters jobs, each with the name of its caller and a number. Returns the order of their turns. */
async function turnsOf(line: JobLine, names: readonly string[], isNew: boolean): Promise<string[]> {
  const turns: string[] = [];
  const pass = async (name: string): Promise<void> => {
    await line.enter({ caller: name.charAt(0), ...(isNew && { patience: { ...LIMITS, maxWaitingOfCaller: 9 } }) });
    turns.push(name);
    await Promise.resolve();
    line.leave();
  };
  await Promise.all(names.map(pass));
  return turns;
}

describe('JobLine', () => {
  it('admits one job after another, in order', async () => {
    const line = new JobLine();
    const passed: string[] = [];
    const pass = async (name: string): Promise<void> => {
      await line.enter(ADMITTED);
      passed.push(`${name} in`);
      await Promise.resolve();
      passed.push(`${name} out`);
      line.leave();
    };
    await Promise.all([pass('a'), pass('b'), pass('c')]);
    await pass('d');

    expect(passed).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out', 'd in', 'd out']);
  });

  it.each([
    ['new schemas', true, ['a1', 'a2', 'b1', 'a3'], ['a1', 'b1', 'a2', 'a3']],
    ['admitted runs', false, ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'], ['a1', 'b1', 'a2', 'c1', 'b2', 'a3']],
  ])('serves the callers of %s in turn', async (_, isNew, names, turns) => {
    const line = new JobLine();

    expect(await turnsOf(line, names, isNew)).toEqual(turns);
  });

  it('admits jobs of admitted runs before new schemas', async () => {
    const line = new JobLine();
    const turns: string[] = [];
    await line.enter(NEW);
    const fresh = line.enter({ ...NEW, caller: 'b' }).then(() => turns.push('new'));
    const admitted = line.enter(ADMITTED).then(() => turns.push('admitted'));
    line.leave();
    await admitted;
    line.leave();
    await fresh;

    expect(turns).toEqual(['admitted', 'new']);
  });

  it('admits a new schema after eight jobs of admitted runs', async () => {
    const line = new JobLine();
    const turns: string[] = [];
    const pass = async (name: string, job: typeof ADMITTED): Promise<void> => {
      await line.enter(job);
      turns.push(name);
      await Promise.resolve();
      line.leave();
    };
    await Promise.all([...Array.from({ length: 20 }, () => pass('admitted', ADMITTED)), pass('new', NEW)]);

    expect(turns.indexOf('new')).toBe(8);
  });

  it('refuses only new schemas, if too many wait of the caller or in total', async () => {
    const line = new JobLine();
    await line.enter(NEW);
    const waiting = [line.enter(NEW), line.enter(NEW)];

    await expect(line.enter(NEW)).rejects.toMatchObject({ code: 'overloaded' });
    waiting.push(line.enter({ ...NEW, caller: 'b' }));
    await expect(line.enter({ ...NEW, caller: 'c' })).rejects.toMatchObject({ code: 'overloaded' });
    waiting.unshift(line.enter(ADMITTED));
    for (const _ of waiting) line.leave();
    await Promise.all(waiting);
  });

  it('refuses a new schema that waits too long', async () => {
    const line = new JobLine();
    await line.enter(NEW);

    const late = line.enter({ ...NEW, patience: { ...LIMITS, maxWaitMs: 1 } });
    await expect(late).rejects.toMatchObject({ code: 'overloaded' });
    line.leave();
    await line.enter(NEW);
  });

  it.each([
    ['a new schema', NEW],
    ['an admitted run', ADMITTED],
  ])('skips %s that has left', async (_, job) => {
    const line = new JobLine();
    const controller = new AbortController();
    await line.enter(NEW);
    const left = line.enter({ ...job, signal: controller.signal });
    const next = line.enter(job);
    controller.abort(new Error('left'));
    line.leave();

    await expect(left).rejects.toThrow('left');
    await next;
    await expect(line.enter({ ...job, signal: controller.signal })).rejects.toThrow('left');
  });
});
