import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Definitions, JsonSchema } from './json.schema.js';
import { withoutFillers } from './left.out.ts';
import { strictSchema } from './strict.schema.ts';
import type { ToldSchema } from './told.schema.js';

// It runs in a thread of its own, see schema.worker.ts: nothing here has a limit of time or memory by itself. Its
// imports end in `.ts`, so that Node can also run it before it is compiled.

/** Schemas of a schema with all that it refers to put in place; beyond, it is told as it is. */
const MAX_INLINED = 2000;
/** Characters of a schema in the form of strict mode; beyond, it is told as it is. */
const MAX_TOLD = 256 * 1024;
const MAX_FAULT_CHARS = 1000;
const MAX_FAULTS = 100;

/** They reach beyond the schema: into what other callers have sent, or into the way it is checked. */
const REFUSED = ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$async'];
const OWN_DEFINITION = /^#\/(\$defs|definitions)\/[^/~%]+$/;

const OPTIONS = { strict: false, validateFormats: false, logger: false } as const;
/** It compiles the meta-schema alone, once. */
const META = new Ajv2020(OPTIONS);

/** The schema of a caller, compiled. */
export interface CallerSchema {
  readonly told: ToldSchema;
  /** @throws RangeError if the answer or the schema is nested too deep. */
  check(answer: string): CheckedAnswer;
}

/** What is wrong with an answer, or its value as JSON. */
export type CheckedAnswer = { readonly fault: string } | { readonly value: string };

/** What is wrong with a schema, in words for its caller. */
export class SchemaFault extends Error {}

/**
 * The shape of an answer as a caller describes it, in JSON Schema 2020-12. Nothing of it is kept once the result is
 * garbage: an instance of Ajv keeps all that it ever compiled, so each schema has its own.
 *
 * @throws SchemaFault, or RangeError if the schema is nested too deep.
 */
export function schemaOfCaller(text: string): CallerSchema {
  const { $schema: _, ...schema }: JsonSchema = JSON.parse(text);
  if (schema.type !== 'object') throw new SchemaFault('output_schema must be of type "object"');
  for (const keyword of REFUSED) {
    if (has(schema, keyword)) throw new SchemaFault(`output_schema must not use ${keyword}`);
  }
  const definitions = definitionsOf(schema);
  const validate = compiled(schema);
  const told = toldOf(schema, definitions);
  return {
    told,
    check(answer) {
      const value: unknown = JSON.parse(answer);
      const meant = told.isStrict ? withoutFillers(value, schema, definitions) : value;
      const fault = faultOf(validate, meant);
      return fault === undefined ? { value: JSON.stringify(meant) } : { fault };
    },
  };
}

/** @throws SchemaFault if it is not a JSON Schema, or refers to what is not there. */
function compiled(schema: JsonSchema): ValidateFunction {
  if (!META.validateSchema(schema)) throw unusable(`schema is invalid: ${META.errorsText()}`);
  // Code for each reference is compiled once and called: inlined, it would grow with the number of references.
  const validators = new Ajv2020({
    ...OPTIONS,
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  try {
    // With a name `#` can be found.
    return validators.compile({ ...schema, $id: 'answer.json' });
  } catch (failure) {
    if (failure instanceof RangeError) throw failure;
    throw unusable(failure instanceof Error ? failure.message : String(failure));
  }
}

function unusable(why: string): SchemaFault {
  return new SchemaFault(`output_schema cannot be used: ${why.slice(0, MAX_FAULT_CHARS)}`);
}

/** What is wrong with the value; undefined: nothing. */
function faultOf(validate: ValidateFunction, value: unknown): string | undefined {
  if (validate(value)) return undefined;
  const faults = (validate.errors ?? []).slice(0, MAX_FAULTS);
  return faults.map(wordsOfError).join('; ').slice(0, MAX_FAULT_CHARS);
}

function wordsOfError({ instancePath, message = 'is not valid', params }: ErrorObject): string {
  const extra: unknown = params['additionalProperty'];
  return `${instancePath || 'It'} ${message}${typeof extra === 'string' ? ` ("${extra}")` : ''}`;
}

/** In the form of strict mode where that can be; else as it was given. */
function toldOf(schema: JsonSchema, definitions: Definitions): ToldSchema {
  const strict = isPlain(schema, definitions) ? strictOf(schema, definitions) : undefined;
  return strict ? { schema: strict, isStrict: true } : { schema, isStrict: false };
}

function strictOf(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  try {
    const strict = strictSchema(schema, definitions);
    return strict && JSON.stringify(strict).length <= MAX_TOLD ? strict : undefined;
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
