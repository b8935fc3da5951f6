import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RandomSchemas } from '../../../test/support/random.schema.js';
import { providerSchema } from './provider.schema.js';

const TEXT = { type: 'string' };
const NUMBER = { type: 'number' };
const SEED = 20_260;
const OPTIONS = { strict: false, logger: false } as const;
const OBJECT = { type: 'object', properties: {} };

/** The form of a property of that schema. */
function formOf(x: unknown, root: object = {}): unknown {
  return providerSchema({ type: 'object', properties: { x }, ...root }).properties?.['x'];
}

/** The objects that the form and the original schema disagree about. */
function disagreements(schema: object, values: readonly object[]): object[] {
  const [form, original] = [providerSchema({ ...schema }), schema].map((each) => new Ajv2020(OPTIONS).compile(each));
  return values.filter((value) => form?.(value) !== original?.(value));
}

describe('a property', () => {
  it.each<{ what: string; schema: unknown; form: object }>([
    { what: 'an array without items', schema: { type: 'array' }, form: { type: 'array', items: {} } },
    { what: 'items without a type', schema: { items: TEXT }, form: { type: 'array', items: TEXT } },
    { what: 'an object without properties', schema: { type: 'object' }, form: OBJECT },
    {
      what: 'properties without a type',
      schema: { properties: { a: TEXT } },
      form: { ...OBJECT, properties: { a: TEXT } },
    },
    {
      what: 'an array of such objects',
      schema: { type: 'array', items: { type: 'object' } },
      form: { type: 'array', items: OBJECT },
    },
    {
      what: 'a record of arrays',
      schema: { type: 'object', additionalProperties: { type: 'array' } },
      form: { ...OBJECT, additionalProperties: { type: 'array', items: {} } },
    },
    { what: 'a schema that is true', schema: true, form: {} },
    { what: 'items that are true', schema: { type: 'array', items: true }, form: { type: 'array', items: {} } },
    { what: 'items that are false', schema: { items: false }, form: { type: 'array', maxItems: 0, items: {} } },
    {
      what: 'a type or null',
      schema: { type: ['string', 'null'], maxLength: 3, description: 'A text' },
      form: { description: 'A text', anyOf: [{ ...TEXT, maxLength: 3 }, { type: 'null' }] },
    },
    {
      what: 'an array or null',
      schema: { type: ['array', 'null'] },
      form: { anyOf: [{ type: 'array', items: {} }, { type: 'null' }] },
    },
    {
      what: 'a choice or null',
      schema: { type: ['string', 'null'], enum: ['a', null] },
      form: {
        anyOf: [
          { ...TEXT, enum: ['a'] },
          { type: 'null', enum: [null] },
        ],
      },
    },
    { what: 'a list of one type', schema: { type: ['string'] }, form: TEXT },
    {
      what: 'a nullable type of OpenAPI',
      schema: { ...TEXT, nullable: true },
      form: { anyOf: [TEXT, { type: 'null' }] },
    },
    { what: 'an unknown type', schema: { type: 'any', description: 'x' }, form: { description: 'x' } },
    { what: 'oneOf', schema: { oneOf: [TEXT, NUMBER] }, form: { anyOf: [TEXT, NUMBER] } },
    { what: 'an alternative that is false', schema: { anyOf: [TEXT, false] }, form: { anyOf: [TEXT] } },
    {
      what: 'allOf',
      schema: { allOf: [{ properties: { a: TEXT } }, { properties: { b: true }, required: ['b'] }] },
      form: { type: 'object', properties: { a: TEXT, b: {} }, required: ['b'] },
    },
    {
      what: 'allOf that cannot be merged',
      schema: { allOf: [{ minimum: 1 }, { minimum: 2 }] },
      form: { allOf: [{ minimum: 1 }, { minimum: 2 }] },
    },
    { what: 'const', schema: { const: 'a' }, form: { enum: ['a'] } },
    { what: 'an empty enum', schema: { ...TEXT, enum: [] }, form: TEXT },
    { what: 'required of draft 3', schema: { ...TEXT, required: true }, form: TEXT },
    {
      what: 'a required property without a schema',
      schema: { type: 'object', required: ['a'] },
      form: { type: 'object', properties: { a: {} }, required: ['a'] },
    },
    {
      what: 'exclusive bounds of draft 4',
      schema: { ...NUMBER, minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: false },
      form: { ...NUMBER, exclusiveMinimum: 1, maximum: 3 },
    },
    {
      what: 'bounds of 64-bit integers',
      schema: { type: 'integer', minimum: 0, maximum: 2 ** 64 },
      form: { type: 'integer', minimum: 0 },
    },
    {
      what: 'a tuple with further items',
      schema: { type: 'array', prefixItems: [TEXT] },
      form: { type: 'array', prefixItems: [TEXT], items: { anyOf: [TEXT, {}] } },
    },
    {
      what: 'a tuple of draft 7',
      schema: { type: 'array', items: [TEXT, NUMBER], additionalItems: false },
      form: { type: 'array', maxItems: 2, prefixItems: [TEXT, NUMBER], items: { anyOf: [TEXT, NUMBER] } },
    },
    { what: 'a known format', schema: { ...TEXT, format: 'date' }, form: { ...TEXT, format: 'date' } },
    {
      what: 'keywords that providers refuse',
      schema: {
        ...TEXT,
        $schema: 'http://json-schema.org/draft-04/schema#',
        id: 'x',
        $id: 'x',
        $comment: 'x',
        format: 'uint64',
        contentEncoding: 'base64',
        pattern: '^(?!a)',
        'x-shown': true,
        deprecated: true,
      },
      form: TEXT,
    },
    { what: 'an invalid pattern', schema: { ...TEXT, pattern: '(' }, form: TEXT },
    {
      what: 'properties with the names of keywords',
      schema: { properties: { $ref: TEXT, id: true } },
      form: { type: 'object', properties: { $ref: TEXT, id: {} } },
    },
  ])('may be $what', ({ schema, form }) => {
    expect(formOf(schema)).toEqual(form);
  });

  it('is omitted if it is false', () => {
    expect(providerSchema({ type: 'object', properties: { a: false, b: { not: {} }, c: TEXT } }).properties).toEqual({
      c: TEXT,
    });
  });

  it('keeps the names of prototypes', () => {
    const schema: object = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"array"}}}');
    expect(JSON.stringify(providerSchema({ ...schema }))).toContain('"__proto__":{"type":"array","items":{}}');
  });

  it('has a description that is cut between two characters and marked', () => {
    const cut = (description: string): unknown =>
      providerSchema({ type: 'object', properties: { x: { description } } }, 1024).properties?.['x']?.description;
    expect(cut('a'.repeat(1024))).toBe('a'.repeat(1024));
    expect(cut('a'.repeat(1025))).toBe(`${'a'.repeat(1023)}…`);
    expect(cut(`${'a'.repeat(1022)}😀😀`)).toBe(`${'a'.repeat(1022)}…`);
  });
});

