import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../../json/json.object.ts';

const MAX_FAULT_CHARS = 1000;
const MAX_FAULTS = 100;

/** The part of JSON Schema that describes what a model may send. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  /** OpenAPI's keyword for allowing null. */
  readonly nullable?: boolean;
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** Definitions by the last part of their reference; `#` is the whole schema. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

function isDefinitions(value: unknown): value is Definitions {
  return isObject(value);
}

/** The definitions of a schema, of any draft. */
export function definitionsOf({ $defs, definitions }: JsonSchema): Definitions {
  return { ...(isDefinitions(definitions) ? definitions : {}), ...(isDefinitions($defs) ? $defs : {}) };
}

/** The used part of an error of Ajv. */
interface ValidationFault {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: JsonObject;
}

/** Describes errors of Ajv for a model. */
export function describeFaults(faults: readonly ValidationFault[]): string {
  return faults.slice(0, MAX_FAULTS).map(describeFault).join('; ').slice(0, MAX_FAULT_CHARS);
}

function describeFault({ instancePath, message = 'is not valid', params }: ValidationFault): string {
  const extra = params['additionalProperty'];
  return `${instancePath || 'It'} ${message}${typeof extra === 'string' ? ` ("${extra}")` : ''}`;
}

/** Keywords that do not restrict values: schemas that differ in them can be merged. */
const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples']);

/** Copies a schema as JSON, without undefined values. Replaces each value in it, if a function is given. */
export function plainSchema(schema: object, replaced = (value: unknown): unknown => value): JsonSchema {
  const copy: unknown = JSON.parse(JSON.stringify(schema, (_key, value: unknown) => replaced(value)));
  if (isObject(copy)) return copy;
  throw new TypeError('A schema must be an object.');
}

/**
 * Simplifies a schema at its top level: replaces $ref, oneOf, const and nullable, and merges allOf if possible. Only
 * the validator enforces that a single branch of oneOf matches.
 *
 * @throws Error if a reference has no target.
 */
export function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const { nullable: isNullable, ...rest } = schema;
  const plain = rest.$ref === undefined ? mergeComposition(rest, definitions) : target(rest.$ref, rest, definitions);
  return isNullable && !acceptsNull(plain, definitions) ? nullable(plain) : plain;
}

/** Whether the schema accepts null. */
export function acceptsNull(schema: JsonSchema, definitions: Definitions): boolean {
  const { type, enum: values, anyOf, allOf, not, properties } = resolved(schema, definitions);
  const accepts = (child: JsonSchema): boolean => acceptsNull(child, definitions);
  if (type === undefined ? properties !== undefined : ![type].flat().includes('null')) return false;
  if (values && !values.includes(null)) return false;
  return (anyOf?.some(accepts) ?? true) && (allOf?.every(accepts) ?? true) && !(not && accepts(not));
}

/** @throws Error if the reference has no target. */
function resolveReference(reference: string, definitions: Definitions): JsonSchema {
  const found = definitions[nameOf(reference)];
  if (!found) throw new Error(`its schema refers to ${reference}, which does not exist`);
  return found;
}

export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Whether an object may have unnamed properties. If unspecified, only an object without `properties` may. */
export function isOpen({ properties, patternProperties, additionalProperties }: JsonSchema): boolean {
  return patternProperties !== undefined || (additionalProperties ?? properties === undefined) !== false;
}

/** The schema, extended to accept null. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, anyOf } = schema;
  if (anyOf) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  return {
    ...schema,
    ...(type === undefined ? {} : { type: [type, 'null'].flat() }),
    ...(values ? { enum: [...values, null] } : {}),
  };
}

/** The schema of values that match both; undefined if one schema cannot express it. */
export function merged(one: JsonSchema, other: JsonSchema): JsonSchema | undefined {
  const { properties: a, required: requiredByOne = [], additionalProperties: openOne, ...restOfOne } = one;
  const { properties: b, required: requiredByOther = [], additionalProperties: openOther, ...restOfOther } = other;
  const isContradicted = Object.entries(restOfOne).some(
    ([keyword, value]) =>
      keyword in restOfOther && !ANNOTATIONS.has(keyword) && !isDeepStrictEqual(value, restOfOther[keyword]),
  );
  if (isContradicted) return undefined;
  const isClosed = openOne === false || openOther === false;
  const additionalProperties = isClosed ? false : (openOne ?? openOther);
  const required = [...new Set([...requiredByOne, ...requiredByOther])];
  return {
    ...restOfOne,
    ...restOfOther,
    ...((a ?? b) ? { properties: { ...a, ...b, ...shared(a ?? {}, b ?? {}) } } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties }),
  };
}

