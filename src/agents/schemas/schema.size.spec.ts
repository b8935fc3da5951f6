import type { JsonSchema } from './json.schema.js';
import { sizeFault } from './schema.size.js';

/** Definitions that each refer twice to the next one. */
function doubling(levels: number): JsonSchema {
  const definitions = Array.from({ length: levels }, (_, level): [string, JsonSchema] => [
    `D${level}`,
    { type: 'object', properties: { a: { $ref: `#/$defs/D${level + 1}` }, b: { $ref: `#/$defs/D${level + 1}` } } },
  ]);
  return {
    type: 'object',
    properties: { root: { $ref: '#/$defs/D0' } },
    $defs: { ...Object.fromEntries(definitions), [`D${levels}`]: { type: 'string' } },
  };
}

/** Definitions that each refer to the next one. */
function chain(links: number): JsonSchema {
  const definitions = Array.from({ length: links }, (_, link): [string, JsonSchema] => [
    `D${link}`,
    { properties: { next: { $ref: `#/$defs/D${link + 1}` } } },
  ]);
  return {
    type: 'object',
    properties: { first: { $ref: '#/$defs/D0' } },
    $defs: { ...Object.fromEntries(definitions), [`D${links}`]: { type: 'string' } },
  };
}

describe('sizeFault', () => {
  it.each([
    ['an ordinary schema', { type: 'object', properties: { city: { type: 'string' } } }],
    ['a definition in several places', doubling(5)],
    ['a schema that refers to itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    [
      'definitions that refer to one another',
      {
        type: 'object',
        properties: { a: { $ref: '#/$defs/A' } },
        $defs: {
          A: { properties: { b: { $ref: '#/$defs/B' }, c: { $ref: '#/$defs/B' } } },
          B: { properties: { a: { $ref: '#/$defs/A' }, b: { $ref: '#/$defs/B' } } },
        },
      },
    ],
    ['a long chain of definitions', chain(300)],
    ['a reference without a target', { type: 'object', properties: { a: { $ref: '#/$defs/None/x' } } }],
    ['a property that is called $ref', { type: 'object', properties: { $ref: { type: 'string' } } }],
    ['a reference that is not well formed', { type: 'object', properties: { a: { $ref: '#/$defs/%' } } }],
  ])('accepts %s', (_, schema) => {
    expect(sizeFault(schema)).toBeUndefined();
  });

  it.each([
    ['definitions that double 40 times', doubling(40)],
    ['definitions whose total size overflows', doubling(2000)],
    [
      'a large definition in many places',
      {
        type: 'object',
        allOf: Array.from({ length: 300 }, () => ({ $ref: '#/$defs/D' })),
        $defs: { D: { description: 'x'.repeat(2000) } },
      },
    ],
    [
      'a large property in many places',
      {
        type: 'object',
        properties: {
          'a/b': { description: 'x'.repeat(2000) },
          c: { anyOf: Array.from({ length: 300 }, () => ({ $ref: '#/properties/a~1b' })) },
        },
      },
    ],
    ['more levels than fit on the stack', chain(20_000)],
  ])('refuses %s', (_, schema) => {
    expect(sizeFault(schema)).toContain('output_schema is too large');
  });

  it('visits each part once, even with many references to it', () => {
    let visits = 0;
    const counted = new Proxy({ type: 'string' }, { ownKeys: (target) => (visits++, Reflect.ownKeys(target)) });
    const schema = doubling(40);
    sizeFault({ ...schema, $defs: { ...Object(schema.$defs), D40: counted } });
    expect(visits).toBe(1);
  });
});
