import { isObject } from '../json/json.object.js';
import { toNanoUsd, toUsd } from '../storage/money.js';
import type { TokenUsage } from './token.usage.js';

/** The price of a model, in US dollars per million tokens. */
export interface ModelPrice {
  /** US dollars per million input tokens, 0 to a million. */
  readonly input: number;
  /** US dollars per million input tokens that the provider reads from its cache. Default: same as `input`. */
  readonly cached_input?: number | undefined;
  /** US dollars per million output tokens, 0 to a million. */
  readonly output: number;
}

/**
 * The prices of models, by the provider's name of the model. A name that ends in `*` matches all names with that
 * prefix; the longest match counts.
 */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

const MILLION = 1_000_000;
const FIELDS = ['input', 'cached_input', 'output'];

/**
 * Computes the cost of model calls.
 *
 * @example
 * import { Prices } from 'rookery';
 *
 * const prices = new Prices({ 'gpt-4o*': { input: 2.5, cached_input: 1.25, output: 10 } });
 * prices.costOf('gpt-4o-2024-11-20', { inputTokens: 1000, outputTokens: 500 }); // 0.0075
 */
export class Prices {
  readonly #names: readonly string[];

  constructor(private readonly table: PriceTable) {
    this.#names = Object.keys(table).toSorted((one, other) => other.length - one.length);
  }

  /** Returns the cost in US dollars; undefined if the model has no price. */
  costOf(model: string, usage: TokenUsage): number | undefined {
    const nano = this.nanoOf(model, usage);
    return nano === undefined ? undefined : toUsd(nano);
  }

  /** Returns the cost in whole nano-dollars (US); undefined if the model has no price. */
  nanoOf(model: string, { inputTokens, outputTokens, cachedTokens = 0 }: TokenUsage): number | undefined {
    const price = this.priceOf(model);
    if (price === undefined) return undefined;
    const { input, cached_input = input, output } = price;
    const cached = Math.min(cachedTokens, inputTokens);
    const usd = ((inputTokens - cached) * input + cached * cached_input + outputTokens * output) / MILLION;
    return toNanoUsd(usd);
  }

  /** Returns the price of a model; undefined if it has none. */
  priceOf(model: string): ModelPrice | undefined {
    const name = Object.hasOwn(this.table, model) ? model : this.#names.find((each) => matches(each, model));
    return name === undefined ? undefined : this.table[name];
  }
}

/**
 * Validates a price table.
 *
 * @throws Error that lists every fault of the table.
 *
 * @example
 * import { readFile } from 'node:fs/promises';
 * import { AgentModule, checkedPrices } from 'rookery';
 *
 * const prices = checkedPrices(JSON.parse(await readFile('prices.json', 'utf8')));
 * AgentModule.forRoot({ prices });
 */
export function checkedPrices(table: unknown): PriceTable {
  const faults = priceFaults(table);
  if (!isObject(table) || faults.length > 0) throw new Error(`The prices are not valid:\n- ${faults.join('\n- ')}`);
  const prices = Object.entries(table).flatMap(([model, price]) => (isPrice(price) ? [[model, price] as const] : []));
  return Object.fromEntries(prices);
}

/** Returns every fault of a price table. */
export function priceFaults(table: unknown): string[] {
  if (!isObject(table)) return ['the prices must be an object that maps models to prices'];
  return Object.entries(table).flatMap(([model, price]) => faultsOf(model, price));
}

function faultsOf(model: string, price: unknown): string[] {
  if (!isObject(price)) return [`${model} must be an object with input and output, and cached_input if it differs`];
  const unknown = Object.keys(price).filter((field) => !FIELDS.includes(field));
  const bad = FIELDS.filter((field) => !isAmount(price[field]) && !(field === 'cached_input' && !(field in price)));
  return [
    ...unknown.map((field) => `${model} has an unknown field ${field}`),
    ...bad.map((field) => `${model}.${field} must be US dollars per million tokens, from 0 to a million`),
  ];
}

function isPrice(price: unknown): price is ModelPrice {
  return isObject(price) && isAmount(price.input) && isAmount(price.output);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MILLION;
}

function matches(name: string, model: string): boolean {
  return name.endsWith('*') && model.startsWith(name.slice(0, -1));
}
