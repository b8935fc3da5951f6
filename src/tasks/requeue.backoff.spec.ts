import { RequeueBackoff } from './requeue.backoff.js';

describe('RequeueBackoff', () => {
  let nowMs: number;
  let backoff: RequeueBackoff;

  const waitOf = (runId: string, ranMs = 0): number => backoff.next(runId, ranMs, false).waitMs;

  beforeEach(() => {
    nowMs = 5;
    backoff = new RequeueBackoff(() => nowMs);
  });

  it('delays a requeued task by increasing times, and no other', () => {
    const waits = Array.from({ length: 6 }, () => waitOf('a'));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(waitOf('b')).toBe(1000);
  });

  it('resets the delay after the end of the task, a longer attempt, or an hour', () => {
    waitOf('a');
    backoff.reset('a');
    expect([waitOf('a'), waitOf('a', 10)]).toEqual([1000, 2000]);
    expect([waitOf('a', 2001), waitOf('a', 10)]).toEqual([1000, 2000]);
    nowMs += 3_600_000;
    expect(waitOf('a', 10)).toBe(1000);
  });

  it('counts its failures in a row, although twenty other processes try the task in between', () => {
    const failures = Array.from({ length: 10 }, () => {
      nowMs += 20 * 15_000;
      return backoff.next('a', 10, false).failures;
    });
    expect(failures).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('counts failures in a row, but not outages', () => {
    const next = (ranMs: number, isOutage: boolean): number => backoff.next('a', ranMs, isOutage).failures;
    expect([next(0, false), next(0, true), next(0, false)]).toEqual([1, 1, 2]);
    expect(next(60_000, false)).toBe(1);
    backoff.reset('a');
    expect(next(0, true)).toBe(0);
  });
});
