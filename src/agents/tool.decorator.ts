import type { Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Principal } from '../auth/principal.js';

/**
 * Options of `@Tool`.
 *
 * @example
 * import { Agent, Tool, type ToolOptions } from 'rookery';
 * import { z } from 'zod';
 *
 * const refund: ToolOptions = {
 *   description: 'Pays an order back. Use it only after the customer has asked for it.',
 *   input: z.object({ order_id: z.string(), euros: z.number().positive() }),
 *   needsApproval: true,
 *   timeoutMs: 5000,
 * };
 *
 * \@Agent({ role: 'orders', description: 'Looks after orders.', instructions: 'Help with orders.' })
 * export class OrdersAgent {
 *   \@Tool(refund)
 *   refund({ order_id, euros }: { order_id: string; euros: number }) {
 *     return `Paid back ${euros} € for ${order_id}.`;
 *   }
 * }
 */
export interface ToolOptions {
  /** Explains to the model what the tool does and when to use it. */
  readonly description: string;
  /** The name for the model: 1–64 of A–Z a–z 0–9 _ -. Default: the method's name in snake_case. */
  readonly name?: string;
  /**
   * The schema of its input: a class-validator DTO, a Standard Schema, for example of zod, or a JSON Schema (2020-12) of
   * an object. Default: the class-validator DTO of its first parameter.
   */
  readonly input?: Type<object> | StandardSchemaV1 | Readonly<Record<string, unknown>>;
  /** A call may be repeated safely. Default: false. After a crash a task repeats only idempotent calls. */
  readonly idempotent?: boolean;
  /**
   * Each call needs an approval: the run emits `approval.required` and waits, within its deadline. `{ by: 'another' }`:
   * the principal and the end user of the run cannot decide themselves. Default: false.
   */
  readonly needsApproval?: boolean | { readonly by: 'another' };
  /** Longest call, in milliseconds. Default: 10 000. */
  readonly timeoutMs?: number;
  /** Repeats a failed call before the model reads of the failure. Default: no retries. */
  readonly retry?: ToolRetryOptions;
}

/**
 * The retries of a tool. Any failure of an idempotent tool is retried, but a ToolError only if it is `retryable`.
 * Other tools are retried only after a `retryable` ToolError. The waits end with the deadline of the run.
 *
 * @example
 * import { type ToolRetryOptions } from 'rookery';
 *
 * // After 500 ms, 1 s and 2 s.
 * const retry: ToolRetryOptions = { most: 3, initialMs: 500, factor: 2 };
 */
export interface ToolRetryOptions {
  /** Maximum retries, 1–10. */
  readonly most: number;
  /** The wait before the first retry, in milliseconds. Default: 1000. */
  readonly initialMs?: number;
  /** The factor by which each wait is longer than the one before, from 1 to 10. Default: 2. */
  readonly factor?: number;
}

/**
 * The second parameter of a tool, or the only one of a tool without input. A tool without input imports it as a class,
 * without `type`.
 *
 * @example
 * import { Agent, Tool, ToolContext } from 'rookery';
 *
 * \@Agent({ role: 'account', description: 'Knows your account.', instructions: 'Answer briefly.' })
 * export class AccountAgent {
 *   \@Tool({ description: 'The balance of the customer' })
 *   async balance({ principal, signal }: ToolContext) {
 *     const answer = await fetch(`https://bank.example/${principal.tenant}`, { signal });
 *     return await answer.text();
 *   }
 * }
 */
export abstract class ToolContext {
  /** Aborts if the call takes too long or the run ends. */
  abstract readonly signal: AbortSignal;
  /** The caller of the run. */
  abstract readonly principal: Principal;
  /** The id of the run, as in its events. */
  abstract readonly runId: string;
  /** The session of the run. */
  abstract readonly sessionId: string;
  /** The provider's id of the call, as `call_id` in events. */
  abstract readonly callId: string;
  /** The same for every attempt at this call. Pass it on to operations that must not happen twice. */
  abstract readonly idempotencyKey: string;
}

/** Stores the options. The registry reads them at bootstrap. */
export const ToolMetadata = DiscoveryService.createDecorator<ToolOptions>();

/**
 * Makes a method of an agent a tool. The model reads the result: text unchanged, anything else as JSON. Longer results
 * than 64 Ki characters are cut. The model also reads the message of a ToolError. Any other error is logged, and the
 * model reads only that the call failed.
 *
 * The input is validated before the method runs. Guards, interceptors and pipes apply to the method as to a route.
 *
 * @example
 * import { IsString, MaxLength } from 'class-validator';
 * import { Agent, Tool, type ToolContext, ToolError } from 'rookery';
 *
 * class CityInput {
 *   \@IsString() \@MaxLength(100) city!: string;
 * }
 *
 * \@Agent({ role: 'weather', description: 'Answers about the weather.', instructions: 'Answer briefly.' })
 * export class WeatherAgent {
 *   \@Tool({ description: 'The forecast for a city', idempotent: true })
 *   async forecast({ city }: CityInput, { signal }: ToolContext) {
 *     const answer = await fetch(`https://weather.example/${encodeURIComponent(city)}`, { signal });
 *     if (!answer.ok) throw new ToolError(`There is no city "${city}".`);
 *     return await answer.text();
 *   }
 * }
 */
export function Tool(options: ToolOptions): MethodDecorator {
  return ToolMetadata(options);
}
