import { applyDecorators, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** What an agent is. */
export interface AgentOptions {
  /** The name callers choose it by, `agent_role`: 1–64 of a–z 0–9 _ -. */
  readonly role: string;
  /** A sentence for callers, shown by `GET /roles`. */
  readonly description: string;
  /** What the model is told before the conversation. */
  readonly instructions: string;
  /** The provider's name of its model; default: the module's. */
  readonly model?: string;
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
