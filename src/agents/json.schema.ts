/** The part of JSON Schema that describes what a model may send. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly [keyword: string]: unknown;
}

export type Definitions = Readonly<Record<string, JsonSchema>>;

/** What strict mode of the providers does not know; the validator still keeps it. */
const UNKNOWN_TO_STRICT = new Set(['$schema', '$defs', 'definitions', 'minLength', 'maxLength', 'default', 'examples']);
const MAX_LEVELS = 8;

/**
 * The schema as strict mode wants it: references put in place, every property required with optional ones
 * nullable, and no properties beside.
 *
 * @throws Error for a schema that refers to itself, or to what is not there.
 */
export function strictSchema(schema: JsonSchema, definitions: Definitions = {}, level = 0): JsonSchema {
  if (level > MAX_LEVELS) throw new Error(`its schema nests deeper than ${MAX_LEVELS} levels or refers to itself`);
  const inner = (child: JsonSchema): JsonSchema => strictSchema(child, definitions, level + 1);
  if (schema.$ref !== undefined) return { ...inner(referred(schema.$ref, definitions)), ...described(schema) };
  const { properties, items, anyOf, ...rest } = schema;
  const kept = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !UNKNOWN_TO_STRICT.has(keyword)));
  return {
    ...kept,
    ...(anyOf ? { anyOf: anyOf.map(inner) } : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(properties || schema.type === 'object' ? strictObject(schema, inner) : {}),
  };
}

function strictObject(
  { properties = {}, required = [] }: JsonSchema,
  inner: (child: JsonSchema) => JsonSchema,
): JsonSchema {
  const entries = Object.entries(properties).map(([name, child]): [string, JsonSchema] => [
    name,
    required.includes(name) ? inner(child) : nullable(inner(child)),
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(entries),
    required: entries.map(([name]) => name),
    additionalProperties: false,
  };
}

function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (type === undefined) return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'].flat(), ...(values ? { enum: [...values, null] } : {}) };
}

function referred(reference: string, definitions: Definitions): JsonSchema {
  const found = definitions[reference.slice(reference.lastIndexOf('/') + 1)];
  if (!found) throw new Error(`its schema refers to ${reference}, which is not there`);
  return found;
}

function described({ description }: JsonSchema): JsonSchema {
  return description === undefined ? {} : { description };
}

/** The value without the nulls that strict mode makes a model send for what it leaves out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(given.map(([name, child]) => [name, withoutNulls(child)]));
}
