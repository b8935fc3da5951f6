import { DiscoveryService } from '@nestjs/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Principal } from '../auth/principal.js';

/** Options of `@Tool`. */
export interface ToolOptions {
  /** Explains to the model what the tool does and when to use it. */
  readonly description: string;
  /** The name for the model: 1–64 of A–Z a–z 0–9 _ -. Default: the method's name in snake_case. */
  readonly name?: string;
  /** A Standard Schema of its input, for example of zod. Default: the class-validator DTO of its first parameter. */
  readonly input?: StandardSchemaV1;
  /** A call may be repeated safely. Default: false. */
  readonly idempotent?: boolean;
  /**
   * Each call needs an approval: the run emits `approval.required` and waits, within its deadline. Default: false.
   */
  readonly needsApproval?: boolean;
  /** Longest call, in milliseconds. Default: 10 000. */
  readonly timeoutMs?: number;
}

/** The second parameter of a tool, or the only one of a tool without input. */
export abstract class ToolContext {
  /** Aborts if the call takes too long or the run ends. */
  abstract readonly signal: AbortSignal;
  /** The caller of the run. */
  abstract readonly principal: Principal;
  abstract readonly runId: string;
  abstract readonly sessionId: string;
  abstract readonly callId: string;
  /** The same for every attempt at this call. Pass it on to operations that must not happen twice. */
  abstract readonly idempotencyKey: string;
}

/** Stores the options. The registry reads them at bootstrap. */
export const ToolMetadata = DiscoveryService.createDecorator<ToolOptions>();

/**
 * Makes a method of an agent a tool. The model reads the result: text unchanged, anything else as JSON. The model also
 * reads the message of a ToolError. Any other error is logged, and the model reads only that the call failed.
 *
 * @example
 * \@Tool({ description: 'The forecast for a city', idempotent: true })
 * forecast(input: CityInput, { signal }: ToolContext): Promise<Forecast> { … }
 */
export function Tool(options: ToolOptions): MethodDecorator {
  return ToolMetadata(options);
}
