import { Gate, until } from '../../../test/support/until.js';
import { ActiveJobs } from './active.jobs.js';

describe('ActiveJobs', () => {
  it('delays a second job of the same run, and no other', async () => {
    const jobs = new ActiveJobs();
    const gate = new Gate();
    const begun: string[] = [];
    const job = (runId: string) => {
      begun.push(runId);
      return gate.opened;
    };
    const [first, second] = [jobs.run(job, 'a'), jobs.run(job, 'a')];
    void jobs.run(job, 'b');
    await until('both have begun', () => begun.length === 2);
    expect(begun).toEqual(['a', 'b']);
    gate.open();
    await Promise.all([first, second]);
    expect(begun).toEqual(['a', 'b', 'a']);
    await jobs.ended();
    expect(jobs.size).toBe(0);
  });
});
