import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  IsArray,
  IsDefined,
  IsEnum,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { z } from 'zod';
import type { JsonSchema } from './json.schema.js';
import { schemaOfDto, schemaOfStandard, type ValueSchema } from './value.schema.js';

const TEXT = { type: 'string' };
const NUMBER = { type: 'number' };
const NULL = { type: 'null' };
const [TEXT_OR_NULL, NUMBER_OR_NULL] = [{ type: ['string', 'null'] }, { type: ['number', 'null'] }];

function strictObject(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The model's schema of a tool with this one property. */
function modelSchemaOf(x: z.ZodType): { x: unknown; isStrict: boolean } {
  const { schema, isStrict } = schemaOfStandard(z.object({ x }));
  return { x: schema.properties?.['x'], isStrict };
}

const Cat = z.object({ kind: z.literal('cat'), lives: z.number() });
const Dog = z.object({ kind: z.literal('dog'), name: z.string().optional() });
const Pet = z.discriminatedUnion('kind', [Cat, Dog]);
const CAT = strictObject({ kind: { type: 'string', enum: ['cat'] }, lives: NUMBER });
const DOG = strictObject({ kind: { type: 'string', enum: ['dog'] }, name: TEXT_OR_NULL });

const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree).optional();
  },
});

describe('a schema that strict mode can express', () => {
  it.each<{ what: string; schema: z.ZodType; modelSchema: object }>([
    { what: 'an optional text', schema: z.string().optional(), modelSchema: TEXT_OR_NULL },
    { what: 'a nullable text', schema: z.string().nullable(), modelSchema: TEXT_OR_NULL },
    { what: 'a text that is optional and nullable', schema: z.string().nullish(), modelSchema: TEXT_OR_NULL },
    { what: 'a text with a default', schema: z.string().default('x'), modelSchema: TEXT_OR_NULL },
    { what: 'a literal', schema: z.literal('a'), modelSchema: { type: 'string', enum: ['a'] } },
    {
      what: 'an optional literal',
      schema: z.literal('a').optional(),
      modelSchema: { type: ['string', 'null'], enum: ['a', null] },
    },
    {
      what: 'literals of several types',
      schema: z.literal(['a', 1, null]),
      modelSchema: { type: ['string', 'number', 'null'], enum: ['a', 1, null] },
    },
    {
      what: 'an optional enum',
      schema: z.enum(['a', 'b']).optional(),
      modelSchema: { type: ['string', 'null'], enum: ['a', 'b', null] },
    },
    {
      what: 'a nullable enum',
      schema: z.enum(['a']).nullable().optional(),
      modelSchema: { anyOf: [{ type: 'string', enum: ['a'] }, NULL] },
    },
    { what: 'a discriminated union', schema: Pet, modelSchema: { anyOf: [CAT, DOG] } },
    { what: 'an optional union', schema: Pet.optional(), modelSchema: { anyOf: [CAT, DOG, NULL] } },
    {
      what: 'an intersection',
      schema: z.object({ a: z.string() }).and(z.object({ b: z.number().optional() })),
      modelSchema: strictObject({ a: TEXT, b: NUMBER_OR_NULL }),
    },
    {
      what: 'a record of known names',
      schema: z.partialRecord(z.enum(['a', 'b']), z.number()),
      modelSchema: strictObject({ a: NUMBER_OR_NULL, b: NUMBER_OR_NULL }),
    },
    {
      what: 'an array',
      schema: z.array(z.object({ a: z.string().optional() })).min(1),
      modelSchema: { type: 'array', minItems: 1, items: strictObject({ a: TEXT_OR_NULL }) },
    },
    { what: 'a closed object', schema: z.strictObject({ a: z.string() }), modelSchema: strictObject({ a: TEXT }) },
    { what: 'an object without properties', schema: z.object({}), modelSchema: strictObject({}) },
    {
      what: 'a schema with a name',
      schema: z.object({ a: z.string() }).meta({ id: 'Named', description: 'One.' }),
      modelSchema: { ...strictObject({ a: TEXT }), description: 'One.' },
    },
    { what: 'lengths, which only the validator checks', schema: z.string().min(2).max(3), modelSchema: TEXT },
    { what: 'bounds', schema: z.number().min(1).max(3), modelSchema: { ...NUMBER, minimum: 1, maximum: 3 } },
    {
      what: 'a supported format',
      schema: z.string().meta({ format: 'uuid' }),
      modelSchema: { ...TEXT, format: 'uuid' },
    },
    { what: 'an unsupported format', schema: z.string().meta({ format: 'credit-card' }), modelSchema: TEXT },
    { what: 'a pattern', schema: z.string().regex(/^a+$/), modelSchema: { ...TEXT, pattern: '^a+$' } },
    { what: 'a pattern with a lookaround', schema: z.string().regex(/^(?!b)a/), modelSchema: TEXT },
    { what: 'extension keywords', schema: z.string().meta({ 'x-shown': true }), modelSchema: TEXT },
  ])('$what', ({ schema, modelSchema }) => {
    expect(modelSchemaOf(schema)).toEqual({ x: modelSchema, isStrict: true });
  });
});

