import { FixedWindowStorage } from './fixed-window.storage.js';

describe('FixedWindowStorage', () => {
  it('blocks what goes beyond the limit, for the rest of the window', async () => {
    const storage = new FixedWindowStorage();
    await storage.increment('a', 60_000, 2);
    const second = await storage.increment('a', 60_000, 2);
    const third = await storage.increment('a', 60_000, 2);
    expect(second).toMatchObject({ totalHits: 2, isBlocked: false });
    expect(third).toMatchObject({ totalHits: 3, isBlocked: true, timeToBlockExpire: 60 });
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
