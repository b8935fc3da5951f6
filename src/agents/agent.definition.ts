import type { InstructionsContext } from './agent.decorator.js';
import type { AgentTools } from './agent.tools.js';
import type { Guardrail } from './guardrail.js';
import type { McpServerOptions } from './mcp.options.js';
import type { ToolContext } from './tool.decorator.js';
import type { ValueSchema } from './value.schema.js';

/** A tool as the engine calls it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input: ValueSchema;
  /** Its server can be reached now. Default: true, as of all that needs none. */
  readonly isReachable?: boolean;
  /** Repeating a call does no harm. */
  readonly isIdempotent: boolean;
  /** Somebody has to approve each call. */
  readonly needsApproval: boolean;
  readonly timeoutMs: number;
  /** Runs the method with its guards, interceptors and pipes. */
  call(input: unknown, context: ToolContext): Promise<unknown>;
}

/** An agent as the engine runs it: its options checked and completed. */
export interface AgentDefinition {
  readonly role: string;
  readonly description: string;
  /** What the model is told before the conversation. */
  instructions(context: InstructionsContext): string | Promise<string>;
  /** The provider's name of its model. */
  readonly model: string;
  /** 0–2, where the caller does not say; undefined: as of every agent. */
  readonly temperature?: number | undefined;
  readonly tools: AgentTools;
  /** The MCP servers that lend it tools beside its own. */
  readonly mcp: readonly McpServerOptions[];
  /** Roles that it may hand over to. */
  readonly handoffs: readonly string[];
  /** Roles that it may ask. */
  readonly agents: readonly string[];
  readonly guardrails: readonly Guardrail[];
  /** The shape of its answers; undefined: any text. */
  readonly output: ValueSchema | undefined;
  readonly limits: { readonly maxTurns: number; readonly maxTokens: number };
}
