import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Definitions, JsonSchema } from './json.schema.js';
import { withoutFillers } from './left.out.js';
import { strictSchema } from './strict.schema.js';
import { withinTime } from './time.limit.js';
import type { ToldSchema } from './told.schema.js';
import { InvalidValue, type ValueSchema } from './value.schema.js';

/** No schema that a model can follow needs more, nor has an answer any use for it. */
const CHECK_LIMIT_MS = 500;
/** The first schema of a process takes longest. */
const COMPILE_LIMIT_MS = 2000;
/** Schemas of a schema with all that it refers to put in place; beyond, it is told as it is. */
const MAX_INLINED = 2000;
const MAX_FAULT_CHARS = 1000;

/** They reach beyond the schema: into what other callers have sent, or into the way it is checked. */
const REFUSED = ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$async'];
const OWN_DEFINITION = /^#\/(\$defs|definitions)\/[^/~%]+$/;

let shared: Ajv2020 | undefined;

/** One for all, since it costs 50 ms to make. It is to keep nothing of what it compiles. */
function ajv(): Ajv2020 {
  return (shared ??= new Ajv2020({ strict: false, validateFormats: false, logger: false }));
}

/**
 * The shape of an answer as a caller describes it, in JSON Schema 2020-12.
 *
 * @throws InvalidValue that says what is wrong with the schema.
 */
export function schemaOfCaller(given: object): ValueSchema {
  const { $schema: _, ...schema }: JsonSchema = JSON.parse(JSON.stringify(given));
  if (schema.type !== 'object') throw new InvalidValue('output_schema must be of type "object"');
  for (const keyword of REFUSED) {
    if (has(schema, keyword)) throw new InvalidValue(`output_schema must not use ${keyword}`);
  }
  const definitions = definitionsOf(schema);
  const validate = compiled(schema);
  const told = toldOf(schema, definitions);
  return {
    ...told,
    parse(value) {
      const meant = told.isStrict ? withoutFillers(value, schema, definitions) : value;
      const fault = faultOf(validate, meant);
      return fault === undefined ? Promise.resolve(meant) : Promise.reject(new InvalidValue(fault));
    },
  };
}

/** @throws InvalidValue where it is no JSON Schema, or refers to what is not there. */
function compiled(schema: JsonSchema): ValidateFunction {
  // With a name `#` can be found, and all of it can be forgotten.
  const validators = ajv();
  const named = { ...schema, $id: 'answer.json' };
  try {
    return withinTime(COMPILE_LIMIT_MS, () => validators.compile(named));
  } catch (failure) {
    throw new InvalidValue(`output_schema cannot be used: ${wordsOf(failure)}`);
  } finally {
    validators.removeSchema(named);
  }
}

/** What is wrong with the value; undefined: nothing. */
function faultOf(validate: ValidateFunction, value: unknown): string | undefined {
  try {
    const { errors } = withinTime(CHECK_LIMIT_MS, () => ({ errors: validate(value) ? [] : (validate.errors ?? []) }));
    return errors.length === 0 ? undefined : errors.map(wordsOfError).join('; ').slice(0, MAX_FAULT_CHARS);
  } catch {
    return 'It cannot be checked against its schema in time.';
  }
}

function wordsOfError({ instancePath, message = 'is not valid', params }: ErrorObject): string {
  const extra: unknown = params['additionalProperty'];
  return `${instancePath || 'It'} ${message}${typeof extra === 'string' ? ` ("${extra}")` : ''}`;
}

function wordsOf(failure: unknown): string {
  return (failure instanceof Error ? failure.message : String(failure)).slice(0, MAX_FAULT_CHARS);
}

/** In the form of strict mode where that can be; else as it was given. */
function toldOf(schema: JsonSchema, definitions: Definitions): ToldSchema {
  const strict = isPlain(schema, definitions) ? strictOf(schema, definitions) : undefined;
  return strict ? { schema: strict, isStrict: true } : { schema, isStrict: false };
}

function strictOf(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  try {
    return strictSchema(schema, definitions);
  } catch {
    return undefined;
  }
}

/** It is one object, and not too large with all that it refers to, as it would be where it refers to itself. */
function isPlain(schema: JsonSchema, definitions: Definitions): boolean {
  if (schema.anyOf ?? schema.oneOf ?? schema.allOf) return false;
  let left = MAX_INLINED;
  const fits = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    if (--left < 0) return false;
    if ('$ref' in value && typeof value.$ref === 'string') {
      if (!OWN_DEFINITION.test(value.$ref)) return false;
      if (!fits(definitions[value.$ref.slice(value.$ref.lastIndexOf('/') + 1)])) return false;
    }
    return Object.entries(value).every(([name, child]) => name === '$defs' || name === 'definitions' || fits(child));
  };
  return fits(schema);
}

function has(value: unknown, keyword: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, keyword) || Object.values(value).some((child) => has(child, keyword));
}

function definitionsOf({ $defs, definitions }: JsonSchema): Definitions {
  return { ...(isDefinitions(definitions) ? definitions : {}), ...(isDefinitions($defs) ? $defs : {}) };
}

function isDefinitions(value: unknown): value is Definitions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
