import { applyDecorators, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Principal } from '../auth/principal.js';
import type { Guardrail } from './guardrail.js';
import type { McpServerOptions } from './mcp/mcp.options.js';

/** Limits of one run of an agent. */
export interface AgentLimits {
  /** Model calls. Default: 10. */
  readonly maxTurns?: number;
  /** Input and output tokens of all model calls. A run above it makes no further model call. Default: no limit. */
  readonly maxTokens?: number;
}

/** The run that an agent builds its instructions for. */
export interface InstructionsContext {
  readonly principal: Principal;
  readonly runId: string;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/**
 * An agent that builds its instructions anew for every turn, for example with injected services.
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

/** Options of `@Agent`. */
export interface AgentOptions {
  /** The value of `agent_role` that selects the agent: 1–64 of a–z 0–9 _ -. */
  readonly role: string;
  /** A sentence for callers, shown by `GET /roles`. */
  readonly description: string;
  /** The system prompt. Left out: the class implements Instructor. */
  readonly instructions?: string;
  /** The provider's name for its model. Default: the module's model. */
  readonly model?: string;
  readonly limits?: AgentLimits;
  /** Roles that it may hand the conversation over to. The other agent then continues in its place. */
  readonly handoffs?: readonly string[];
  /** Roles that it may call like tools. It receives their answer and continues itself. */
  readonly agents?: readonly string[];
  /**
   * MCP servers whose tools it uses beside its own. The service keeps reconnecting to an unreachable server; meanwhile
   * the agent runs without its tools.
   */
  readonly mcp?: readonly McpServerOptions[];
  /** Checks on requests and answers, in this order. Each must be a provider. */
  readonly guardrails?: readonly Type<Guardrail>[];
  /**
   * The schema of its answers: a class-validator DTO or a Standard Schema. The reply is then JSON that matches it. An
   * invalid answer is sent back once for repair; then the run fails with `model_output_invalid`.
   */
  readonly output?: Type<object> | StandardSchemaV1;
}

/** Stores the options. The registry reads them at bootstrap. */
export const AgentMetadata = DiscoveryService.createDecorator<AgentOptions>();

/**
 * Makes a class an agent. List the class as a provider of any module to offer its role.
 *
 * @example
 * @Agent({ role: 'poet', description: 'Answers in verse.', instructions: 'Answer in four rhyming lines.' })
 * export class PoetAgent {}
 */
export function Agent(options: AgentOptions): ClassDecorator {
  return applyDecorators(Injectable(), AgentMetadata(options));
}