describe('a reference', () => {
  const Name = { type: 'string', description: 'A name' };

  it.each(['$defs', 'definitions'])('to %s is inlined', (keyword) => {
    const schema = { type: 'object', properties: { a: { $ref: `#/${keyword}/Name` } }, [keyword]: { Name } };
    expect(providerSchema(schema)).toEqual({ type: 'object', properties: { a: Name } });
  });

  it('keeps its own description', () => {
    const own = { $ref: '#/$defs/Name', description: 'A surname' };
    expect(formOf(own, { $defs: { Name } })).toEqual({ type: 'string', description: 'A surname' });
  });

  it('is merged with its other keywords', () => {
    const own = { $ref: '#/$defs/Name', maxLength: 3 };
    expect(formOf(own, { $defs: { Name } })).toEqual({ ...Name, maxLength: 3 });
  });

  it('may lead to any part of the schema', () => {
    const properties = { 'a/b': { type: 'array' }, copy: { $ref: '#/properties/a~1b' } };
    expect(providerSchema({ type: 'object', properties }).properties?.['copy']).toEqual({ type: 'array', items: {} });
  });

  it('is kept if it is recursive, with a normalized target', () => {
    const Node = { properties: { next: { $ref: '#/definitions/Node' }, tags: { type: 'array' } } };
    const schema = { type: 'object', properties: { first: { $ref: '#/definitions/Node' } }, definitions: { Node } };
    expect(providerSchema(schema)).toEqual({
      type: 'object',
      properties: { first: { $ref: '#/$defs/Node' } },
      $defs: {
        Node: {
          type: 'object',
          properties: { next: { $ref: '#/$defs/Node' }, tags: { type: 'array', items: {} } },
        },
      },
    });
  });

  it('to the whole schema is kept', () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(providerSchema(schema)).toEqual(schema);
  });

  it('is kept if the schema grows too much without references', () => {
    const link = (index: number): object => ({
      type: 'object',
      properties: { a: { $ref: `#/$defs/D${index}` }, b: { $ref: `#/$defs/D${index}` } },
    });
    const chain = Array.from({ length: 30 }, (_, index): [string, object] => [`D${index}`, link(index + 1)]);
    const { $defs } = providerSchema({ ...link(0), $defs: { ...Object.fromEntries(chain), D30: TEXT } });
    expect(Object.keys(Object($defs))).toHaveLength(31);
  });

  it('is kept if the parts of a schema grow too much without references', () => {
    const doubled = (index: number): object => ({
      allOf: [{ $ref: `#/$defs/D${index}` }, { $ref: `#/$defs/D${index}` }],
    });
    const $defs = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`D${index}`, doubled(index + 1)]));
    expect(formOf(doubled(0), { $defs: { ...$defs, D40: TEXT } })).toEqual(doubled(0));
  });

  it.each([
    ['#/$defs/None', {}, 'refers to #/$defs/None, which does not exist'],
    ['https://app.example/a.json', {}, 'refers to https://app.example/a.json, which does not exist'],
    ['#/$defs/A', { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } }, 'refers only to itself'],
  ])('to %s is refused with %j', ($ref, $defs, fault) => {
    expect(() => formOf({ $ref }, { $defs })).toThrow(fault);
  });
});

