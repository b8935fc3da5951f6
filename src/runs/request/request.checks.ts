import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentRegistry } from '../../agents/agent.registry.js';
import { CallerSchemas } from '../../agents/schemas/caller.schemas.js';
import { InvalidValue, type ValueSchema } from '../../agents/schemas/value.schema.js';
import type { Principal } from '../../auth/principal.js';
import { invalidField } from '../../errors/agent.error.js';
import { LanguageModel, type ModelMessage } from '../../models/language.model.js';
import { REASONING_EFFORTS } from '../../models/model.controls.js';
import { DEFAULT_TEMPERATURE, type RunRequest } from '../events/run.events.js';
import type { AcquiredSession } from '../../sessions/session.key.js';
import type { RunContext, RunOutputOptions } from '../run.js';
import { RunsModuleOptions } from '../runs.options.js';
import type { CallerSettings } from './caller.settings.js';
import { inputMessages } from './input.messages.js';
import { inputFaultOf } from './request.faults.js';
import { controlFieldsOf, namesIn, ownNames, scopeOf } from './tool.choice.js';

const MAX_INSTRUCTIONS = 256_000;
const MINUTE_MS = 60_000;

/** Checks requests for runs. Entry points check more than this, but host code calls without one. */
@Injectable()
export class RequestChecks {
  constructor(
    private readonly schemas: CallerSchemas,
    private readonly model: LanguageModel,
    private readonly agents: AgentRegistry,
    private readonly options: RunsModuleOptions,
  ) {}

  /** @throws AgentError `validation_failed` if a field of the request is invalid by itself. */
  assertValid(request: RunRequest, kind: RunContext['kind']): void {
    const { temperature = DEFAULT_TEMPERATURE } = request;
    const fault = inputFaultOf(request);
    if (fault) throw invalidField(fault.field, fault.message);
    if (!(temperature >= 0 && temperature <= 2)) throw invalidField('temperature', 'temperature must be from 0 to 2');
    if (kind === 'task' && request.store === false) {
      throw invalidField('store', 'store must not be false for a task: it is stored to survive its process.');
    }
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
    this.#assertOwnNames(request, agent);
    assertChoice(request, agent);
  }

  /**
   * The messages with which a run of the session begins.
   *
   * @throws AgentError `tool_results_required` or `validation_failed`
   */
  inputOf(request: RunRequest, { openCalls: open }: AcquiredSession): readonly ModelMessage[] {
    const lateAt = (open?.since ?? 0) + this.options.openCallsTimeoutMinutes * MINUTE_MS;
    return inputMessages(request, { open, isLate: Date.now() >= lateAt });
  }

  /** @throws AgentError `validation_failed` if a tool of the caller has the name of a tool that the run may offer. */
  #assertOwnNames({ tools = [] }: RunRequest, agent: AgentDefinition): void {
    if (tools.length === 0) return;
    const leaders = new Set([agent.role]);
    // The set grows during the iteration.
    for (const role of leaders) {
      const own = ownNames(this.agents.get(role));
      const taken = tools.find(({ name }) => own.has(name));
      if (taken) throw invalidField('tools', `The agent "${role}" has a tool "${taken.name}" already.`);
      for (const successor of this.agents.get(role).handoffs) leaders.add(successor);
    }
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
function assertChoice(settings: CallerSettings, agent: AgentDefinition): void {
  const { tool_choice: choice } = settings;
  if (choice === undefined || choice === 'auto' || choice === 'none') return;
  const scope = scopeOf(settings, agent);
  const named = namesIn(choice);
  const unknown = named?.find((name) => !scope.has(name));
  if (unknown !== undefined)
    throw invalidField('tool_choice', `tool_choice names no tool of the request: "${unknown}".`);
  const isForced = choice === 'required' || 'name' in choice || choice.mode === 'required';
  if (isForced && (named?.length ?? scope.size) === 0) {
    throw invalidField('tool_choice', 'tool_choice requires a call, but there is no tool to call.');
  }
}
