import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, IS_ENUM, IS_IN, IS_OPTIONAL, ValidationTypes } from 'class-validator';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { IOptions } from 'class-validator-jsonschema/build/options.js';
import type { JsonObject } from '../../json/json.object.js';
import { type Definitions, type JsonSchema, plainSchema } from './json.schema.js';

type Converters = IOptions['additionalConverters'];
type Rule = Parameters<Extract<Converters[string], (...args: never) => unknown>>[0];

const CONVERTERS: Converters = {
  // No type is set, because an enum may have numbers.
  [IS_ENUM]: (rule) => ({ enum: valuesOf(constraintOf(rule)) }),
  [IS_IN]: (rule) => ({ enum: listOf(constraintOf(rule)) }),
  [ValidationTypes.CONDITIONAL_VALIDATION]: (rule) => (isForNull(rule) ? { nullable: true } : {}),
};

/** The JSON Schema of a class-validator DTO, and those of the classes that it may refer to. */
export function dtoSchema(dto: new () => object): { schema: JsonSchema; definitions: Definitions } {
  const options = {
    ...(defaultMetadataStorage && { classTransformerMetadataStorage: defaultMetadataStorage }),
    classValidatorMetadataStorage: getMetadataStorage(),
    refPointerPrefix: '#/$defs/',
    additionalConverters: CONVERTERS,
  };
  const schema = plainSchema(targetConstructorToSchema(dto, options));
  // Few classes refer to others. The conversion of all classes of the process takes a tenth of a start.
  if (!JSON.stringify(schema).includes(options.refPointerPrefix)) return { schema, definitions: {} };
  const all = Object.entries(validationMetadatasToSchemas(options));
  return { schema, definitions: Object.fromEntries(all.map(([name, definition]) => [name, plainSchema(definition)])) };
}

function constraintOf({ constraints }: Rule): unknown {
  return constraints[0];
}

function listOf(values: unknown): unknown[] {
  return Array.isArray(values) ? values : [];
}

/** Drops the reverse mapping that TypeScript adds to an enum of numbers. */
function valuesOf(enumeration: unknown): unknown[] {
  const values: JsonObject = typeof enumeration === 'object' ? { ...enumeration } : {};
  return Object.entries(values)
    .filter(([name, value]) => values[String(value)] !== Number(name))
    .map(([, value]) => value);
}

/** Whether a condition of @ValidateIf allows null, but not a missing value. */
function isForNull(rule: Rule): boolean {
  const { name, propertyName } = rule;
  const condition = constraintOf(rule);
  if (name === IS_OPTIONAL || !isCondition(condition)) return false;
  try {
    return condition({}, undefined) === true && condition({ [propertyName]: null }, null) === false;
  } catch {
    return false;
  }
}

function isCondition(value: unknown): value is (object: object, value: unknown) => unknown {
  return typeof value === 'function';
}
