import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isObject } from '../../json/json.object.ts';
import { type Definitions, definitionsOf, describeFaults, type JsonSchema } from './json.schema.ts';
import { stripOptionalNulls } from './null.stripping.ts';
import { strictSchema } from './strict.schema.ts';
import type { ModelSchema } from './model.schema.js';

// This file runs in the thread of schema.worker.ts, which limits its time and memory. Its imports end in `.ts`, so that
// Node can also run it uncompiled.

/** Subschemas with all references inlined. A larger schema is sent to the model unchanged. */
const MAX_INLINED = 2000;
/** Characters of a schema in strict mode. A larger schema is sent to the model unchanged. */
const MAX_MODEL_SCHEMA_CHARS = 256 * 1024;
const MAX_FAULT_CHARS = 1000;

/** Keywords that reach beyond the schema: into schemas of other callers, or into the validation. */
const UNSUPPORTED_KEYWORDS = ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$async'];
const OWN_DEFINITION = /^#\/(\$defs|definitions)\/[^/~%]+$/;

const OPTIONS = { strict: false, validateFormats: false, logger: false } as const;
/** Shared, because it compiles only the meta-schema. */
const META = new Ajv2020(OPTIONS);

/** A compiled schema of a caller. */
export interface CallerSchema {
  readonly modelSchema: ModelSchema;
  /** Returns the value as JSON. @throws SchemaFault, or RangeError if the answer or the schema is nested too deep. */
  check(answer: string): string;
}

/** The fault of a schema or of an answer, described for its sender. */
export class SchemaFault extends Error {}

/**
 * Compiles the schema of an answer, which a caller sent as JSON Schema 2020-12. Each schema has its own Ajv instance:
 * an instance keeps every schema that it compiled, so a shared one would leak memory.
 *
 * @throws SchemaFault, or RangeError if the schema is nested too deep.
 */
export function compileCallerSchema(text: string): CallerSchema {
  const parsed: unknown = JSON.parse(text);
  const { $schema: _, ...schema }: JsonSchema = isObject(parsed) ? parsed : {};
  if (schema.type !== 'object') throw new SchemaFault('output_schema must be of type "object"');
  for (const keyword of UNSUPPORTED_KEYWORDS) {
    if (has(schema, keyword)) throw new SchemaFault(`output_schema must not use ${keyword}`);
  }
  const definitions = definitionsOf(schema);
  const validate = compileValidator(schema);
  const modelSchema = modelSchemaOf(schema, definitions);
  return {
    modelSchema,
    check(answer) {
      const value: unknown = JSON.parse(answer);
      const stripped = modelSchema.isStrict ? stripOptionalNulls(value, schema, definitions) : value;
      if (validate(stripped)) return JSON.stringify(stripped);
      throw new SchemaFault(describeFaults(validate.errors ?? []));
    },
  };
}

/** @throws SchemaFault if it is not a JSON Schema, or a reference has no target. */
function compileValidator(schema: JsonSchema): ValidateFunction {
  if (!META.validateSchema(schema)) throw unusableSchema(`schema is invalid: ${META.errorsText()}`);
  // Each reference is compiled once and called: inlined code would grow with the number of references.
  const validators = new Ajv2020({
    ...OPTIONS,
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  try {
    // `#` resolves only in a schema with an id.
    return validators.compile({ ...schema, $id: 'answer.json' });
  } catch (failure) {
    if (failure instanceof RangeError) throw failure;
    throw unusableSchema(failure instanceof Error ? failure.message : String(failure));
  }
}

function unusableSchema(why: string): SchemaFault {
  return new SchemaFault(`output_schema cannot be used: ${why.slice(0, MAX_FAULT_CHARS)}`);
}

/** The schema in strict mode if possible, else unchanged. */
function modelSchemaOf(schema: JsonSchema, definitions: Definitions): ModelSchema {
  const strict = isPlain(schema, definitions) ? strictOf(schema, definitions) : undefined;
  return strict ? { schema: strict, isStrict: true } : { schema, isStrict: false };
}

function strictOf(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  try {
    const strict = strictSchema(schema, definitions);
    return strict && JSON.stringify(strict).length <= MAX_MODEL_SCHEMA_CHARS ? strict : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is one object within the size limit, with references inlined. A recursive schema exceeds the limit. */
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
