import { RequestScope } from '../../async/request.scope.js';
import { CallerSchemas } from './caller.schemas.js';
import { SchemaThread, SchemaThreadFailed } from './schema.thread.js';
import { InvalidValue } from './value.schema.js';
import { stallDuring } from '../../../test/support/loop.stall.js';

const { jest } = import.meta;

const CITY = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Z]' },
    people: { type: 'integer', minimum: 0 },
    twin: { $ref: '#/definitions/Name' },
  },
  required: ['name'],
  definitions: { Name: { type: 'string' } },
};

const OPEN = { type: 'object' };
const ENDLESS = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };

/** Definitions that each refer to the next one. */
function chain(links: number, link: (next: object) => object): object {
  const definitions = Array.from({ length: links }, (_, index) => [
    `D${index}`,
    link({ $ref: `#/$defs/D${index + 1}` }),
  ]);
  const $defs = { ...Object.fromEntries(definitions), [`D${links}`]: { type: ['string', 'null'], nullable: true } };
  return { type: 'object', properties: { a: { $ref: '#/$defs/D0' } }, $defs };
}

/** Its text doubles with each reference. */
const DOUBLING = chain(40, (next) => ({ type: 'object', properties: { a: next, b: next } }));
/** Its text stays small, and its conversion to strict mode takes twice as long with each reference. */
const NULLABLE = chain(20, (next) => ({ type: ['string', 'null'], nullable: true, anyOf: [next] }));
/** Compiles to the most code that 16 KiB can produce. */
const COSTLY = {
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`a${index}`, { minimum: 1 }])),
  unevaluatedProperties: false,
};
/** Short, but long with its references inlined. */
const REPEATED = {
  type: 'object',
  properties: { a: { anyOf: Array.from({ length: 300 }, () => ({ $ref: '#/$defs/D' })) } },
  $defs: { D: { description: 'x'.repeat(2000) } },
};
/** A typical record of an application, fourteen times. */
const ORDINARY = {
  type: 'object',
  properties: Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [
      `record${index}`,
      {
        type: 'object',
        properties: {
          ...Object.fromEntries(
            Array.from({ length: 4 }, (__, part) => [
              `part${part}`,
              {
                type: 'string',
                description: `The part ${part} of the record ${index}`,
                pattern: '^[A-Z]{2,5}-[0-9]+$',
              },
            ]),
          ),
          status: { enum: ['open', 'closed', 'pending'] },
          count: { type: 'integer', minimum: 0, maximum: 1000 },
          tags: { type: 'array', items: { type: 'string', maxLength: 100 } },
          owner: { $ref: '#/$defs/Owner' },
          address: {
            type: 'object',
            properties: Object.fromEntries(
              ['street', 'city', 'zip', 'country'].map((name) => [
                name,
                { type: ['string', 'null'], description: `The record's own address: the ${name} of its owner` },
              ]),
            ),
          },
        },
        required: ['status', 'owner'],
        additionalProperties: false,
      },
    ]),
  ),
  $defs: { Owner: { type: 'object', properties: { kind: { enum: ['a', 'b'] }, name: { type: 'string' } } } },
};

function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

const ANN = { tenant: 'default', id: 'ann' };
const BOB = { tenant: 'default', id: 'bob' };

const schemas = new CallerSchemas();

afterEach(() => jest.restoreAllMocks());
afterAll(() => schemas.onApplicationShutdown());

