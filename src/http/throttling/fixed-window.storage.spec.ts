import { FixedWindowStorage } from './fixed-window.storage.js';

const { jest } = import.meta;

describe('FixedWindowStorage', () => {
  it('never reports more seconds than the window has, despite rounding', async () => {
    const rounded = 5538.199999999161;
    expect(rounded + 60_000 - rounded).toBeGreaterThan(60_000);
    jest.spyOn(performance, 'now').mockReturnValue(rounded);
    expect(await new FixedWindowStorage().increment('a', 60_000, 1)).toMatchObject({ timeToExpire: 60 });
    jest.restoreAllMocks();
  });

  it('keeps a limited number of windows, and forgets the oldest first', async () => {
    const storage = new FixedWindowStorage(2);
    await storage.add('a', 60_000, 1);
    await storage.add('b', 60_000, 1);
    await storage.add('a', 60_000, 1);
    await storage.add('c', 60_000, 1);
    expect(await storage.add('b', 60_000, 1)).toMatchObject({ total: 2 });
    expect(await storage.add('a', 60_000, 1)).toMatchObject({ total: 1 });
  });
});
