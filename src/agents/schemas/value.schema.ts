import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { hasTooManyFields, MAX_FIELDS } from '../../http/validation/field.count.js';
import { isObject } from '../../json/json.object.js';
import { dtoSchema } from './dto.schema.js';
import { type Definitions, isDefinitions, type JsonSchema } from './json.schema.js';
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
  const definitions = definitionsOf(json);
  return {
    ...toModelSchema(json, definitions),
    async parse(value) {
      const result = await standard['~standard'].validate(stripOptionalNulls(value, json, definitions));
      if (result.issues) throw new InvalidValue(result.issues.map(issueText).join('; '));
      return result.value;
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

function hasJsonSchema(standard: StandardSchemaV1): standard is StandardSchemaV1 & StandardJSONSchemaV1 {
  return 'jsonSchema' in standard['~standard'];
}

function definitionsOf(json: JsonSchema): Definitions {
  const definitions = json['$defs'];
  return { ...(isDefinitions(definitions) ? definitions : {}), '#': json };
}