describe('CallerSchemas', () => {
  it('converts the schema to strict mode, and returns answers without its filler nulls', async () => {
    const city = await schemas.compile({ ...CITY, additionalProperties: false }, ANN);
    const { schema, isStrict } = city;
    expect({ schema, isStrict }).toMatchObject({
      isStrict: true,
      schema: { required: ['name', 'people', 'twin'], additionalProperties: false },
    });
    expect(schema.properties?.['twin']).toEqual({ type: ['string', 'null'] });
    expect(await city.parse({ name: 'Oslo', people: null, twin: 'Bergen' })).toEqual({ name: 'Oslo', twin: 'Bergen' });
  });

  it.each([
    [{ name: 'oslo' }, '/name must match pattern'],
    [{ name: 'Oslo', people: -1 }, '/people must be >= 0'],
    [{ people: 1 }, "must have required property 'name'"],
    [{ name: 'Oslo', extra: 1 }, '("extra")'],
    ['Oslo', 'It must be object'],
  ])('finds the fault of %j', async (value, fault) => {
    const city = await schemas.compile({ ...CITY, additionalProperties: false }, ANN);
    const failure = await city.parse(value).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidValue);
    expect(String(failure)).toContain(fault);
  });

  it.each([
    ['a list', { type: 'array' }, 'must be of type "object"'],
    ['an unknown type', { type: 'object', properties: { a: { type: 'text' } } }, 'schema is invalid'],
    ['an invalid pattern', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, 'Unterminated'],
    ['a reference without a target', { type: 'object', properties: { a: { $ref: '#/$defs/None' } } }, '#/$defs/None'],
    [
      'a reference to another host',
      { type: 'object', properties: { a: { $ref: 'https://app.example/a.json' } } },
      'app.example',
    ],
    ['an id for other schemas', { type: 'object', properties: { a: { $id: 'https://a.example' } } }, '$id'],
    ['asynchronous validation', { type: 'object', $async: true }, '$async'],
    ['a schema that grows with its references', DOUBLING, 'output_schema is too large'],
    ['a schema that is nested too deep for the stack', { type: 'object', const: nested(20_000) }, 'written as JSON'],
  ])('refuses %s', async (_, schema, fault) => {
    const failure = await schemas.admit(schema, ANN).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidValue);
    expect(String(failure)).toContain(fault);
  });

  it('sends a recursive schema unchanged', async () => {
    const list = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
    const recursive = await schemas.compile(list, ANN);
    expect(recursive.isStrict).toBe(false);
    expect(await recursive.parse({ next: { next: {} } })).toEqual({ next: { next: {} } });
    await expect(recursive.parse({ next: { next: { other: 1 } } })).rejects.toThrow('("other")');
  });

  it('survives a schema that only refers to itself', async () => {
    const endless = await schemas.compile({ type: 'object', allOf: [{ $ref: '#' }] }, ANN);
    await expect(endless.parse({})).rejects.toThrow(InvalidValue);
  });

  it.each([
    ['an endless pattern', ENDLESS, { a: `${'a'.repeat(60)}!` }],
    ['an answer that is too long', ENDLESS, { a: 'a'.repeat(1024 * 1024) }],
    ['an answer that is nested too deep for the stack', OPEN, { a: nested(5000) }],
    ['an answer that cannot be written as JSON', OPEN, { a: nested(20_000) }],
  ])('refuses %s, and checks the next answer', async (_, schema, answer) => {
    const shape = await schemas.compile(schema, ANN);
    const failure = await shape.parse(answer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidValue);
    expect(String(failure)).toMatch(/in time|longer than/);
    expect(await shape.parse({ a: 'aaa' })).toEqual({ a: 'aaa' });
  });

  it('refuses a schema whose conversion takes too long, and compiles the next one', async () => {
    await expect(schemas.compile(NULLABLE, ANN)).rejects.toThrow(/output_schema needs too much time .+ Use fewer/);
    expect(await schemas.compile(CITY, ANN)).toMatchObject({ isStrict: true });
  });

  it('does not block the event loop', async () => {
    const shape = await schemas.compile(ENDLESS, ANN);
    const stallMs = await stallDuring(() =>
      Promise.allSettled([
        schemas.compile(NULLABLE, ANN),
        schemas.compile(COSTLY, ANN),
        schemas.compile(DOUBLING, ANN),
        shape.parse({ a: `${'a'.repeat(60)}!` }),
      ]),
    );
    expect(stallMs).toBeLessThan(200);
  });

  it('refuses only new schemas of a caller while too many of its schemas wait', async () => {
    const shape = await schemas.compile(CITY, ANN);
    const admitted = Array.from({ length: 150 }, () => schemas.admit(CITY, ANN));
    const others = [shape.parse({ name: 'Oslo' }), schemas.compile(CITY, ANN), schemas.admit(CITY, BOB)];
    const outcomes = await Promise.allSettled(admitted);

    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(49);
    expect(refused[0]).toMatchObject({ reason: { code: 'overloaded' } });
    expect(await Promise.all(others)).toHaveLength(3);
  });

  it('does not let a caller wait for all the schemas of another', async () => {
    const controller = new AbortController();
    const done: string[] = [];
    const costly = Array.from({ length: 100 }, async (_, index) => {
      await schemas.admit({ ...COSTLY, title: `${index}` }, ANN, controller.signal).catch(() => undefined);
      done.push('ann');
    });
    await schemas.admit(OPEN, BOB);
    expect(done).toEqual(['ann']);
    controller.abort();
    await Promise.all(costly);
  });

  it('leaves the queue when its signal aborts', async () => {
    const shape = await schemas.compile(CITY, ANN);
    const controller = new AbortController();
    const before = schemas.compile(CITY, ANN);
    const waiting = [
      schemas.admit(CITY, ANN, controller.signal),
      schemas.compile(CITY, ANN, controller.signal),
      shape.parse({ name: 'Oslo' }, controller.signal),
    ];
    controller.abort(new Error('left'));

    for (const job of waiting) await expect(job).rejects.toThrow('left');
    expect(await before).toMatchObject({ isStrict: true });
  });

  it('leaves the queue when the time limit of its request passes', async () => {
    const busy = Promise.withResolvers<never>();
    jest.spyOn(SchemaThread.prototype, 'run').mockReturnValueOnce(busy.promise);
    const before = schemas.compile(CITY, ANN);
    const late = new Error('late');
    let admitted: Promise<unknown> | undefined;
    const request = RequestScope.run({ timeoutMs: 1, reason: () => late }, () => (admitted = schemas.admit(CITY, ANN)));

    await expect(request).rejects.toBe(late);
    await expect(admitted).rejects.toBe(late);
    busy.reject(new Error('over'));
    await expect(before).rejects.toThrow('over');
  });

  it('retries a job once if its thread failed, and throws if the retry fails', async () => {
    const shape = await schemas.compile(CITY, ANN);
    const failure = new SchemaThreadFailed(new Error('it died'));
    const run = jest.spyOn(SchemaThread.prototype, 'run').mockRejectedValueOnce(failure);
    expect(await shape.parse({ name: 'Oslo' })).toEqual({ name: 'Oslo' });

    run.mockRejectedValueOnce(failure).mockRejectedValueOnce(failure);
    await expect(shape.parse({ name: 'Oslo' })).rejects.toBe(failure);
    expect(await shape.parse({ name: 'Oslo' })).toEqual({ name: 'Oslo' });
  });

  it('compiles an admitted schema even if a newer rule finds it too large', async () => {
    await expect(schemas.admit(REPEATED, ANN)).rejects.toThrow('output_schema is too large');
    const shape = await schemas.compile(REPEATED, ANN);
    expect(await shape.parse({})).toEqual({});
  });

  it('does not admit a schema that is too long for the cache, even if most of it is unused', async () => {
    const long = { type: 'object', $defs: { Unused: { description: 'x'.repeat(256 * 1024) } } };
    const failure = await schemas.admit(long, ANN).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidValue);
    expect(String(failure)).toContain('output_schema is too large: it has more than 262144 characters');
  });

  it('gives a new schema and an answer 50 ms of CPU time, and an admitted schema five times as much', async () => {
    const run = jest.spyOn(SchemaThread.prototype, 'run');
    const shape = await schemas.admit(CITY, ANN);
    await shape.parse({ name: 'Oslo' });
    await schemas.compile(CITY, ANN);

    expect(run.mock.calls.map(([{ type }, { cpuMs }]) => [type, cpuMs])).toEqual([
      ['compile', 50],
      ['check', 50],
      ['compile', 250],
    ]);
  });

  it('admits an ordinary schema of 16 KiB, even as the first one', async () => {
    const fresh = new CallerSchemas();
    expect(JSON.stringify(ORDINARY).length).toBeGreaterThan(16_000);
    expect(await fresh.admit(ORDINARY, ANN)).toMatchObject({ isStrict: true });
    await fresh.onApplicationShutdown();
  });

  it('refuses work after the shutdown', async () => {
    const others = new CallerSchemas();
    const shape = await others.compile(CITY, ANN);
    await others.onApplicationShutdown();

    await expect(others.compile(CITY, ANN)).rejects.toMatchObject({ code: 'draining' });
    await expect(shape.parse({ name: 'Oslo' })).rejects.toMatchObject({ code: 'draining' });
  });
});
