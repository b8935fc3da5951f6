import type { OpenAPIObject } from '@nestjs/swagger';
import { type OperationObject, operationsOf } from './openapi.responses.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type SchemaObject = Exclude<Schemas[string], { $ref: string }>;
type Parameter = NonNullable<OperationObject['parameters']>[number];

/**
 * Makes the documentation page send valid requests. It fills in the `example` of each parameter and of each field: keys
 * that an earlier request has used, filters that match nothing, and ids that do not exist.
 */
export function replaceExamples(document: OpenAPIObject): void {
  for (const operation of operationsOf(document)) {
    for (const parameter of operation.parameters ?? []) keepEmpty(parameter);
    addBodyExamples(operation, document.components?.schemas ?? {});
  }
}

/** The page shows `examples` of a schema, but does not fill them in. */
function keepEmpty(parameter: Parameter): void {
  if ('$ref' in parameter || !parameter.schema || '$ref' in parameter.schema) return;
  const { schema } = parameter;
  const example: unknown = schema.example ?? parameter.example;
  if (example === undefined) return;
  delete parameter.example;
  delete schema.example;
  schema.examples = [example];
}

/** The page fills in the first example of a body. */
function addBodyExamples({ requestBody }: OperationObject, schemas: Schemas): void {
  if (!requestBody || '$ref' in requestBody) return;
  for (const media of Object.values(requestBody.content)) {
    const schema = schemaOf(media.schema, schemas);
    const full = exampleOf(schema, Object.keys(schema?.properties ?? {}));
    const minimal = exampleOf(schema, namesOf(schema));
    const isAll = Object.keys(minimal).length === Object.keys(full).length;
    media.examples = {
      minimal: { summary: 'Required fields', value: minimal },
      ...(isAll ? {} : { full: { summary: 'All fields', value: full } }),
    };
  }
}

/** The required fields; without any, the first field. */
function namesOf({ required = [], properties = {} }: SchemaObject = {}): string[] {
  return required.length > 0 ? required : Object.keys(properties).slice(0, 1);
}

function exampleOf({ properties = {} }: SchemaObject = {}, names: readonly string[]): Record<string, unknown> {
  const examples = names.map((name) => [name, valueOf(properties[name])] as const);
  return Object.fromEntries(examples.filter(([, example]) => example !== undefined));
}

function valueOf(schema: Schemas[string] | undefined): unknown {
  return schema && !('$ref' in schema) ? schema.example : undefined;
}

function schemaOf(given: Schemas[string] | undefined, schemas: Schemas): SchemaObject | undefined {
  if (!given || !('$ref' in given)) return given;
  return schemaOf(schemas[given.$ref.slice(given.$ref.lastIndexOf('/') + 1)], schemas);
}
