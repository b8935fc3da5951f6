import type { ValueSchema } from './schemas/value.schema.js';
import type { ToolContext, ToolOptions, ToolRetryOptions } from './tool.decorator.js';

/** The retries of a tool that has none. */
export const NO_RETRIES: Required<ToolRetryOptions> = { most: 0, initialMs: 0, factor: 1 };

/** A tool as the engine calls it. */
export interface ToolDefinition extends Required<
  Pick<ToolOptions, 'name' | 'description' | 'needsApproval' | 'timeoutMs'>
> {
  readonly input: ValueSchema;
  /** Its server is reachable. Default: true, for tools without a server. */
  readonly isReachable?: boolean;
  /** A call may be repeated safely. */
  readonly isIdempotent: boolean;
  /** Repeats failed calls, after waits that grow by the factor. */
  readonly retry: Required<ToolRetryOptions>;
  /** Runs the method with its guards, interceptors and pipes. */
  call(input: unknown, context: ToolContext): Promise<unknown>;
}