describe('the top of a schema', () => {
  it('has properties if nothing is declared', () => {
    expect(providerSchema({ type: 'object', $schema: 'x' })).toEqual(OBJECT);
  });

  it.each(['anyOf', 'oneOf'])('becomes one object for %s', (keyword) => {
    const properties = { a: TEXT, b: NUMBER };
    const schema = { type: 'object', properties, [keyword]: [{ required: ['a'] }, { required: ['b'] }] };
    expect(providerSchema(schema)).toMatchObject({ type: 'object', properties });
    expect(Object.keys(providerSchema(schema))).not.toContain(keyword);
  });

  it('unites the alternatives, so that each call remains possible', () => {
    const one = { type: 'object', properties: { kind: { const: 'one' }, a: TEXT }, required: ['kind', 'a'] };
    const two = { type: 'object', properties: { kind: { const: 'two' }, a: NUMBER }, required: ['kind'] };
    const schema = { type: 'object', anyOf: [{ $ref: '#/$defs/one' }, two, { type: 'null' }], $defs: { one } };
    expect(providerSchema(schema)).toEqual({
      type: 'object',
      properties: { kind: { anyOf: [{ enum: ['one'] }, { enum: ['two'] }] }, a: { anyOf: [TEXT, NUMBER] } },
      required: ['kind'],
      additionalProperties: true,
    });
  });

  it('merges its parts', () => {
    const allOf = [
      { properties: { a: TEXT }, required: ['a'], minProperties: 1 },
      { properties: { b: NUMBER }, minProperties: 2 },
    ];
    expect(providerSchema({ type: 'object', allOf })).toEqual({
      type: 'object',
      properties: { a: TEXT, b: NUMBER },
      required: ['a'],
    });
  });

  it('keeps the names that a pattern of a closed part allows', () => {
    const closed = { patternProperties: { '^a': true }, additionalProperties: false };
    const schema = { type: 'object', allOf: [closed, { patternProperties: { b$: true } }] };
    expect(disagreements(schema, [{ ab: 1 }, { a: 1 }])).toEqual([]);
  });

  it('has the properties of its conditions, with any value for the other case', () => {
    const schema: object = JSON.parse('{"properties":{"kind":{}},"then":{"properties":{"a":{"type":"array"}}}}');
    const properties = { kind: {}, a: { anyOf: [{ type: 'array', items: {} }, {}] } };
    expect(providerSchema({ type: 'object', ...schema })).toMatchObject({ properties });
  });

  it.each<{ what: string; other: object; form: object }>([
    { what: 'any value', other: { properties: { b: NUMBER } }, form: { anyOf: [TEXT, {}] } },
    { what: 'other values', other: { additionalProperties: NUMBER }, form: { anyOf: [TEXT, NUMBER] } },
    { what: 'no value', other: { properties: { b: NUMBER }, additionalProperties: false }, form: TEXT },
    {
      what: 'any value by a pattern',
      other: { patternProperties: { '^a': NUMBER }, additionalProperties: false },
      form: { anyOf: [TEXT, {}] },
    },
  ])('gives a property of one alternative its schema, and $what if another allows it', ({ other, form }) => {
    const anyOf = [{ properties: { a: TEXT } }, other];
    expect(providerSchema({ type: 'object', anyOf }).properties?.['a']).toEqual(form);
  });

  it('has neither enum nor const nor not', () => {
    expect(providerSchema({ type: 'object', enum: [{}], const: {}, not: { required: ['a'] } })).toEqual(OBJECT);
  });

  it.each([
    ['a text', { type: 'string' }],
    ['alternatives without an object', { type: 'object', anyOf: [{ type: 'string' }, false] }],
  ])('cannot be %s', (_, schema) => {
    expect(() => providerSchema(schema)).toThrow('its schema must describe an object');
  });

  it('cannot grow without limit', () => {
    const doubled = (index: number): object => ({
      anyOf: [{ $ref: `#/$defs/D${index}` }, { $ref: `#/$defs/D${index}` }],
    });
    const $defs = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`D${index}`, doubled(index + 1)]));
    const schema = { type: 'object', ...doubled(0), $defs: { ...$defs, D40: OBJECT } };
    expect(() => providerSchema(schema)).toThrow('its schema is too large');
  });

  it.each([
    ['only itself', { type: 'object', allOf: [{ $ref: '#' }] }],
    ['a deep nesting', { type: 'object', properties: { a: nested(1000) } }],
  ])('cannot have %s', (_, schema) => {
    expect(() => providerSchema(schema)).toThrow('nested deeper than 64 levels');
  });
});

