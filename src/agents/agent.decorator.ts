import { applyDecorators, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Principal } from '../auth/principal.js';
import type { Guardrail } from './guardrail.js';
import type { McpServerOptions } from './mcp.options.js';

/** What bounds one run of an agent. */
export interface AgentLimits {
  /** Model calls. Default: 10. */
  readonly maxTurns?: number;
  /** Input and output tokens of all model calls; a run that has passed it makes no further one. Default: none. */
  readonly maxTokens?: number;
}

/** On whose behalf an agent is about to speak. */
export interface InstructionsContext {
  readonly principal: Principal;
  readonly runId: string;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/**
 * An agent that finds the words for its instructions anew for every turn, with whatever it has injected.
 *
 * @example
 * \@Agent({ role: 'clerk', description: 'Knows the customer.' })
 * export class ClerkAgent implements Instructor {
 *   constructor(private readonly customers: CustomerService) {}
 *   async instructions({ principal }: InstructionsContext) {
 *     return `You serve ${await this.customers.nameOf(principal.id)}.`;
 *   }
 * }
 */
export interface Instructor {
  instructions(context: InstructionsContext): string | Promise<string>;
}

/** What an agent is. */
export interface AgentOptions {
  /** The name callers choose it by, `agent_role`: 1–64 of a–z 0–9 _ -. */
  readonly role: string;
  /** A sentence for callers, shown by `GET /roles`. */
  readonly description: string;
  /** What the model is told before the conversation. Left out: the class has a method `instructions`, an Instructor. */
  readonly instructions?: string;
  /** The provider's name of its model; default: the module's. */
  readonly model?: string;
  readonly limits?: AgentLimits;
  /** Roles that it may hand the conversation over to; the other one then goes on in its place. */
  readonly handoffs?: readonly string[];
  /** Roles that it may ask as it calls a tool; it gets their answer and goes on itself. */
  readonly agents?: readonly string[];
  /**
   * MCP servers whose tools it uses beside its own. A server that cannot be reached is tried again and again; until
   * it is back the agent does without its tools.
   */
  readonly mcp?: readonly McpServerOptions[];
  /** Checks on what is asked and answered, in this order; each must be a provider. */
  readonly guardrails?: readonly Type<Guardrail>[];
  /**
   * The shape of its answers: a class-validator DTO or a Standard Schema. The reply is then JSON of that shape; a
   * model that misses it is asked once to mend it, then the run fails with `model_output_invalid`.
   */
  readonly output?: Type<object> | StandardSchemaV1;
}

/** Where the options are stored; the registry reads them at bootstrap. */
export const AgentMetadata = DiscoveryService.createDecorator<AgentOptions>();

/**
 * Makes a class an agent. List it as a provider of any module, and the service offers its role.
 *
 * @example
 * @Agent({ role: 'poet', description: 'Answers in verse.', instructions: 'Answer in four rhyming lines.' })
 * export class PoetAgent {}
 */
export function Agent(options: AgentOptions): ClassDecorator {
  return applyDecorators(Injectable(), AgentMetadata(options));
}
