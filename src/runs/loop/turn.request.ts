import type { AgentDefinition } from '../../agents/agent.definition.js';
import { raceAbort } from '../../async/abortable.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelReply, ModelRequest, ModelTool } from '../../models/language.model.js';
import { DEFAULT_TEMPERATURE } from '../events/run.events.js';
import { type OfferedTools, offer } from '../request/tool.choice.js';
import type { AgentExecution } from './agent.execution.js';
import { outputOf } from './answer.output.js';

/** Parts that the service adds to the request for a turn. */
interface TurnOptions {
  readonly instructions: string;
  /** Other agents as tools. */
  readonly delegates: readonly ModelTool[];
  /** Limit of the service; undefined: the model's own. */
  readonly maxOutputTokens: number | undefined;
}

/** The tools of a turn, among which the caller may choose. */
export function offeredTools(execution: AgentExecution, delegates: readonly ModelTool[]): OfferedTools {
  const tools = [...toolsOf(execution.agent), ...delegates];
  return execution.settings ? offer(tools, execution.settings, execution.turn === 1) : { tools };
}

/** The request for a turn of the agent that works. */
export function turnRequestOf(execution: AgentExecution, options: TurnOptions): ModelRequest {
  const { agent, transcript, temperature, settings } = execution;
  const { instructions, delegates, maxOutputTokens } = options;
  const output = outputOf(execution);
  const { tools, choice } = offeredTools(execution, delegates);
  const request: ModelRequest = {
    model: agent.model,
    instructions,
    messages: transcript.messages,
    tools,
    output: output?.schema,
    isOutputStrict: output?.isStrict ?? true,
    temperature: temperature ?? agent.temperature ?? DEFAULT_TEMPERATURE,
    maxOutputTokens,
  };
  if (settings === undefined) return request;
  const { max_output_tokens: ownLimit, parallel_tool_calls, top_p, reasoning_effort, reasoning_summary } = settings;
  return {
    ...request,
    ...(ownLimit === undefined
      ? {}
      : { maxOutputTokens: Math.min(ownLimit, maxOutputTokens ?? ownLimit), isOutputLimitRequired: true }),
    ...(choice === undefined ? {} : { toolChoice: choice }),
    ...(parallel_tool_calls === undefined ? {} : { parallelToolCalls: parallel_tool_calls }),
    ...(top_p === undefined ? {} : { topP: top_p }),
    ...(reasoning_effort === undefined ? {} : { reasoningEffort: reasoning_effort }),
    ...(reasoning_summary === undefined ? {} : { reasoningSummary: reasoning_summary }),
  };
}

/** The instructions of the agent, then those of the caller, unless the agent that works refuses them. */
export async function instructionsOf({ run, agent, settings }: AgentExecution): Promise<string> {
  const { id, context, session, signal } = run;
  const given = agent.instructions({
    principal: context.principal,
    runId: id,
    sessionId: session.session_id,
    signal,
  });
  const own = typeof given === 'string' ? given : await raceAbort(given, signal);
  const isClosed = agent.callerInstructions === 'refuse';
  return isClosed || settings?.instructions === undefined ? own : `${own}\n\n${settings.instructions}`.trim();
}

/** @throws AgentError `model_error` if the model has called no tool although it must. */
export function assertCalled(execution: AgentExecution, { toolCalls = [] }: ModelReply): void {
  if (toolCalls.length > 0 || execution.settings === undefined) return;
  const { choice } = offeredTools(execution, []);
  if (choice === undefined || choice === 'none') return;
  throw new AgentError('model_error', { detail: 'The model called no tool although tool_choice requires a call.' });
}

function toolsOf({ tools }: AgentDefinition): ModelTool[] {
  return tools.offered().map(({ name, description, input }) => ({
    name,
    description,
    parameters: input.schema,
    isStrict: input.isStrict,
  }));
}