it('accepts the same values if one schema can express it', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: ['string', 'null'], maxLength: 2 },
      tags: { items: { $ref: '#/$defs/Tag' } },
      size: { allOf: [{ type: 'integer' }, { minimum: 1 }] },
      gone: { const: null },
    },
    required: ['name'],
    additionalProperties: false,
    $defs: { Tag: { type: 'object', properties: { sub: { type: 'array', items: { $ref: '#/$defs/Tag' } } } } },
  };
  const values = [
    {},
    { name: null },
    { name: 'ab' },
    { name: 'abc' },
    { name: 1 },
    { name: 'a', other: 1 },
    { name: 'a', tags: [{ sub: [{ sub: [] }] }] },
    { name: 'a', tags: [{ sub: [{ sub: 1 }] }] },
    { name: 'a', size: 0 },
    { name: 'a', size: 1, gone: null },
    { name: 'a', gone: 1 },
  ];
  expect(disagreements(schema, values)).toEqual([]);
});

it(`accepts each value that a random schema accepts, with the seed ${SEED}`, () => {
  const [draft7, draft2020] = [new Ajv(OPTIONS), new Ajv2020(OPTIONS)];
  const random = new RandomSchemas(SEED);
  const refused: string[] = [];
  let accepted = 0;
  for (let index = 0; index < 120; index++) {
    const schema = { type: 'object', ...random.schema(2) };
    const isValid = draft7.compile(schema);
    const values = Array.from({ length: 60 }, () => random.value()).filter((value) => isValid(value));
    if (values.length === 0) continue;
    accepted += values.length;
    const form = providerSchema(schema);
    const isOffered = draft2020.compile(form);
    const wrong = values.filter((value) => !isOffered(value));
    refused.push(...wrong.map((value) => JSON.stringify({ schema, form, value })));
  }
  const [shortest] = refused.toSorted((one, other) => one.length - other.length);
  expect(shortest).toBeUndefined();
  expect(accepted).toBeGreaterThan(500);
});

function nested(levels: number): object {
  let schema: object = TEXT;
  for (let level = 0; level < levels; level++) schema = { type: 'array', items: schema };
  return schema;
}
