import type { ReasoningEffort, ReasoningSummary } from '../../models/model.controls.js';
import type { CallerTool } from './caller.tools.js';

export { REASONING_EFFORTS, type ReasoningEffort } from '../../models/model.controls.js';

/**
 * Whether the model must call tools: `none`, as it decides (`auto`), at least one (`required`), the one with that name,
 * or only those that are allowed. `required`, a name and the mode `required` hold for the first model call of the run.
 *
 * @example
 * import type { ToolChoice } from 'rookery';
 *
 * const choice: ToolChoice = { allowed: ['get_weather', 'get_time'], mode: 'required' };
 */
export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | {
      /** The tool to call. */
      readonly name: string;
    }
  | {
      /** The only tools that may be called. */
      readonly allowed: readonly string[];
      /** `required`: one of them must be called. */
      readonly mode: 'auto' | 'required';
    };

/** Settings of the caller for the model calls of a run. They hold for the agent of the run and its successors. */
export interface CallerSettings {
  /** Tools that the caller executes: at most 64. The run ends if the model calls one. */
  readonly tools?: readonly CallerTool[] | undefined;
  /** Follow the agent's own instructions: 1–256,000 characters. Some agents refuse them. */
  readonly instructions?: string | undefined;
  /** Default: `auto`. */
  readonly tool_choice?: ToolChoice | undefined;
  /** False: the model makes at most one call in a turn. Default: the model's own. */
  readonly parallel_tool_calls?: boolean | undefined;
  /** Limit of each answer of the model, from 1. The limit of the service holds too. */
  readonly max_output_tokens?: number | undefined;
  /** Calls of tools in the run, from 1. Further ones are not made. Default: no limit. */
  readonly max_tool_calls?: number | undefined;
  /** 0–1. Default: the model's own. */
  readonly top_p?: number | undefined;
  /** Default: the model's own. */
  readonly reasoning_effort?: ReasoningEffort | undefined;
  /** The summary of its reasoning that the model shows, if it can. Default: the model's own. */
  readonly reasoning_summary?: ReasoningSummary | undefined;
}

/** The settings of a request; undefined without any. */
export function settingsOf(request: CallerSettings): CallerSettings | undefined {
  const { tools, instructions, tool_choice, parallel_tool_calls, max_output_tokens, ...rest } = request;
  const { max_tool_calls, top_p, reasoning_effort, reasoning_summary } = rest;
  const settings = {
    tools: tools?.length === 0 ? undefined : tools,
    instructions,
    tool_choice,
    parallel_tool_calls,
    max_output_tokens,
    max_tool_calls,
    top_p,
    reasoning_effort,
    reasoning_summary,
  };
  return Object.values(settings).some((value) => value !== undefined) ? settings : undefined;
}
