import { RequeueBackoff } from './requeue.backoff.js';

describe('RequeueBackoff', () => {
  let nowMs: number;
  let backoff: RequeueBackoff;

  beforeEach(() => {
    nowMs = 5;
    backoff = new RequeueBackoff(() => nowMs);
  });

  it('delays a requeued task by increasing times, and no other', () => {
    const waits = Array.from({ length: 6 }, () => backoff.next('a', 0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect([backoff.isWaiting('a'), backoff.isWaiting('b')]).toEqual([true, false]);
    nowMs += 15_000;
    expect(backoff.isWaiting('a')).toBe(false);
  });

  it('lists the tasks that still wait', () => {
    backoff.next('a', 0);
    nowMs += 999;
    backoff.next('b', 0);
    expect(backoff.delayed).toEqual(new Set(['a', 'b']));
    nowMs += 1;
    expect(backoff.delayed).toEqual(new Set(['b']));
  });

  it('resets the delay after the end of the task, a longer attempt, or a minute', () => {
    backoff.next('a', 0);
    backoff.reset('a');
    expect(backoff.isWaiting('a')).toBe(false);
    expect([backoff.next('a', 0), backoff.next('a', 10)]).toEqual([1000, 2000]);
    expect([backoff.next('a', 2001), backoff.next('a', 10)]).toEqual([1000, 2000]);
    nowMs += 60_000;
    expect(backoff.next('a', 10)).toBe(1000);
  });
});
