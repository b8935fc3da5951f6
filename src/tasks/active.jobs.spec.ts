import { Gate, until } from '../../test/support/until.js';
import { ActiveJobs } from './active.jobs.js';

describe('ActiveJobs', () => {
  it('delays a second job of the same run, and no other', async () => {
    const takes = new ActiveJobs();
    const gate = new Gate();
    const begun: string[] = [];
    const take = (runId: string) => {
      begun.push(runId);
      return gate.opened;
    };
    const [first, second] = [takes.run(take, 'a'), takes.run(take, 'a')];
    void takes.run(take, 'b');
    await until('both have begun', () => begun.length === 2);
    expect(begun).toEqual(['a', 'b']);
    gate.open();
    await Promise.all([first, second]);
    expect(begun).toEqual(['a', 'b', 'a']);
    await takes.ended();
    expect(takes.size).toBe(0);
  });
});
