import { isDeepStrictEqual } from 'node:util';

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
  /** OpenAPI's word for a null that is allowed. */
  readonly nullable?: boolean;
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** By the last part of the reference; `#` is the whole. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** Where two schemas differ in these, both are still kept by whoever keeps one of them. */
const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples']);

/**
 * The same in fewer words, at this level: without $ref, oneOf, const and nullable, and without allOf where its parts
 * can be merged. That oneOf means one only is left to the validator.
 *
 * @throws Error for a schema that refers to what is not there.
 */
export function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const { nullable: isNullable, ...rest } = schema;
  const plain = rest.$ref === undefined ? composed(rest, definitions) : target(rest.$ref, rest, definitions);
  return isNullable && !acceptsNull(plain, definitions) ? nullable(plain) : plain;
}

/** Whether null is a value of the schema. */
export function acceptsNull(schema: JsonSchema, definitions: Definitions): boolean {
  const { type, enum: values, anyOf, allOf, not, properties } = resolved(schema, definitions);
  const accepts = (child: JsonSchema): boolean => acceptsNull(child, definitions);
  if (type === undefined ? properties !== undefined : ![type].flat().includes('null')) return false;
  if (values && !values.includes(null)) return false;
  return (anyOf?.some(accepts) ?? true) && (allOf?.every(accepts) ?? true) && !(not && accepts(not));
}

/** @throws Error where there is none. */
export function referred(reference: string, definitions: Definitions): JsonSchema {
  const found = definitions[nameOf(reference)];
  if (!found) throw new Error(`its schema refers to ${reference}, which is not there`);
  return found;
}

export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** Whether an object may have properties beside those that are named, as far as that is meant. */
export function isOpen({ properties, patternProperties, additionalProperties }: JsonSchema): boolean {
  return patternProperties !== undefined || (additionalProperties ?? properties === undefined) !== false;
}

/** The schema with null as a further value. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, anyOf } = schema;
  if (anyOf) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  return {
    ...schema,
    ...(type === undefined ? {} : { type: [type, 'null'].flat() }),
    ...(values ? { enum: [...values, null] } : {}),
  };
}

/** What is a value of both; undefined where that cannot be said in one schema. */
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

type Properties = NonNullable<JsonSchema['properties']>;

/** The properties that both have. */
function shared(one: Properties, other: Properties): Properties {
  const both = Object.entries(one).flatMap(([name, child]): [string, JsonSchema][] => {
    const twin = Object.hasOwn(other, name) ? other[name] : undefined;
    if (twin === undefined) return [];
    return [[name, isDeepStrictEqual(child, twin) ? child : { allOf: [child, twin] }]];
  });
  return Object.fromEntries(both);
}

function target(reference: string, { description }: JsonSchema, definitions: Definitions): JsonSchema {
  const found = resolved(referred(reference, definitions), definitions);
  return { ...found, ...(description === undefined ? {} : { description }) };
}

function composed({ oneOf, allOf = [], ...schema }: JsonSchema, definitions: Definitions): JsonSchema {
  const own = enumerated(schema, definitions);
  const parts = [...(oneOf ? [{ anyOf: oneOf }] : []), ...allOf.map((part) => resolved(part, definitions))];
  const whole = parts.reduce<JsonSchema | undefined>((sum, part) => sum && merged(sum, part), own);
  return whole ?? { ...own, allOf: parts };
}

/** A constant as an enum of one; a record whose names are all known as an object. */
function enumerated({ const: constant, ...schema }: JsonSchema, definitions: Definitions): JsonSchema {
  if (constant !== undefined) return { ...schema, enum: [constant] };
  const { propertyNames, properties, additionalProperties: child, ...rest } = schema;
  if (propertyNames === undefined || properties || typeof child !== 'object') return schema;
  const names = resolved(propertyNames, definitions).enum;
  if (!names) return schema;
  const entries = names.map((name): [string, JsonSchema] => [String(name), child]);
  return { ...rest, properties: Object.fromEntries(entries), additionalProperties: false };
}
