import { type JsonSchema, nullable } from './json.schema.js';
import { isOf } from './null.stripping.js';

const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
/** The keywords that restrict only values of one type. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: NUMBERS,
  integer: NUMBERS,
  array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'],
  object: [
    'properties',
    'required',
    'additionalProperties',
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
  ],
};

/** Adds the type that the keywords imply, the `items` of an array and the `properties` of an object. */
export function completeTypes({ nullable: isNullable, ...schema }: JsonSchema): JsonSchema {
  const { type = impliedType(schema) } = schema;
  const types = new Set([type].flat());
  const complete = {
    ...(type === undefined ? {} : { type }),
    ...(types.has('array') ? { items: {} } : {}),
    ...(types.has('object') ? { properties: {} } : {}),
    ...schema,
  };
  return isNullable === true && !types.has('null') ? nullable(complete) : complete;
}

/** Converts a list of types to alternatives with one type each. */
export function splitTypes(schema: JsonSchema): JsonSchema {
  const { type, anyOf, allOf, title, description, default: preset, examples, enum: values, ...rules } = schema;
  if (typeof type !== 'object' || anyOf || allOf) return schema;
  const annotations = Object.entries({ title, description, default: preset, examples });
  return {
    ...Object.fromEntries(annotations.filter(([, value]) => value !== undefined)),
    anyOf: type.map((each) => alternative(each, rules, values)).filter((each) => each.enum?.length !== 0),
  };
}

function alternative(type: string, rules: JsonSchema, values: readonly unknown[] | undefined): JsonSchema {
  const own = Object.entries(rules).filter(([keyword]) => KEYWORDS[type]?.includes(keyword));
  const enumerated = values ? { enum: values.filter((value) => isOf(type, value)) } : {};
  return { type, ...Object.fromEntries(own), ...enumerated };
}

function impliedType({ properties, required, items, prefixItems }: JsonSchema): string | undefined {
  if (properties ?? required) return 'object';
  return (items ?? prefixItems) ? 'array' : undefined;
}
