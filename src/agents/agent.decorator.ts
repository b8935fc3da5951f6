import { applyDecorators, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Principal } from '../auth/principal.js';
import type { Guardrail } from './guardrail.js';
import type { McpServerOptions } from './mcp/mcp.options.js';

/** Limits of one run of an agent. A run beyond a limit fails with `model_error`. */
export interface AgentLimits {
  /** Maximum model calls. Default: 10. */
  readonly maxTurns?: number;
  /** Input and output tokens of all model calls. A run above it makes no further model call. Default: no limit. */
  readonly maxTokens?: number;
}

/** The run that an agent builds its instructions for. */
export interface InstructionsContext {
  /** The caller that the run acts for. */
  readonly principal: Principal;
  /** The id of the run, as in its events. */
  readonly runId: string;
  /** The session of the run; a new one if the request named none. */
  readonly sessionId: string;
  /** Aborts if the run ends. Pass it on to slow calls. */
  readonly signal: AbortSignal;
}

/**
 * An agent that builds its instructions anew for every turn, for example with injected services.
 *
 * @example
 * import { Agent, type InstructionsContext, type Instructor } from 'rookery';
 *
 * class CustomerService {
 *   nameOf = (id: string) => Promise.resolve(`customer ${id}`);
 * }
 *
 * \@Agent({ role: 'clerk', description: 'Knows the customer.' })
 * export class ClerkAgent implements Instructor {
 *   constructor(private readonly customers: CustomerService) {}
 *
 *   async instructions({ principal }: InstructionsContext) {
 *     return `You serve ${await this.customers.nameOf(principal.id)}.`;
 *   }
 * }
 */
export interface Instructor {
  /**
   * Returns the system prompt. Runs before every model call, so it must have no side effects. A throw fails the run.
   */
  instructions(context: InstructionsContext): string | Promise<string>;
}

/**
 * Options of `@Agent`.
 *
 * @example
 * import { Agent, type AgentOptions } from 'rookery';
 * import { z } from 'zod';
 *
 * const options: AgentOptions = {
 *   role: 'critic',
 *   description: 'Rates a book.',
 *   instructions: 'Rate the book.',
 *   model: 'gpt-4o-mini',
 *   limits: { maxTurns: 4, maxTokens: 20_000 },
 *   output: z.object({ title: z.string(), stars: z.int().min(1).max(5) }),
 * };
 *
 * \@Agent(options)
 * export class CriticAgent {}
 */
export interface AgentOptions {
  /** The value of `agent_role` that selects the agent: 1–64 of a–z 0–9 _ -. */
  readonly role: string;
  /** A sentence for callers, shown by `GET /roles`. */
  readonly description: string;
  /** The system prompt. Left out: the class implements Instructor. */
  readonly instructions?: string;
  /** The provider's name for its model, or a name in the option `models`. Default: the module's model. */
  readonly model?: string;
  /** 0–2, used if the request sets none. Default: 0.7. */
  readonly temperature?: number;
  /** Limits of one run. Default: 10 model calls, no limit on tokens. */
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
   * The schema of its answers: a class-validator DTO, a Standard Schema or a JSON Schema of an object. The reply is then
   * JSON that matches it. An invalid answer is sent back once for repair; then the run fails with
   * `model_output_invalid`.
   */
  readonly output?: Type<object> | StandardSchemaV1 | Readonly<Record<string, unknown>>;
  /**
   * Instructions that callers send with a request: `append` puts them after the agent's own, `refuse` refuses the
   * request. Guardrails check them. Default: `append`.
   */
  readonly callerInstructions?: 'append' | 'refuse';
}

/** Stores the options. The registry reads them at bootstrap. */
export const AgentMetadata = DiscoveryService.createDecorator<AgentOptions>();

/**
 * Makes a class an agent. List the class as a provider of any module to offer its role. Nest injects its dependencies,
 * so `@Injectable` is not needed.
 *
 * An invalid agent stops the start. One error lists the faults of all agents.
 *
 * @example
 * import { Agent } from 'rookery';
 *
 * \@Agent({ role: 'poet', description: 'Answers in verse.', instructions: 'Answer in four rhyming lines.' })
 * export class PoetAgent {}
 */
export function Agent(options: AgentOptions): ClassDecorator {
  return applyDecorators(Injectable(), AgentMetadata(options));
}

/**
 * The options that `@Agent` has given a class; undefined: the class has none.
 *
 * @example
 * import { Agent, agentOptionsOf } from 'rookery';
 *
 * \@Agent({ role: 'poet', description: 'Answers in verse.', instructions: 'Answer in four rhyming lines.' })
 * export class PoetAgent {}
 *
 * const role = agentOptionsOf(PoetAgent)?.role; // 'poet'
 */
export function agentOptionsOf(type: Type<object>): AgentOptions | undefined {
  return new Reflector().get<AgentOptions | undefined>(AgentMetadata.KEY, type);
}
