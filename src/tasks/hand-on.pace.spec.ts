import { HandOnPace } from './hand-on.pace.js';

describe('HandOnPace', () => {
  let nowMs: number;
  let pace: HandOnPace;

  beforeEach(() => {
    nowMs = 5;
    pace = new HandOnPace(() => nowMs);
  });

  it('delays a requeued task by increasing times, and no other', () => {
    const waits = Array.from({ length: 6 }, () => pace.note('a', 0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect([pace.isTooSoon('a'), pace.isTooSoon('b')]).toEqual([true, false]);
    nowMs += 15_000;
    expect(pace.isTooSoon('a')).toBe(false);
  });

  it('lists the tasks that still wait', () => {
    pace.note('a', 0);
    nowMs += 999;
    pace.note('b', 0);
    expect(pace.delayed).toEqual(new Set(['a', 'b']));
    nowMs += 1;
    expect(pace.delayed).toEqual(new Set(['b']));
  });

  it('resets the delay after the end of the task, a longer attempt, or a minute', () => {
    pace.note('a', 0);
    pace.forget('a');
    expect(pace.isTooSoon('a')).toBe(false);
    expect([pace.note('a', 0), pace.note('a', 10)]).toEqual([1000, 2000]);
    expect([pace.note('a', 2001), pace.note('a', 10)]).toEqual([1000, 2000]);
    nowMs += 60_000;
    expect(pace.note('a', 10)).toBe(1000);
  });
});
