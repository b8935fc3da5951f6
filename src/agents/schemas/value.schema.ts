import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { hasTooManyFields, MAX_FIELDS } from '../../http/validation/field.count.js';
import { isObject } from '../../json/json.object.js';
import { dtoSchema } from './dto.schema.js';
import { definitionsOf, describeFaults, type JsonSchema } from './json.schema.js';
import { stripOptionalNulls } from './null.stripping.js';
import { toModelSchema, type ModelSchema } from './model.schema.js';

/** The schema of a tool's input or of an agent's answer. It is sent to the model, and validates the value. */
export interface ValueSchema extends ModelSchema {
  /** Validates and converts the value. @throws InvalidValue; the signal's reason if it aborts while the value waits. */
  parse(value: unknown, signal?: AbortSignal): Promise<unknown>;
}

/** The fault of a value that a model sent, described for the model. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

const NOTHING: JsonSchema = { type: 'object', properties: {}, required: [], additionalProperties: false };

/** The input of a method without parameters. */
export const noValue: ValueSchema = { schema: NOTHING, isStrict: true, parse: () => Promise.resolve({}) };

/**
 * Reads a schema that an application gives: a class-validator DTO, a Standard Schema or a JSON Schema.
 *
 * @throws Error that describes why it cannot be used.
 */
export async function schemaOf(given: unknown): Promise<ValueSchema> {
  if (isStandard(given)) return schemaOfStandard(given);
  if (isObject(given)) return await schemaOfJson(given);
  if (!isClass(given)) throw new Error('its schema must be a class-validator DTO, a Standard Schema or a JSON Schema');
  const schema = schemaOfDto(given);
  if (!schema) throw new Error(`its schema ${given.name} has no validation rules of class-validator`);
  return schema;
}

/**
 * Finds out why a schema cannot be the `output` of an agent or the `input` of a tool.
 *
 * @returns undefined if it can.
 * @example
 * import { findSchemaFault } from 'rookery';
 *
 * const fault = await findSchemaFault({ type: 'string' }); // its schema must be of type "object"
 */
export async function findSchemaFault(schema: unknown): Promise<string | undefined> {
  try {
    await schemaOf(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function isClass(value: unknown): value is new () => object {
  return typeof value === 'function';
}

/** The schema of a class-validator DTO; undefined if the class has no validation rules. */
export function schemaOfDto(dto: new () => object): ValueSchema | undefined {
  if (getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false).length === 0) return undefined;
  const { schema, definitions } = dtoSchema(dto);
  return {
    ...toModelSchema(schema, definitions),
    async parse(value) {
      if (!isObject(value)) throw new InvalidValue('It must be an object.');
      if (hasTooManyFields(value)) throw new InvalidValue(`An object in it may have at most ${MAX_FIELDS} fields.`);
      const input = plainToInstance(dto, stripOptionalNulls(value, schema, definitions));
      const errors = await validate(input, { whitelist: true, forbidNonWhitelisted: true });
      if (errors.length > 0) throw new InvalidValue(errors.flatMap((error) => rules(error, '')).join('; '));
      return input;
    },
  };
}

/** Converts a Standard Schema. @throws Error if it cannot provide a JSON Schema. */
export function schemaOfStandard(standard: StandardSchemaV1): ValueSchema {
  if (!hasJsonSchema(standard)) throw new Error('its schema cannot be converted to JSON Schema');
  const json: JsonSchema = standard['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  const definitions = { ...definitionsOf(json), '#': json };
  return {
    ...toModelSchema(json, definitions),
    async parse(value) {
      const result = await standard['~standard'].validate(stripOptionalNulls(value, json, definitions));
      if (result.issues) throw new InvalidValue(result.issues.map(issueText).join('; '));
      return result.value;
    },
  };
}

/** @throws Error if it is not a JSON Schema of an object, or a reference has no target. */
async function schemaOfJson(given: JsonSchema): Promise<ValueSchema> {
  const { $schema: _, ...json } = given;
  if (json.type !== 'object') throw new Error('its schema must be of type "object"');
  const definitions = { ...definitionsOf(json), '#': json };
  // Loaded only if an agent has such a schema.
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false });
  if (!ajv.validateSchema(json)) throw new Error(`its schema is invalid: ${ajv.errorsText()}`);
  const model = toModelSchema(json, definitions);
  const isValid = ajv.compile(json);
  return {
    ...model,
    async parse(value) {
      const input = stripOptionalNulls(value, json, definitions);
      if (isValid(input)) return input;
      throw new InvalidValue(describeFaults(isValid.errors ?? []));
    },
  };
}

function rules({ property, constraints = {}, children = [] }: ValidationError, path: string): string[] {
  const own = Object.values(constraints).map((rule) => `${path}${rule}`);
  return [...own, ...children.flatMap((child) => rules(child, `${path}${property}.`))];
}

function issueText({ message, path = [] }: StandardSchemaV1.Issue): string {
  const place = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.');
  return place === '' ? message : `${place}: ${message}`;
}

function isStandard(value: unknown): value is StandardSchemaV1 {
  return (isObject(value) || isClass(value)) && isObject(Reflect.get(value, '~standard'));
}

function hasJsonSchema(standard: StandardSchemaV1): standard is StandardSchemaV1 & StandardJSONSchemaV1 {
  return 'jsonSchema' in standard['~standard'];
}
