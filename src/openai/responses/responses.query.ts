import { BodyFields, invalid } from '../request/body.fields.js';

/** Clients write lists in several ways. */
const INCLUDE = /^include(\[\d*\])?$/;
const ORDERS = ['asc', 'desc'] as const;
const MAX_ID = 256;
const MAX_LIMIT = 100;
const MAX_SEQUENCE = 2 ** 31 - 1;

/** How to read a response. */
interface Follow {
  readonly isStream: boolean;
  /** The number of the last event that the reader has; -1: none. */
  readonly after: number;
  /** Whether reasoning items have their encrypted content. */
  readonly includes: boolean;
}

/** Reads the query of `GET /v1/responses/{response_id}`. @throws OpenAIRefusal */
export function readFollow(query: unknown): Follow {
  const fields = BodyFields.of(query ?? {});
  const isStream = fields.choice('stream', ['true', 'false']) === 'true';
  const after = integerOf(fields, 'starting_after', 0, MAX_SEQUENCE) ?? -1;
  return { isStream, after, includes: readIncludes(query) };
}

/**
 * Reads from a query whether reasoning items have their encrypted content. Other values of `include` have no effect.
 * @throws OpenAIRefusal
 */
export function readIncludes(query: unknown): boolean {
  const { object } = BodyFields.of(query ?? {});
  const values = Object.entries(object).flatMap(([name, value]) => (INCLUDE.test(name) ? value : []));
  return values.includes('reasoning.encrypted_content');
}

/** The position and the length of a page. */
export interface ItemsQuery {
  readonly limit: number;
  readonly order: (typeof ORDERS)[number];
  /** The id of the last item of the page before. */
  readonly after: string | undefined;
  /** Whether reasoning items have their encrypted content. */
  readonly includes: boolean;
}

/** Reads the query of a list of items. @throws OpenAIRefusal */
export function readItemsQuery(query: unknown): ItemsQuery {
  const fields = BodyFields.of(query ?? {});
  return {
    limit: integerOf(fields, 'limit', 1, MAX_LIMIT) ?? 20,
    order: fields.choice('order', ORDERS) ?? 'desc',
    after: fields.text('after', MAX_ID),
    includes: readIncludes(query),
  };
}

function integerOf(fields: BodyFields, name: string, min: number, max: number): number | undefined {
  const text = fields.text(name, MAX_ID);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw invalid(name, `${name} must be an integer from ${min} to ${max}.`);
}
