import type { AgentLimits, AgentOptions, InstructionsContext } from './agent.decorator.js';
import type { AgentTools } from './agent.tools.js';
import type { Guardrail } from './guardrail.js';
import type { ValueSchema } from './schemas/value.schema.js';

/** An agent as the engine runs it: its options, validated and with defaults. */
export interface AgentDefinition extends Required<
  Pick<AgentOptions, 'role' | 'description' | 'model' | 'mcp' | 'handoffs' | 'agents'>
> {
  /** The system prompt. */
  instructions(context: InstructionsContext): string | Promise<string>;
  /** A task runs only in processes with this version of its agent; undefined: in any. */
  readonly version: string | undefined;
  /** 0–2, used if the caller sets none; undefined: the default of all agents. */
  readonly temperature?: number | undefined;
  readonly tools: AgentTools;
  readonly guardrails: readonly Guardrail[];
  /** The schema of its answers; undefined: any text. */
  readonly output: ValueSchema | undefined;
  readonly limits: Required<AgentLimits>;
  /** Whether the instructions of callers follow its own, or are refused. */
  readonly callerInstructions: 'append' | 'refuse';
}
