import { FixedWindowStorage } from './fixed-window.storage.js';

const { jest } = import.meta;

afterEach(() => jest.restoreAllMocks());

describe('FixedWindowStorage', () => {
  it('blocks what goes beyond the limit, for the rest of the window', async () => {
    const storage = new FixedWindowStorage();
    await storage.increment('a', 60_000, 2);
    const second = await storage.increment('a', 60_000, 2);
    const third = await storage.increment('a', 60_000, 2);
    expect(second).toMatchObject({ totalHits: 2, isBlocked: false });
    expect(third).toMatchObject({ totalHits: 3, isBlocked: true, timeToBlockExpire: 60 });
  });

  it('never promises more seconds than a window has, whatever the clock rounds to', async () => {
    const rounded = 5538.199999999161;
    expect(rounded + 60_000 - rounded).toBeGreaterThan(60_000);
    jest.spyOn(performance, 'now').mockReturnValue(rounded);
    expect(await new FixedWindowStorage().increment('a', 60_000, 1)).toMatchObject({ timeToExpire: 60 });
  });

  it('counts each caller alone', async () => {
    const storage = new FixedWindowStorage();
    await storage.increment('a', 60_000, 1);
    expect(await storage.increment('b', 60_000, 1)).toMatchObject({ totalHits: 1, isBlocked: false });
  });

  it('begins again with the next window', async () => {
    const storage = new FixedWindowStorage();
    await storage.increment('a', 20, 1);
    expect((await storage.increment('a', 20, 1)).isBlocked).toBe(true);
    const deadline = Date.now() + 2000;
    while ((await storage.increment('a', 20, 1)).isBlocked) expect(Date.now()).toBeLessThan(deadline);
  });
});
