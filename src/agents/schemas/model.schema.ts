import { isObject } from '../../json/json.object.js';
import {
  type Definitions,
  isOpen,
  type JsonSchema,
  merged,
  nameOf,
  plainSchema,
  resolveReference,
  resolved,
} from './json.schema.js';
import { strictSchema } from './strict.schema.js';

/** A schema as it is sent to a model. */
export interface ModelSchema {
  readonly schema: JsonSchema;
  /** The schema satisfies strict mode. */
  readonly isStrict: boolean;
}

export function isModelSchema(value: unknown): value is ModelSchema {
  return isObject(value) && isObject(value.schema) && typeof value.isStrict === 'boolean';
}

/**
 * The schema in strict mode if possible, else in its own form. A union of objects becomes one object with the
 * properties of all: providers accept nothing else at the top. The validator still distinguishes the objects.
 *
 * @throws Error if it describes anything but objects, or a reference has no target.
 */
export function toModelSchema(schema: JsonSchema, definitions: Definitions): ModelSchema {
  const object = mergeUnion(schema, definitions);
  const strict = strictSchema(object, definitions);
  if (strict) return { schema: strict, isStrict: true };
  return { schema: ordinary(object, definitions), isStrict: false };
}

function mergeUnion(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const { anyOf, allOf = [], ...own } = resolved(schema, definitions);
  const describesObject = own.type === 'object' || own.properties !== undefined;
  if (!describesObject && !anyOf && allOf.length === 0) throw new Error('its schema must describe an object');
  const parts = allOf.map((part) => mergeUnion(part, definitions));
  if (anyOf) parts.push(uniteObjects(anyOf.map((branch) => mergeUnion(branch, definitions))));
  const base: JsonSchema = { ...own, type: 'object' };
  const object = parts.reduce<JsonSchema | undefined>((sum, part) => sum && merged(sum, part), base);
  if (!object) throw new Error('its schema cannot be written as one object');
  return object;
}

/** An object with the properties of all. Each property accepts what any of the objects accepts. */
function uniteObjects(objects: readonly JsonSchema[]): JsonSchema {
  const names = [...new Set(objects.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const properties = names.map((name): [string, JsonSchema] => {
    const children = objects
      .map(({ properties: own = {} }) => (Object.hasOwn(own, name) ? own[name] : undefined))
      .filter((child) => child !== undefined);
    const distinct = [...new Map(children.map((child) => [JSON.stringify(child), child])).values()];
    const [first, ...others] = distinct;
    return [name, first && others.length === 0 ? first : { anyOf: distinct }];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: names.filter((name) => objects.every(({ required = [] }) => required.includes(name))),
    ...(objects.some(isOpen) ? { additionalProperties: true } : {}),
  };
}

/** The schema with the definitions that it uses, and with the `items` that OpenAI requires of every array. */
function ordinary(object: JsonSchema, definitions: Definitions): JsonSchema {
  const { $schema: _, $defs: __, ...schema } = object;
  const names = referencesIn(schema);
  // The set grows during the loop: a definition may refer to others.
  for (const name of names) referencesIn(resolveReference(name, definitions)).forEach((each) => names.add(each));
  const kept = [...names]
    .filter((name) => name !== '#')
    .map((name): [string, JsonSchema] => [name, resolveReference(name, definitions)]);
  const modelSchema = { properties: {}, ...schema, ...(kept.length > 0 ? { $defs: Object.fromEntries(kept) } : {}) };
  return plainSchema(modelSchema, withItems);
}

function referencesIn(schema: JsonSchema): Set<string> {
  const names = new Set<string>();
  JSON.stringify(schema, (keyword, value: unknown) => {
    if (keyword === '$ref' && typeof value === 'string') names.add(nameOf(value));
    return value;
  });
  return names;
}

/** Adds `items` to a closed tuple. They describe further items, which it cannot have. */
function withItems(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('prefixItems' in value)) return value;
  const isRefused = 'items' in value ? value.items === false : true;
  return isRefused ? { ...value, items: { anyOf: value.prefixItems } } : value;
}
