import { CpuBudget } from './cpu.budget.js';

const ADA = { tenant: 't', id: 'ada' };
const BOB = { tenant: 't', id: 'bob' };

describe('the CPU time of a caller', () => {
  let now = 0;
  const budget = (seconds: number): CpuBudget => {
    now = 0;
    return new CpuBudget(seconds, () => now);
  };

  it('is used up by runs, and comes back within a minute', () => {
    const of = budget(10);
    expect(of.waitMs(ADA)).toBe(0);
    of.spend(ADA, 9000);
    expect(of.waitMs(ADA)).toBe(0);
    of.spend(ADA, 5000);
    // 4 s of 10 s a minute.
    expect(of.waitMs(ADA)).toBeGreaterThanOrEqual(24_000);
    expect(of.waitMs(ADA)).toBeLessThan(24_100);
    expect(of.waitMs(BOB)).toBe(0);
    now += of.waitMs(ADA);
    expect(of.waitMs(ADA)).toBe(0);
    now += 600_000;
    of.spend(ADA, 9999);
    expect(of.waitMs(ADA)).toBe(0);
    of.spend(ADA, 2);
    expect(of.waitMs(ADA)).toBeGreaterThan(0);
  });

  it('has no limit with Infinity', () => {
    const of = budget(Infinity);
    of.spend(ADA, 1e9);
    expect(of.waitMs(ADA)).toBe(0);
  });

  it('is remembered only until it is whole again', () => {
    const of = budget(1);
    of.spend(ADA, 2000);
    for (let n = 0; n < 2500; n++) {
      now += 100;
      of.spend({ tenant: 't', id: `${n}` }, 1);
    }
    of.spend(ADA, 2000);
    expect(of.waitMs(ADA)).toBeGreaterThan(0);
  });
});
