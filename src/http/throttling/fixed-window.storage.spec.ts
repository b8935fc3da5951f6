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
});
