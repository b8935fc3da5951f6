import { JobLine } from './job.line.js';

const PATIENCE = { maxWaiting: 2, maxWaitMs: 60_000, signal: undefined };

describe('JobLine', () => {
  it('lets one job after another pass, in their order', async () => {
    const line = new JobLine();
    const passed: string[] = [];
    const pass = async (name: string): Promise<void> => {
      await line.enter();
      passed.push(`${name} in`);
      await Promise.resolve();
      passed.push(`${name} out`);
      line.leave();
    };
    await Promise.all([pass('a'), pass('b'), pass('c')]);
    await pass('d');

    expect(passed).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out', 'd in', 'd out']);
  });

  it('refuses a job before which too many wait, if the job is not patient', async () => {
    const line = new JobLine();
    await line.enter(PATIENCE);
    const waiting = [line.enter(PATIENCE), line.enter(PATIENCE)];

    await expect(line.enter(PATIENCE)).rejects.toMatchObject({ code: 'overloaded' });
    waiting.push(line.enter());
    for (const turn of waiting) {
      line.leave();
      await turn;
    }
  });

  it('refuses a job that waits too long', async () => {
    const line = new JobLine();
    await line.enter();

    await expect(line.enter({ ...PATIENCE, maxWaitMs: 1 })).rejects.toMatchObject({ code: 'overloaded' });
    line.leave();
    await line.enter();
  });

  it('gives the turn of a job that has left to the next one', async () => {
    const line = new JobLine();
    const controller = new AbortController();
    await line.enter();
    const left = line.enter({ ...PATIENCE, signal: controller.signal });
    const next = line.enter();
    controller.abort(new Error('left'));
    line.leave();

    await expect(left).rejects.toThrow('left');
    await next;
    await expect(line.enter({ ...PATIENCE, signal: controller.signal })).rejects.toThrow('left');
  });
});