/**
 * An object with the properties of all, which accepts what any of them accepts. A property that only some of them name
 * keeps their schemas. It also accepts every value, `{ anyOf: [schema, {}] }`, if another object leaves it open.
 *
 * @param mayHaveMore whether an object accepts properties that it does not name.
 * @example
 * uniteObjects([
 *   { properties: { a: { type: 'string' } }, additionalProperties: false },
 *   { properties: { a: { type: 'number' } }, additionalProperties: false },
 * ]).properties; // { a: { anyOf: [{ type: 'string' }, { type: 'number' }] } }
 */
export function uniteObjects(objects: readonly JsonSchema[], mayHaveMore = isOpen): JsonSchema {
  const names = [...new Set(objects.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const properties = names.map((name): [string, JsonSchema] => {
    const isNamed = ({ properties: own = {} }: JsonSchema): boolean => Object.hasOwn(own, name);
    const children = objects.filter(isNamed).map((object) => object.properties?.[name] ?? {});
    const others = objects.filter((object) => !isNamed(object) && mayHaveMore(object));
    return [name, anyOfDistinct([...children, ...others.map(furtherSchema)])];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: names.filter((name) => objects.every(({ required = [] }) => required.includes(name))),
    ...(objects.some(mayHaveMore) ? { additionalProperties: true } : {}),
  };
}

/** Accepts each value that the object accepts as a property that it does not name. */
function furtherSchema({ patternProperties, additionalProperties }: JsonSchema): JsonSchema {
  return isObject(additionalProperties) && patternProperties === undefined ? additionalProperties : {};
}

function anyOfDistinct(schemas: readonly JsonSchema[]): JsonSchema {
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [first, ...others] = distinct;
  return first && others.length === 0 ? first : { anyOf: distinct };
}

type Properties = NonNullable<JsonSchema['properties']>;

/** The common properties, merged. */
function shared(one: Properties, other: Properties): Properties {
  const both = Object.entries(one).flatMap(([name, child]): [string, JsonSchema][] => {
    const twin = Object.hasOwn(other, name) ? other[name] : undefined;
    if (twin === undefined) return [];
    return [[name, isDeepStrictEqual(child, twin) ? child : { allOf: [child, twin] }]];
  });
  return Object.fromEntries(both);
}

function target(reference: string, { description }: JsonSchema, definitions: Definitions): JsonSchema {
  const found = resolved(resolveReference(reference, definitions), definitions);
  return { ...found, ...(description === undefined ? {} : { description }) };
}

function mergeComposition({ oneOf, allOf = [], ...schema }: JsonSchema, definitions: Definitions): JsonSchema {
  const own = constToEnum(schema, definitions);
  const parts = [...(oneOf ? [{ anyOf: oneOf }] : []), ...allOf.map((part) => resolved(part, definitions))];
  const combined = parts.reduce<JsonSchema | undefined>((sum, part) => sum && merged(sum, part), own);
  return combined ?? { ...own, allOf: parts };
}

/** Converts a constant to an enum, and a record with known names to an object. */
function constToEnum({ const: constant, ...schema }: JsonSchema, definitions: Definitions): JsonSchema {
  if (constant !== undefined) return { ...schema, enum: [constant] };
  const { propertyNames, properties, additionalProperties: child, ...rest } = schema;
  if (propertyNames === undefined || properties || typeof child !== 'object') return schema;
  const names = resolved(propertyNames, definitions).enum;
  if (!names) return schema;
  const entries = names.map((name): [string, JsonSchema] => [String(name), child]);
  return { ...rest, properties: Object.fromEntries(entries), additionalProperties: false };
}
