import type { InstructionsContext } from './agent.decorator.js';
import type { AgentTools } from './agent.tools.js';
import type { Guardrail } from './guardrail.js';
import type { McpServerOptions } from './mcp/mcp.options.js';
import type { ValueSchema } from './schemas/value.schema.js';

/** An agent as the engine runs it: its options, validated and with defaults. */
export interface AgentDefinition {
  readonly role: string;
  readonly description: string;
  /** The system prompt. */
  instructions(context: InstructionsContext): string | Promise<string>;
  /** The provider's name for its model. */
  readonly model: string;
  /** 0–2, used if the caller sets none; undefined: the default of all agents. */
  readonly temperature?: number | undefined;
  readonly tools: AgentTools;
  /** The MCP servers whose tools it uses beside its own. */
  readonly mcp: readonly McpServerOptions[];
  /** Roles that it may hand over to. */
  readonly handoffs: readonly string[];
  /** Roles that it may call like tools. */
  readonly agents: readonly string[];
  readonly guardrails: readonly Guardrail[];
  /** The schema of its answers; undefined: any text. */
  readonly output: ValueSchema | undefined;
  readonly limits: { readonly maxTurns: number; readonly maxTokens: number };
}
