import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { CallerSchemas } from '../../agents/schemas/caller.schemas.js';
import { InvalidValue, type ValueSchema } from '../../agents/schemas/value.schema.js';
import type { Principal } from '../../auth/principal.js';
import { invalidField } from '../../errors/agent.error.js';
import { LanguageModel } from '../../models/language.model.js';
import { REASONING_EFFORTS } from '../../models/model.controls.js';
import { DEFAULT_TEMPERATURE, type RunRequest } from '../events/run.events.js';
import type { RunOutputOptions } from '../run.js';
import type { CallerSettings } from './caller.settings.js';
import { controlFieldsOf, offeredNames, scopeOf } from './tool.choice.js';

const MAX_INSTRUCTIONS = 256_000;

/** Checks requests for runs. Entry points check more than this, but host code calls without one. */
@Injectable()
export class RequestChecks {
  constructor(
    private readonly schemas: CallerSchemas,
    private readonly model: LanguageModel,
  ) {}

  /** @throws AgentError `validation_failed` if a field of the request is invalid by itself. */
  assertValid(request: RunRequest): void {
    const { message, temperature = DEFAULT_TEMPERATURE } = request;
    if (message === '') throw invalidField('message', 'message must not be empty');
    if (!(temperature >= 0 && temperature <= 2)) throw invalidField('temperature', 'temperature must be from 0 to 2');
    assertSettings(request);
  }

  /** @throws AgentError `validation_failed` if the agent or its model does not support a part of the request. */
  assertSupported(request: RunRequest, agent: AgentDefinition): void {
    if (request.instructions !== undefined && agent.callerInstructions === 'refuse') {
      throw invalidField('instructions', `The agent "${agent.role}" accepts no instructions.`);
    }
    for (const control of controlFieldsOf(request)) {
      if (this.model.supports(control, agent.model)) continue;
      throw invalidField(control, `The model of the agent "${agent.role}" does not support ${control}.`);
    }
    assertChoice(request, agent);
  }

  /** The output options of a new request. @throws AgentError `validation_failed` if the schema is invalid. */
  admitOutput(request: RunRequest, principal: Principal, signal: AbortSignal | undefined): Promise<RunOutputOptions> {
    return outputOptionsOf(request, (schema) => this.schemas.admit(schema, principal, signal));
  }

  /** The output options of an admitted request. @throws AgentError `validation_failed` */
  restoreOutput(request: RunRequest, principal: Principal, signal: AbortSignal): Promise<RunOutputOptions> {
    return outputOptionsOf(request, (schema) => this.schemas.compile(schema, principal, signal));
  }
}

/** Parses the output options of a request. @throws AgentError `validation_failed` if the schema is invalid. */
async function outputOptionsOf(
  { output_schema, metadata = {} }: RunRequest,
  compile: (schema: object) => Promise<ValueSchema>,
): Promise<RunOutputOptions> {
  try {
    return { output: output_schema && (await compile(output_schema)), metadata };
  } catch (failure) {
    throw failure instanceof InvalidValue ? invalidField('output_schema', failure.message) : failure;
  }
}

function assertSettings(settings: CallerSettings): void {
  const { instructions, max_output_tokens, max_tool_calls, top_p, reasoning_effort } = settings;
  if (instructions !== undefined && (instructions === '' || instructions.length > MAX_INSTRUCTIONS)) {
    throw invalidField('instructions', `instructions must have 1 to ${MAX_INSTRUCTIONS} characters`);
  }
  for (const [field, value] of Object.entries({ max_output_tokens, max_tool_calls })) {
    const isCount = value === undefined || (Number.isSafeInteger(value) && value >= 1);
    if (!isCount) throw invalidField(field, `${field} must be a whole number from 1`);
  }
  if (top_p !== undefined && !(top_p >= 0 && top_p <= 1)) throw invalidField('top_p', 'top_p must be from 0 to 1');
  if (reasoning_effort !== undefined && !REASONING_EFFORTS.includes(reasoning_effort)) {
    throw invalidField('reasoning_effort', `reasoning_effort must be one of ${REASONING_EFFORTS.join(', ')}`);
  }
}

/** @throws AgentError `validation_failed` if the choice names a tool that the request does not offer. */
function assertChoice({ tool_choice: choice }: CallerSettings, agent: AgentDefinition): void {
  if (choice === undefined || choice === 'auto' || choice === 'none') return;
  const scope = scopeOf(agent);
  const named = offeredNames(choice);
  const unknown = named?.find((name) => !scope.has(name));
  if (unknown !== undefined)
    throw invalidField('tool_choice', `tool_choice names no tool of the request: "${unknown}".`);
  const isForced = choice === 'required' || 'name' in choice || choice.mode === 'required';
  if (isForced && (named?.length ?? scope.size) === 0) {
    throw invalidField('tool_choice', 'tool_choice requires a call, but there is no tool to call.');
  }
}
