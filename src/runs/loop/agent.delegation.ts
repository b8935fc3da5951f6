import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentRegistry } from '../../agents/agent.registry.js';
import { isObject, isString } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelTool, ModelToolCall } from '../../models/language.model.js';
import { MAX_ARGUMENT_CHARS } from './tool.invoker.js';

const HAND_OVER = 'transfer_to_';
const ASK = 'ask_';
const NOTHING = { type: 'object', properties: {}, required: [], additionalProperties: false };
const QUESTION = {
  type: 'object',
  properties: { message: { type: 'string', description: 'The whole question. The other agent sees nothing else.' } },
  required: ['message'],
  additionalProperties: false,
};

/** Another agent that a tool call refers to. */
export interface Colleague {
  readonly agent: AgentDefinition;
  /** True: it answers a question. False: it takes over the conversation. */
  readonly isAsked: boolean;
}

/** Offers the agents that an agent may ask or hand over to as tools of its model. */
@Injectable()
export class AgentDelegation {
  constructor(private readonly agents: AgentRegistry) {}

  toolsOf({ handoffs, agents }: AgentDefinition): ModelTool[] {
    const tool = (prefix: string, role: string, does: string, parameters: object): ModelTool => ({
      name: prefix + role,
      description: `${does} ${role}: ${this.agents.get(role).description}`,
      parameters,
    });
    return [
      ...handoffs.map((role) => tool(HAND_OVER, role, 'Hands the conversation over to', NOTHING)),
      ...agents.map((role) => tool(ASK, role, 'Asks', QUESTION)),
    ];
  }

  /** The agent that a call refers to; undefined if the caller may not use it. */
  find({ handoffs, agents }: AgentDefinition, name: string): Colleague | undefined {
    const successor = handoffs.find((role) => name === HAND_OVER + role);
    if (successor !== undefined) return { agent: this.agents.get(successor), isAsked: false };
    const asked = agents.find((role) => name === ASK + role);
    return asked === undefined ? undefined : { agent: this.agents.get(asked), isAsked: true };
  }
}

/** The question in the arguments of a call; undefined if it is missing, empty or too long. */
export function parseQuestion({ arguments: text }: ModelToolCall): string | undefined {
  if (text.length > MAX_ARGUMENT_CHARS) return undefined;
  const question = tryParseJson(text);
  if (!isObject(question) || !isString(question.message) || question.message === '') return undefined;
  return question.message;
}
