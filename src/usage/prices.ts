import { toNano, toUsd } from '../storage/money.js';
import type { TokenUsage } from './token.usage.js';

/** What a model costs, in US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  /** Of what the provider had read before. Default: as `input`. */
  readonly cached_input?: number | undefined;
  readonly output: number;
}

/**
 * What models cost, each under the provider's name of it. A name that ends in `*` stands for all that begin so; of
 * several the longest counts.
 */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

const MILLION = 1_000_000;
const FIELDS = ['input', 'cached_input', 'output'];

/** What model calls cost. */
export class Prices {
  readonly #names: readonly string[];

  constructor(private readonly table: PriceTable) {
    this.#names = Object.keys(table).toSorted((one, other) => other.length - one.length);
  }

  /** In US dollars; undefined where the model has no price. */
  costOf(model: string, usage: TokenUsage): number | undefined {
    const nano = this.nanoOf(model, usage);
    return nano === undefined ? undefined : toUsd(nano);
  }

  /** In whole thousand-millionths of a US dollar. */
  nanoOf(model: string, { inputTokens, outputTokens, cachedTokens = 0 }: TokenUsage): number | undefined {
    const price = this.priceOf(model);
    if (price === undefined) return undefined;
    const { input, cached_input = input, output } = price;
    const cached = Math.min(cachedTokens, inputTokens);
    const usd = ((inputTokens - cached) * input + cached * cached_input + outputTokens * output) / MILLION;
    return toNano(usd);
  }

  priceOf(model: string): ModelPrice | undefined {
    const name = Object.hasOwn(this.table, model) ? model : this.#names.find((each) => isMeant(each, model));
    return name === undefined ? undefined : this.table[name];
  }
}

/** @throws Error that lists all that is wrong with the table. */
export function checkedPrices(table: unknown): PriceTable {
  if (!isRecord(table)) throw new Error('The prices must be an object: a model, and what it costs.');
  const faults = Object.entries(table).flatMap(([model, price]) => faultsOf(model, price));
  if (faults.length > 0) throw new Error(`The prices are not valid:\n- ${faults.join('\n- ')}`);
  return Object.fromEntries(
    Object.entries(table).flatMap(([model, price]) => (isPrice(price) ? [[model, price]] : [])),
  );
}

function faultsOf(model: string, price: unknown): string[] {
  if (!isRecord(price)) return [`${model} must be an object with input and output, and cached_input if it differs`];
  const unknown = Object.keys(price).filter((field) => !FIELDS.includes(field));
  const bad = FIELDS.filter((field) => !isAmount(price[field]) && !(field === 'cached_input' && !(field in price)));
  return [
    ...unknown.map((field) => `${model} has an unknown field ${field}`),
    ...bad.map((field) => `${model}.${field} must be US dollars for a million tokens, from 0 to a million`),
  ];
}

function isPrice(price: unknown): price is ModelPrice {
  return isRecord(price) && isAmount(price.input) && isAmount(price.output);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MILLION;
}

function isMeant(name: string, model: string): boolean {
  return name.endsWith('*') && model.startsWith(name.slice(0, -1));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
