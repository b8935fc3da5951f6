import { schemaOfCaller } from './caller.schema.js';
import { InvalidValue } from './value.schema.js';

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

describe('schemaOfCaller', () => {
  it('tells the schema in the form of strict mode, and keeps it without the nulls of that form', async () => {
    const city = schemaOfCaller({ ...CITY, additionalProperties: false });
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
  ])('finds what is wrong with %j', async (value, fault) => {
    const failure = await schemaOfCaller({ ...CITY, additionalProperties: false })
      .parse(value)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidValue);
    expect(String(failure)).toContain(fault);
  });

  it.each([
    ['a list', { type: 'array' }, 'must be of type "object"'],
    ['a type that there is not', { type: 'object', properties: { a: { type: 'text' } } }, 'schema is invalid'],
    ['a pattern that is none', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, 'Unterminated'],
    ['what is not there', { type: 'object', properties: { a: { $ref: '#/$defs/None' } } }, '#/$defs/None'],
    ['another host', { type: 'object', properties: { a: { $ref: 'https://app.example/a.json' } } }, 'app.example'],
    ['a name for others to refer to', { type: 'object', properties: { a: { $id: 'https://a.example' } } }, '$id'],
    ['a promise', { type: 'object', $async: true }, '$async'],
  ])('refuses %s', (_, schema, fault) => {
    expect(() => schemaOfCaller(schema)).toThrow(InvalidValue);
    expect(() => schemaOfCaller(schema)).toThrow(fault);
  });

  it('gives a pattern that would go on for ever little time', async () => {
    const endless = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const shape = schemaOfCaller(endless);
    await expect(shape.parse({ a: `${'a'.repeat(60)}!` })).rejects.toThrow('in time');
    expect(await shape.parse({ a: 'aaa' })).toEqual({ a: 'aaa' });
  });

  it('tells as it is what would be endless with its references in place', async () => {
    const doubled = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `D${index}`,
        { type: 'object', properties: { a: { $ref: `#/$defs/D${index + 1}` }, b: { $ref: `#/$defs/D${index + 1}` } } },
      ]),
    );
    const tree = { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/$defs/D0' } } } };
    const { isStrict, schema } = schemaOfCaller({ ...tree, $defs: { ...doubled, D40: { type: 'string' } } });
    expect(isStrict).toBe(false);
    expect(schema.$defs).toBeDefined();

    const list = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
    const recursive = schemaOfCaller(list);
    expect(recursive.isStrict).toBe(false);
    expect(await recursive.parse({ next: { next: {} } })).toEqual({ next: { next: {} } });
    await expect(recursive.parse({ next: { next: { other: 1 } } })).rejects.toThrow('("other")');
  });

  it('survives a schema that refers to itself and to nothing else', async () => {
    const endless = schemaOfCaller({ type: 'object', allOf: [{ $ref: '#' }] });
    await expect(endless.parse({})).rejects.toThrow(InvalidValue);
  });
});
