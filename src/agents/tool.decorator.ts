import { DiscoveryService } from '@nestjs/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Principal } from '../auth/principal.js';

/** What a tool is. */
export interface ToolOptions {
  /** What it does and when to use it, for the model. */
  readonly description: string;
  /** The name the model calls it by, 1–64 of A–Z a–z 0–9 _ -. Default: the method's, in snake_case. */
  readonly name?: string;
  /** A Standard Schema (zod's, for example) of its input. Default: the class-validator DTO that is its first parameter. */
  readonly input?: StandardSchemaV1;
  /** Repeating a call does no harm. Default: false. */
  readonly idempotent?: boolean;
  /**
   * Somebody has to approve each call: the run tells of it with `approval.required` and waits, within its deadline.
   * Default: false.
   */
  readonly needsApproval?: boolean;
  /** Longest call, in milliseconds. Default: 10 000. */
  readonly timeoutMs?: number;
}

/** What a tool is told beside its input, as its second parameter; as its only one, where it takes no input. */
export abstract class ToolContext {
  /** Aborts when the call takes too long or the run ends. */
  abstract readonly signal: AbortSignal;
  /** On whose behalf the agent runs. */
  abstract readonly principal: Principal;
  abstract readonly runId: string;
  abstract readonly sessionId: string;
  abstract readonly callId: string;
  /** The same for every attempt at this call: pass it on to what must not happen twice. */
  abstract readonly idempotencyKey: string;
}

/** Where the options are stored; the registry reads them at bootstrap. */
export const ToolMetadata = DiscoveryService.createDecorator<ToolOptions>();

/**
 * Makes a method of an agent a tool of it. What it returns goes to the model: text as it is, anything else as
 * JSON. The message of a ToolError goes to the model too; anything else it throws is logged, and the model is told
 * that the call failed.
 *
 * @example
 * \@Tool({ description: 'The forecast for a city', idempotent: true })
 * forecast(input: CityInput, { signal }: ToolContext): Promise<Forecast> { … }
 */
export function Tool(options: ToolOptions): MethodDecorator {
  return ToolMetadata(options);
}
