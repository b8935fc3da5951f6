import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { plainToInstance } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { type Definitions, type JsonSchema, strictSchema, withoutNulls } from './json.schema.js';

/** What a model is to send, as a tool's input or as an agent's answer: told to it as a schema, and checked. */
export interface ValueSchema {
  /** In the form of strict mode. */
  readonly schema: JsonSchema;
  /** The value as code takes it. @throws InvalidValue */
  parse(value: unknown): Promise<unknown>;
}

/** What was wrong with what a model sent, in words for the model. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

const NOTHING: JsonSchema = { type: 'object', properties: {}, required: [], additionalProperties: false };

/** Of a method without parameters. */
export const noValue: ValueSchema = { schema: NOTHING, parse: () => Promise.resolve({}) };

/** What a class-validator DTO describes, or undefined where the class has no rules. */
export function schemaOfDto(dto: new () => object): ValueSchema | undefined {
  const storage = getMetadataStorage();
  if (storage.getTargetValidationMetadatas(dto, '', false, false).length === 0) return undefined;
  const options = {
    ...(defaultMetadataStorage && { classTransformerMetadataStorage: defaultMetadataStorage }),
    classValidatorMetadataStorage: storage,
  };
  const definitions: Definitions = plain(validationMetadatasToSchemas(options));
  const schema = strictSchema(plain(targetConstructorToSchema(dto, options)), definitions);
  return {
    schema,
    async parse(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new InvalidValue('It must be an object.');
      }
      const input = plainToInstance(dto, withoutNulls(value));
      const errors = await validate(input, { whitelist: true, forbidNonWhitelisted: true });
      if (errors.length > 0) throw new InvalidValue(errors.flatMap((error) => rules(error, '')).join('; '));
      return input;
    },
  };
}

/** What a Standard Schema describes. @throws Error where it cannot give a JSON Schema. */
export function schemaOfStandard(standard: StandardSchemaV1): ValueSchema {
  if (!hasJsonSchema(standard)) throw new Error('its schema cannot be told as JSON Schema');
  const json: JsonSchema = standard['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  return {
    schema: strictSchema(json, definitionsOf(json)),
    async parse(value) {
      const asSent = await standard['~standard'].validate(value);
      // A null may be meant, or be what strict mode makes a model send for what it leaves out.
      const result = asSent.issues ? await standard['~standard'].validate(withoutNulls(value)) : asSent;
      if (result.issues) throw new InvalidValue(result.issues.map(issueText).join('; '));
      return result.value;
    },
  };
}

function plain(schemas: object): Definitions {
  return JSON.parse(JSON.stringify(schemas));
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
  return isDefinitions(definitions) ? definitions : {};
}

function isDefinitions(value: unknown): value is Definitions {
  return typeof value === 'object' && value !== null;
}
