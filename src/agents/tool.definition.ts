import type { ValueSchema } from './schemas/value.schema.js';
import type { ToolContext, ToolOptions } from './tool.decorator.js';

/** A tool as the engine calls it. */
export interface ToolDefinition extends Required<
  Pick<ToolOptions, 'name' | 'description' | 'needsApproval' | 'timeoutMs'>
> {
  readonly input: ValueSchema;
  /** Its server is reachable. Default: true, for tools without a server. */
  readonly isReachable?: boolean;
  /** A call may be repeated safely. */
  readonly isIdempotent: boolean;
  /** Runs the method with its guards, interceptors and pipes. */
  call(input: unknown, context: ToolContext): Promise<unknown>;
}
