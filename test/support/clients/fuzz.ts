import { isObject, type Json, object, objects, string } from '../json.js';
import type { Random } from '../random.js';

/** One request of a fuzzer. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const LONG = 20_000;
const TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  '9007199254740993',
  'null',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  '..',
  '../..',
  '%',
  '%00',
  '\0',
  '\ud800',
  '\u202e',
  '🐦',
  'é'.repeat(200),
  'a'.repeat(129),
  'a'.repeat(LONG),
  '(a+)+$',
  "' or 1=1 --",
  '${7*7}',
  '<script>',
  'rk_0123456789abcdef_x',
  '2026-02-30',
  '2026-01-01T00:00:00Z',
  'W/"x"',
  '*',
  ',,,,',
  'run: 1',
] as const;
const VALUES = [null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], [null]] as const;
const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json;',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/problem+json',
  ';',
  'json',
] as const;
const ACCEPTS = [
  '*/*',
  'application/json',
  'text/event-stream',
  'application/problem+json',
  'text/html;q=x',
  ',',
  'a/b;q=9',
];
const ENCODINGS = ['gzip', 'br', 'identity', 'chunked', 'x'] as const;
const FREE_HEADERS = [
  'x-request-id',
  'traceparent',
  'tracestate',
  'origin',
  'cookie',
  'if-none-match',
  'range',
  'expect',
];
const MAX_DEPTH = 5;
const NESTED = 2000;

/** Makes requests to the operations of an OpenAPI document, mostly almost valid ones. */
export class Fuzzer {
  readonly #operations: readonly (readonly [method: string, path: string, operation: Json])[];

  constructor(
    private readonly document: Json,
    private readonly random: Random,
  ) {
    this.#operations = Object.entries(object(document.paths)).flatMap(([path, methods]) =>
      Object.entries(object(methods)).map(
        ([method, operation]) => [method.toUpperCase(), path, object(operation)] as const,
      ),
    );
  }

  get operations(): number {
    return this.#operations.length;
  }

  next(): FuzzRequest {
    const [method, template, operation] = this.#pick(this.#operations);
    const parameters = objects(operation.parameters).map((each) => this.#resolve(each));
    const of = (place: string): Json[] => parameters.filter((each) => each.in === place);
    const path = template.replaceAll(/\{[^}]+\}/g, () => this.#pathText());
    const query = of('query').filter(() => this.#chance(3));
    if (this.#chance(10)) query.push({ name: this.#pick(TEXTS).slice(0, 50), schema: {} });
    const search = query
      .map(({ name, schema }) => `${encoded(string(name))}=${encoded(this.#textOf(object(schema)))}`)
      .join('&');
    const body = operation.requestBody === undefined && !this.#chance(20) ? undefined : this.#body(operation);
    return {
      method: this.#chance(50) ? this.#pick(['PUT', 'PATCH', 'OPTIONS', 'HEAD', 'DELETE', 'TRACE']) : method,
      path: `${path}${search && `?${search}`}`,
      headers: this.#headers(of('header'), body),
      body,
    };
  }

  #headers(declared: readonly Json[], body: Buffer | undefined): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const { name, schema } of declared) if (this.#chance(3)) headers[string(name)] = this.#textOf(object(schema));
    for (const name of FREE_HEADERS) if (this.#chance(15)) headers[name] = this.#pick(TEXTS);
    if (this.#chance(3)) headers.accept = this.#pick(ACCEPTS);
    if (this.#chance(40)) headers['content-encoding'] = this.#pick(ENCODINGS);
    if (body) headers['content-type'] = this.#chance(8) ? this.#pick(CONTENT_TYPES) : 'application/json';
    // Node's client refuses other characters, and longer headers.
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 2000),
      ]),
    );
  }

  #body(operation: Json): Buffer {
    const content = object(object(operation.requestBody).content);
    const schema = object(object(content['application/json']).schema);
    const text = JSON.stringify(this.#value(schema, 0)) ?? 'null';
    if (!this.#chance(6)) return Buffer.from(text);
    return this.#pick([
      () => Buffer.from(text.slice(0, this.random.below(text.length + 1))),
      () => Buffer.from(this.random.insert(text, this.#pick(TEXTS))),
      () => Buffer.from(text, 'utf16le'),
      () => Buffer.concat([Buffer.from('\ufeff'), Buffer.from(text)]),
      () => Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28, 0xff])]),
      () => Buffer.from('['.repeat(NESTED) + ']'.repeat(NESTED)),
      () => Buffer.from(`${'{"a":'.repeat(NESTED)}1${'}'.repeat(NESTED)}`),
      () => Buffer.from(`{"message":"a","message":${text}}`),
      () => Buffer.from(`{"__proto__":${text},"constructor":{"prototype":1}}`),
      () => Buffer.from(JSON.stringify({ message: 'x'.repeat(300_000) })),
      () => Buffer.from(JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, key) => [key, key])))),
      () => Buffer.alloc(0),
    ])();
  }

  /** A value of the schema, now and then with a fault. */
  #value(schema: Json, depth: number): unknown {
    const known = this.#resolve(schema);
    if (this.#chance(12)) return this.#chance(2) ? this.#pick(TEXTS) : this.#pick(VALUES);
    const options = objects(known.oneOf ?? known.anyOf ?? known.allOf);
    if (options.length > 0) return this.#value(this.#pick(options), depth);
    if (known.example !== undefined && this.#chance(2)) return known.example;
    if (Array.isArray(known.enum)) return this.#pick(known.enum);
    const type = Array.isArray(known.type) ? this.#pick(known.type) : known.type;
    if (type === 'object' || known.properties !== undefined) return this.#object(known, depth);
    if (type === 'array') {
      if (depth > MAX_DEPTH) return [];
      return Array.from({ length: this.random.below(3) }, () => this.#value(object(known.items), depth + 1));
    }
    if (type === 'boolean') return this.#chance(2);
    if (type === 'integer' || type === 'number') return this.#pick([0, 1, 2, 100, -1, 1.5, 2 ** 31, 1e300]);
    return type === 'null' ? null : this.#pick(['hello', 'acme', 'assistant', 'chat', 'run: 1 + 1', ...TEXTS]);
  }

  #object({ properties, required }: Json, depth: number): Json {
    if (depth > MAX_DEPTH) return {};
    const names = Object.entries(object(properties)).filter(
      ([name]) => (Array.isArray(required) && required.includes(name)) || this.#chance(3),
    );
    const entries = names.map(([name, schema]) => [name, this.#value(object(schema), depth + 1)] as const);
    return Object.fromEntries(this.#chance(20) ? [...entries, [this.#pick(TEXTS).slice(0, 100), 1]] : entries);
  }

  #textOf(schema: Json): string {
    const value = this.#value(schema, MAX_DEPTH);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  #pathText(): string {
    if (this.#chance(2)) return this.#pick(['unknown', 'acme', 'ada', '0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11']);
    if (this.#chance(8)) return this.#pick(['%', '%zz', '%c3%28', '%2e%2e%2f', '%00', '//', ';a=b', '%252f']);
    return encoded(this.#pick(TEXTS).slice(0, 500)) || '-';
  }

  #resolve(schema: Json): Json {
    const reference = schema.$ref;
    if (typeof reference !== 'string') return schema;
    let found: unknown = this.document;
    for (const part of reference.split('/').slice(1)) found = isObject(found) ? found[part] : undefined;
    return object(found);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.random.below(items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }

  /** True once in so many calls. */
  #chance(of: number): boolean {
    return this.random.below(of) === 0;
  }
}

/** Percent-encodes a text, with lone surrogates replaced. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).slice(0, 6000);
}
