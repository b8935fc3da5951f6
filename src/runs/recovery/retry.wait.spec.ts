import { retryWaitMs } from './retry.wait.js';

const wait = (failures: number, leftMs = 3_600_000, requestedMs?: number) =>
  retryWaitMs({ failures, leftMs, requestedMs });

describe('the wait before a task is tried again', () => {
  it('doubles from a second to a minute', () => {
    for (let failures = 0; failures < 20; failures++) {
      const most = Math.min(60_000, 1000 * 2 ** failures);
      const waitMs = wait(failures);
      expect(waitMs).toBeGreaterThanOrEqual(most * 0.75);
      expect(waitMs).toBeLessThanOrEqual(most);
    }
  });

  it('is at least what the provider asks for', () => {
    const waits = Array.from({ length: 50 }, () => wait(0, 3_600_000, 90_000) ?? 0);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(90_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(112_500);
    // Tasks with the same requested wait do not retry together.
    expect(new Set(waits).size).toBeGreaterThan(25);
    expect(wait(0, 91_500, 90_000)).toBeLessThanOrEqual(90_500);
    expect(wait(10, 3_600_000, 1)).toBeGreaterThan(40_000);
  });

  it('leaves half of the time for the attempt', () => {
    expect(wait(10, 20_000)).toBe(10_000);
  });

  it('is over if no attempt would fit into the rest of the time', () => {
    expect(wait(0, 1500)).toBeUndefined();
    expect(wait(0, 60_000, 59_500)).toBeUndefined();
    expect(wait(0, -5)).toBeUndefined();
  });
});
