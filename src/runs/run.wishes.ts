import { schemaOfCaller } from '../agents/caller.schema.js';
import { InvalidValue, type ValueSchema } from '../agents/value.schema.js';
import { invalidField } from '../errors/agent.error.js';
import type { RunWishes } from './run.js';
import type { RunRequest } from './run.events.js';
import { DEFAULT_RELEASE } from './run.outcome.js';

/** What the request wants beside an answer. @throws AgentError `validation_failed` where that cannot be had. */
export function wishesOf({ output_schema, metadata = {}, release = DEFAULT_RELEASE }: RunRequest): RunWishes {
  if (release !== DEFAULT_RELEASE) {
    throw invalidField('release', `No release "${release.slice(0, 64)}". Offered: ${DEFAULT_RELEASE}.`);
  }
  return { output: output_schema && outputOf(output_schema), metadata };
}

function outputOf(schema: object): ValueSchema {
  try {
    return schemaOfCaller(schema);
  } catch (failure) {
    throw failure instanceof InvalidValue ? invalidField('output_schema', failure.message) : failure;
  }
}
