import { resultBefore } from './result.before.js';

const { jest } = import.meta;

describe('the result before a time', () => {
  it('is that of the work, or nothing if the work fails or is late', async () => {
    const soon = performance.now() + 1000;
    await expect(resultBefore(Promise.resolve('done'), soon)).resolves.toBe('done');
    await expect(resultBefore(Promise.reject(new Error('no')), soon)).resolves.toBeUndefined();
    await expect(resultBefore(new Promise(() => undefined), performance.now() + 1)).resolves.toBeUndefined();
  });

  it('is still there after the time if the work is done, and Node gets no negative time', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await expect(resultBefore(Promise.resolve('done'), performance.now() - 5)).resolves.toBe('done');
    const delays = timers.mock.calls.map(([, delayMs]) => delayMs);
    timers.mockRestore();
    expect(delays).toEqual([0]);
  });
});
