import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { accessRefusal } from '../../auth/caller.access.js';
import type { Principal } from '../../auth/principal.js';
import { AgentRegistry } from '../../agents/agent.registry.js';
import { isObject, isString } from '../../json/json.object.js';
import { tryParseExactJson } from '../../json/exact.json.js';
import { objectText } from '../../models/tool.arguments.js';
import type { ModelTool, ModelToolCall } from '../../models/language.model.js';
import type { ResolvedAgents } from './resolved.agents.js';
import { MAX_ARGUMENT_CHARS } from './tools/tool.invoker.js';

const HANDOFF_PREFIX = 'transfer_to_';
const AGENT_TOOL_PREFIX = 'ask_';
const NO_PARAMETERS = { type: 'object', properties: {}, required: [], additionalProperties: false };
const QUESTION_PARAMETERS = {
  type: 'object',
  properties: { message: { type: 'string', description: 'The whole question. The other agent sees nothing else.' } },
  required: ['message'],
  additionalProperties: false,
};

/** Another agent that a tool call refers to. */
export interface DelegateAgent {
  readonly agent: AgentDefinition;
  /** `handoff`: it takes over the conversation. `agent_tool`: it answers a question. */
  readonly kind: 'handoff' | 'agent_tool';
}

/** The parts of a run that decide which agents it may reach. */
interface CallerOfRun {
  readonly context: { readonly principal: Principal };
  readonly releases: ResolvedAgents;
}

/** Offers the agents that an agent may ask or hand over to as tools of its model. */
@Injectable()
export class AgentDelegation {
  constructor(private readonly agents: AgentRegistry) {}

  /** The tools, without the agents that the caller of the run may not run. */
  toolsOf({ handoffs, agents }: AgentDefinition, { context, releases }: CallerOfRun): ModelTool[] {
    const isAllowed = (role: string): boolean =>
      accessRefusal(context.principal, releases.withRelease(this.agents.get(role))) === undefined;
    const tool = (prefix: string, role: string, does: string, parameters: object): ModelTool => ({
      name: prefix + role,
      description: `${does} ${role}: ${this.agents.get(role).description}`,
      parameters,
    });
    return [
      ...handoffs
        .filter(isAllowed)
        .map((role) => tool(HANDOFF_PREFIX, role, 'Hands the conversation over to', NO_PARAMETERS)),
      ...agents.filter(isAllowed).map((role) => tool(AGENT_TOOL_PREFIX, role, 'Asks', QUESTION_PARAMETERS)),
    ];
  }

  /** The agent that a call refers to; undefined if the caller may not use it. */
  find({ handoffs, agents }: AgentDefinition, name: string): DelegateAgent | undefined {
    const successor = handoffs.find((role) => name === HANDOFF_PREFIX + role);
    if (successor !== undefined) return { agent: this.agents.get(successor), kind: 'handoff' };
    const agentTool = agents.find((role) => name === AGENT_TOOL_PREFIX + role);
    return agentTool === undefined ? undefined : { agent: this.agents.get(agentTool), kind: 'agent_tool' };
  }
}

/** The names of the tools with which the agent reaches others. */
export function delegationNames({ handoffs, agents }: AgentDefinition): string[] {
  return [...handoffs.map((role) => HANDOFF_PREFIX + role), ...agents.map((role) => AGENT_TOOL_PREFIX + role)];
}

/** The question in the arguments of a call; undefined if it is missing, empty or too long. */
export function parseQuestion({ arguments: text }: ModelToolCall): string | undefined {
  if (text.length > MAX_ARGUMENT_CHARS) return undefined;
  const question = tryParseExactJson(objectText(text) ?? '');
  if (!isObject(question) || !isString(question.message) || question.message === '') return undefined;
  return question.message;
}
