import { schemaOfCaller } from '../agents/caller.schema.js';
import { InvalidValue, type ValueSchema } from '../agents/value.schema.js';
import { invalidField } from '../errors/agent.error.js';
import type { RunWishes } from './run.js';
import type { RunRequest } from './run.events.js';

/** What the request wants beside an answer. @throws AgentError `validation_failed` where that cannot be had. */
export function wishesOf({ output_schema, metadata = {} }: RunRequest): RunWishes {
  return { output: output_schema && outputOf(output_schema), metadata };
}

function outputOf(schema: object): ValueSchema {
  try {
    return schemaOfCaller(schema);
  } catch (failure) {
    throw failure instanceof InvalidValue ? invalidField('output_schema', failure.message) : failure;
  }
}
