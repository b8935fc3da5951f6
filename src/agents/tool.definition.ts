import type { ValueSchema } from './schemas/value.schema.js';
import type { ToolContext } from './tool.decorator.js';

/** A tool as the engine calls it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input: ValueSchema;
  /** Its server is reachable. Default: true, for tools without a server. */
  readonly isReachable?: boolean;
  /** A call may be repeated safely. */
  readonly isIdempotent: boolean;
  /** Each call needs an approval. */
  readonly needsApproval: boolean;
  readonly timeoutMs: number;
  /** Runs the method with its guards, interceptors and pipes. */
  call(input: unknown, context: ToolContext): Promise<unknown>;
}
