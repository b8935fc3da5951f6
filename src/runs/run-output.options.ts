import { InvalidValue, type ValueSchema } from '../agents/schemas/value.schema.js';
import { invalidField } from '../errors/agent.error.js';
import type { RunOutputOptions } from './run.js';
import type { RunRequest } from './events/run.events.js';

/** Compiles the caller's schema. @throws InvalidValue that says what is wrong with it. */
type Compile = (schema: object) => Promise<ValueSchema>;

/** Parses the output options of a request. @throws AgentError `validation_failed` if the schema is invalid. */
export async function parseOutputOptions(
  { output_schema, metadata = {} }: RunRequest,
  compile: Compile,
): Promise<RunOutputOptions> {
  return { output: output_schema && (await outputOf(output_schema, compile)), metadata };
}

async function outputOf(schema: object, compile: Compile): Promise<ValueSchema> {
  try {
    return await compile(schema);
  } catch (failure) {
    throw failure instanceof InvalidValue ? invalidField('output_schema', failure.message) : failure;
  }
}
