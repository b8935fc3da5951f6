import { acceptsNull, type Definitions, isOpen, type JsonSchema, nullable, resolved } from './json.schema.ts';

/** Keywords that strict mode supports beside the structure. The validator still enforces the others. */
const SUPPORTED_KEYWORDS = new Set([
  'title',
  'description',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
]);
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']);
const LOOKAROUND = /\(\?<?[=!]/;
/** A deeper schema is recursive, or exceeds the size limits anyway. */
const MAX_DEPTH = 32;
const MAX = { levels: 10, properties: 5000, values: 1000, characters: 120_000 };

/**
 * Converts a schema to strict mode: references inlined, every property required, optional ones nullable, no additional
 * properties. Returns undefined if strict mode cannot express it: unknown names or items, untyped values, recursion,
 * or excessive size.
 *
 * @throws Error if a reference has no target.
 */
export function strictSchema(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  const strict = strictForm(schema, definitions, 0);
  return strict && isWithinLimits(strict) ? strict : undefined;
}

function strictForm(schema: JsonSchema, definitions: Definitions, depth: number): JsonSchema | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const plain = resolved(schema, definitions);
  const { type, enum: values, anyOf, allOf, properties } = plain;
  const convertChild: ConvertChild = (child) => strictForm(child, definitions, depth + 1);
  const supported = Object.fromEntries(Object.entries(plain).filter(([keyword, value]) => isSupported(keyword, value)));
  if (allOf || (anyOf && (values ?? properties))) return undefined;
  if (anyOf) {
    const branches = mapAll(anyOf, convertChild);
    return branches && { ...supported, anyOf: branches };
  }
  if (values) return { ...supported, type: typesOf(values), enum: values };
  const types = [type ?? (properties ? 'object' : [])].flat();
  if (types.length === 0) return undefined;
  const items = types.includes('array') ? strictItems(plain, convertChild) : {};
  const object = types.includes('object') ? strictObject(plain, convertChild, definitions) : {};
  return items && object && { ...supported, type: types.length === 1 ? types.join() : types, ...items, ...object };
}

type ConvertChild = (child: JsonSchema) => JsonSchema | undefined;

function strictItems({ items, prefixItems }: JsonSchema, convertChild: ConvertChild): JsonSchema | undefined {
  const strict = prefixItems || typeof items !== 'object' ? undefined : convertChild(items);
  return strict && { items: strict };
}

function strictObject(
  object: JsonSchema,
  convertChild: ConvertChild,
  definitions: Definitions,
): JsonSchema | undefined {
  const { properties = {}, required = [] } = object;
  const names = Object.keys(properties);
  if (isOpen(object) || required.some((name) => !names.includes(name))) return undefined;
  const entries = mapAll(Object.entries(properties), ([name, child]): [string, JsonSchema] | undefined => {
    const strict = convertChild(child);
    const isWidened = !required.includes(name) && !acceptsNull(child, definitions);
    return strict && [name, isWidened ? nullable(strict) : strict];
  });
  if (!entries) return undefined;
  return { properties: Object.fromEntries(entries), required: names, additionalProperties: false };
}

/** All converted items; undefined if one of them is. */
function mapAll<T, R>(items: readonly T[], form: (item: T) => R | undefined): R[] | undefined {
  const formed = items.map(form).filter((each) => each !== undefined);
  return formed.length === items.length ? formed : undefined;
}

/** Whether strict mode supports the keyword with this value. */
export function isSupported(keyword: string, value: unknown): boolean {
  if (keyword === 'format') return FORMATS.has(String(value));
  if (keyword === 'pattern') return !LOOKAROUND.test(String(value));
  return SUPPORTED_KEYWORDS.has(keyword);
}

function typesOf(values: readonly unknown[]): string | string[] {
  const types = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  return types.length === 1 ? types.join() : types;
}

function isWithinLimits(schema: JsonSchema): boolean {
  const size = { levels: 0, properties: 0, values: 0, characters: 0 };
  addSize(size, schema, 0);
  const { levels, properties, values, characters } = MAX;
  const isSmall = size.levels <= levels && size.properties <= properties && size.values <= values;
  return isSmall && size.characters <= characters;
}

/** Adds the size of a schema that so many levels of objects contain. */
function addSize(size: Record<keyof typeof MAX, number>, schema: JsonSchema, outerLevels: number): void {
  const { properties, items, anyOf = [], enum: values = [] } = schema;
  const names = Object.keys(properties ?? {});
  const levels = properties ? outerLevels + 1 : outerLevels;
  size.levels = Math.max(size.levels, levels);
  size.properties += names.length;
  size.values += values.length;
  size.characters += [...names, ...values].join('').length;
  const children = [Object.values(properties ?? {}), typeof items === 'object' ? items : [], anyOf].flat();
  for (const child of children) addSize(size, child, levels);
}
