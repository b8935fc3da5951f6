import { isObject } from '../../json/json.object.js';
import { type Definitions, type JsonSchema, merged, resolved, uniteObjects } from './json.schema.js';
import { providerSchema } from './provider.schema.js';
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
 * The schema in strict mode if possible, else in the form that all providers accept. A union of objects becomes one
 * object with the properties of all: providers accept nothing else at the top. The validator still distinguishes them.
 *
 * @throws Error if it describes anything but objects, or a reference has no target.
 */
export function toModelSchema(schema: JsonSchema, definitions: Definitions): ModelSchema {
  const object = mergeUnion(schema, definitions);
  const strict = strictSchema(object, definitions);
  if (strict) return { schema: strict, isStrict: true };
  const { '#': _, ...$defs } = definitions;
  return { schema: providerSchema({ ...object, $defs }), isStrict: false };
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
