import { checkedPrices, Prices } from './prices.js';

const prices = new Prices({
  'gpt-4o': { input: 2.5, cached_input: 1.25, output: 10 },
  'gpt-*': { input: 1, output: 2 },
  'gpt-4o-mini*': { input: 0.15, output: 0.6 },
});

it('charges per million tokens, and cached input at its own price', () => {
  const usage = { inputTokens: 1000, cachedTokens: 400, outputTokens: 100 };
  expect(prices.costOf('gpt-4o', usage)).toBe(0.003);
  expect(prices.costOf('gpt-4', usage)).toBe(0.0012);
});

it('uses the longest matching name', () => {
  expect(prices.costOf('gpt-4o-mini-2024', { inputTokens: 1_000_000, outputTokens: 0 })).toBe(0.15);
  expect(prices.costOf('other', { inputTokens: 1, outputTokens: 1 })).toBeUndefined();
});

it('names every fault of a table at once', () => {
  const table = { a: { input: -1, output: 1 }, b: { input: 1, output: 1, ouput: 2 }, c: 3, d: { input: 1 } };
  expect(() => checkedPrices(table)).toThrow(/a\.input must[^]*unknown field ouput[^]*c must be[^]*d\.output must/);
  expect(() => checkedPrices([])).toThrow('prices');
  expect(checkedPrices({ e: { input: 0, output: 1 } })).toEqual({ e: { input: 0, output: 1 } });
});
