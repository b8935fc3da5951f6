import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, IS_ENUM, IS_IN, IS_OPTIONAL, ValidationTypes } from 'class-validator';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { IOptions } from 'class-validator-jsonschema/build/options.js';
import type { Definitions, JsonSchema } from './json.schema.js';

type Converters = IOptions['additionalConverters'];
type Rule = Parameters<Extract<Converters[string], (...args: never) => unknown>>[0];

const CONVERTERS: Converters = {
  // No type is set, because an enum may have numbers.
  [IS_ENUM]: ({ constraints: [values] }) => ({ enum: valuesOf(values) }),
  [IS_IN]: ({ constraints: [values] }) => ({ enum: values }),
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
  return {
    schema: plain(targetConstructorToSchema(dto, options)),
    definitions: plain(validationMetadatasToSchemas(options)),
  };
}

function plain(schemas: object): Definitions {
  return JSON.parse(JSON.stringify(schemas));
}

/** Drops the reverse mapping that TypeScript adds to an enum of numbers. */
function valuesOf(values: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(values)
    .filter(([name, value]) => values[String(value)] !== Number(name))
    .map(([, value]) => value);
}

/** Whether a condition of @ValidateIf allows null, but not a missing value. */
function isForNull({ name, propertyName, constraints: [condition] }: Rule): boolean {
  if (name === IS_OPTIONAL || typeof condition !== 'function') return false;
  try {
    return condition({}, undefined) === true && condition({ [propertyName]: null }, null) === false;
  } catch {
    return false;
  }
}