describe('a schema that strict mode cannot express', () => {
  it.each<{ what: string; schema: z.ZodType; modelSchema: object }>([
    {
      what: 'a record',
      schema: z.record(z.string(), z.number()),
      modelSchema: { type: 'object', properties: {}, propertyNames: TEXT, additionalProperties: NUMBER },
    },
    {
      what: 'a tuple',
      schema: z.tuple([z.string(), z.number()]),
      modelSchema: {
        type: 'array',
        prefixItems: [TEXT, NUMBER],
        items: { anyOf: [TEXT, NUMBER] },
        minItems: 2,
        maxItems: 2,
      },
    },
    {
      what: 'an open tuple',
      schema: z.tuple([z.string()], z.number()),
      modelSchema: { type: 'array', prefixItems: [TEXT], items: NUMBER, minItems: 1 },
    },
    {
      what: 'names by pattern',
      schema: z.looseRecord(z.string().regex(/^x-/), z.number()),
      modelSchema: { type: 'object', properties: {}, patternProperties: { '^x-': NUMBER } },
    },
    {
      what: 'an open object',
      schema: z.looseObject({ a: z.string() }),
      modelSchema: { type: 'object', properties: { a: TEXT }, required: ['a'], additionalProperties: {} },
    },
    { what: 'any value', schema: z.unknown(), modelSchema: {} },
    {
      what: 'any object',
      schema: z.unknown().meta({ type: 'object' }),
      modelSchema: { type: 'object', properties: {} },
    },
    {
      what: 'an array without items',
      schema: z.unknown().meta({ type: 'array' }),
      modelSchema: { type: 'array', items: {} },
    },
    { what: 'any array', schema: z.array(z.unknown()), modelSchema: { type: 'array', items: {} } },
    {
      what: 'schemas that cannot be merged',
      schema: z.unknown().meta({ allOf: [{ minimum: 1 }, { minimum: 2 }] }),
      modelSchema: { allOf: [{ minimum: 1 }, { minimum: 2 }] },
    },
    {
      what: 'too many values',
      schema: z.enum(Array.from({ length: 1001 }, (_, index) => `v${index}`)),
      modelSchema: { type: 'string', enum: expect.any(Array) },
    },
  ])('$what is sent without strict mode', ({ schema, modelSchema }) => {
    expect(modelSchemaOf(schema)).toEqual({ x: modelSchema, isStrict: false });
  });

  it('a recursive schema keeps its references', () => {
    expect(schemaOfStandard(z.object({ tree: Tree }))).toMatchObject({
      isStrict: false,
      schema: {
        type: 'object',
        properties: { tree: { $ref: expect.stringMatching(/^#\/\$defs\//) } },
        $defs: expect.any(Object),
      },
    });
    expect(schemaOfStandard(Tree)).toMatchObject({
      isStrict: false,
      schema: { properties: { children: { items: { $ref: '#' } } } },
    });
  });

  it('a nesting deeper than ten objects is not strict', () => {
    const nested = (levels: number): z.ZodType => (levels === 0 ? z.string() : z.object({ inner: nested(levels - 1) }));
    expect([10, 11].map((levels) => schemaOfStandard(nested(levels)).isStrict)).toEqual([true, false]);
  });

  it('omits the dialect and unused definitions', () => {
    const { schema } = schemaOfStandard(z.object({ x: z.unknown() }));
    expect(schema).toEqual({ type: 'object', properties: { x: {} }, required: ['x'] });
  });
});

describe('the top of a schema', () => {
  it('becomes one object for a union of objects', () => {
    expect(schemaOfStandard(Pet)).toMatchObject({
      isStrict: true,
      schema: strictObject({
        kind: {
          anyOf: [
            { type: 'string', enum: ['cat'] },
            { type: 'string', enum: ['dog'] },
          ],
        },
        lives: NUMBER_OR_NULL,
        name: TEXT_OR_NULL,
      }),
    });
  });

  it.each<[string, z.ZodType]>([
    ['an array', z.array(z.string())],
    ['a text', z.string()],
    ['any value', z.unknown()],
    ['a union with others', z.union([Cat, z.string()])],
  ])('cannot be %s', (_, schema) => {
    expect(() => schemaOfStandard(schema)).toThrow('its schema must describe an object');
  });
});

const Settings = z.object({
  meant: z.string().nullable(),
  both: z.string().nullish(),
  left: z.string().optional(),
  filled: z.number().default(4),
  any: z.unknown().optional(),
  list: z.array(z.object({ left: z.string().optional(), meant: z.number().nullable() })).optional(),
  pet: Pet.optional(),
});

describe('nulls of a Standard Schema', () => {
  it('are kept if the schema allows them, and dropped if strict mode required them', async () => {
    const sent = {
      meant: null,
      both: null,
      left: null,
      filled: null,
      any: null,
      list: [{ left: null, meant: null }],
      pet: { kind: 'dog', name: null },
    };
    await expect(schemaOfStandard(Settings).parse(sent)).resolves.toEqual({
      meant: null,
      both: null,
      filled: 4,
      any: null,
      list: [{ meant: null }],
      pet: { kind: 'dog' },
    });
  });

  it.each<{ what: string; schema: z.ZodType; sent: unknown; accepted: unknown }>([
    {
      what: 'the branch that the value matches',
      schema: z.object({
        x: z.union([
          z.object({ kind: z.literal('a'), v: z.string().optional() }),
          z.object({ kind: z.literal('b'), v: z.string().nullable() }),
        ]),
      }),
      sent: { x: { kind: 'b', v: null } },
      accepted: { x: { kind: 'b', v: null } },
    },
    {
      what: 'properties of the other branches at the top',
      schema: z.discriminatedUnion('kind', [Cat.strict(), Dog.strict()]),
      sent: { kind: 'cat', lives: 9, name: null },
      accepted: { kind: 'cat', lives: 9 },
    },
    {
      what: 'a record of nulls',
      schema: z.object({ x: z.record(z.string(), z.number().nullable()) }),
      sent: { x: { a: null, b: 1 } },
      accepted: { x: { a: null, b: 1 } },
    },
    {
      what: 'a tuple',
      schema: z.object({ x: z.tuple([z.object({ a: z.string().optional() }), z.null()]) }),
      sent: { x: [{ a: null }, null] },
      accepted: { x: [{}, null] },
    },
    {
      what: 'a schema within itself',
      schema: Tree,
      sent: { name: 'a', children: [{ name: 'b', children: null }] },
      accepted: { name: 'a', children: [{ name: 'b' }] },
    },
    {
      what: 'names of Object.prototype',
      schema: Cat.strict(),
      sent: { kind: 'cat', lives: 9, valueOf: null },
      accepted: { kind: 'cat', lives: 9 },
    },
  ])('follow $what', async ({ schema, sent, accepted }) => {
    await expect(schemaOfStandard(schema).parse(sent)).resolves.toEqual(accepted);
  });

  it('are refused for a required value', async () => {
    await expect(schemaOfStandard(Cat).parse({ kind: 'cat', lives: null })).rejects.toThrow('lives');
  });
});

enum Level {
  Low,
  High,
}

class Place {
  @IsString()
  city: string;

  @IsOptional()
  @IsString()
  street?: string;
}

class Trip {
  @ValidateNested()
  @Type(() => Place)
  from: Place;

  @IsOptional()
  @ValidateNested()
  @Type(() => Place)
  to?: Place;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Place)
  stops: Place[];

  @IsEnum(Level)
  level: Level;

  @IsOptional()
  @IsIn(['train', 'bus', 3])
  by?: string | number;

  @IsOptional()
  @IsInt()
  seats?: number = 1;

  @ValidateIf(({ note }: Trip) => note !== null)
  @IsString()
  note: string | null;

  @IsDefined()
  @IsString({ each: true })
  tags: string[];
}

const PLACE = strictObject({ city: TEXT, street: TEXT_OR_NULL });

class Loose {
  @IsObject()
  options: object;
}

class Anything {
  @Allow()
  value: unknown;
}

class Untyped {
  @IsArray()
  list: unknown[];
}

class Folder {
  @IsString()
  name: string;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Folder)
  folders?: Folder[];
}

function ofDto(dto: new () => object): ValueSchema {
  const schema = schemaOfDto(dto);
  if (!schema) throw new Error('It has no rules.');
  return schema;
}

describe('a DTO', () => {
  it('is converted with its nested classes, enums and arrays', () => {
    expect(ofDto(Trip)).toMatchObject({
      isStrict: true,
      schema: strictObject({
        from: PLACE,
        to: { ...PLACE, type: ['object', 'null'] },
        stops: { type: 'array', items: PLACE },
        level: { type: 'number', enum: [0, 1] },
        by: { type: ['string', 'number', 'null'], enum: ['train', 'bus', 3, null] },
        seats: { type: ['integer', 'null'] },
        note: TEXT_OR_NULL,
        tags: { type: 'array', items: TEXT },
      }),
    });
  });

  it('refuses an object of more than 1000 fields', async () => {
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]));

    await expect(ofDto(Loose).parse({ options: fields(1000) })).resolves.toBeInstanceOf(Loose);
    await expect(ofDto(Loose).parse({ options: [fields(1001)] })).rejects.toThrow('at most 1000 fields');
  });

  it('accepts the nulls that strict mode makes a model send', async () => {
    const sent = {
      from: { city: 'Oslo', street: null },
      to: null,
      stops: [{ city: 'Hamar', street: null }],
      level: 1,
      by: null,
      seats: null,
      note: null,
      tags: [],
    };
    const trip = await ofDto(Trip).parse(sent);
    expect(trip).toBeInstanceOf(Trip);
    expect(trip).toEqual({
      from: { city: 'Oslo' },
      stops: [{ city: 'Hamar' }],
      level: 1,
      seats: 1,
      note: null,
      tags: [],
    });
    expect(trip).toHaveProperty('stops.0', expect.any(Place));
  });

  it('refuses null for a required value', async () => {
    await expect(ofDto(Place).parse({ city: null, street: null })).rejects.toThrow('city must be a string');
  });

  it.each<{ dto: new () => object; modelSchema: JsonSchema; sent: object }>([
    { dto: Loose, modelSchema: { properties: { options: { type: 'object' } } }, sent: { options: { a: null } } },
    { dto: Anything, modelSchema: { properties: { value: {} } }, sent: { value: null } },
    { dto: Untyped, modelSchema: { properties: { list: { type: 'array', items: {} } } }, sent: { list: [null, 1] } },
  ])('$dto.name is not strict and accepts allowed values', async ({ dto, modelSchema, sent }) => {
    const schema = ofDto(dto);
    expect(schema).toMatchObject({ isStrict: false, schema: { type: 'object', ...modelSchema } });
    await expect(schema.parse(sent)).resolves.toEqual(sent);
  });

  it('may be recursive', async () => {
    const schema = ofDto(Folder);
    expect(schema).toMatchObject({
      isStrict: false,
      schema: {
        properties: { folders: { items: { $ref: '#/$defs/Folder' } } },
        $defs: { Folder: { required: ['name'] } },
      },
    });
    expect(Object.keys(Object(schema.schema['$defs']))).toEqual(['Folder']);
    const sent = { name: 'a', folders: [{ name: 'b', folders: null }] };
    await expect(schema.parse(sent)).resolves.toEqual({ name: 'a', folders: [{ name: 'b' }] });
  });
});
