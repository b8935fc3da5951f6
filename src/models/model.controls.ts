/** How much a model reasons before it answers. Each model knows some of these. */
export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;

/** How much a model reasons before it answers. Each model knows some of these. */
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

/** How much of its reasoning a model shows, as a summary. */
export const REASONING_SUMMARIES = ['auto', 'concise', 'detailed'] as const;

/** How much of its reasoning a model shows, as a summary. */
export type ReasoningSummary = (typeof REASONING_SUMMARIES)[number];

/** `none`: no call. `required`: at least one call. `name`: a call of that tool. */
export type ModelToolChoice =
  | 'none'
  | 'required'
  | {
      /** The tool to call. */
      readonly name: string;
    };

const CONTROLS = ['top_p', 'tool_choice', 'parallel_tool_calls', 'reasoning_effort'] as const;

/** A part of a request that a model may not know. It is refused by this name, and never left out. */
export type ModelControl = (typeof CONTROLS)[number];

/** The parts of a request that a model may not know. The caller of a run sets them. */
export interface ModelControls {
  /** Whether the model must call tools. Default: it decides. */
  readonly toolChoice?: ModelToolChoice;
  /** False: at most one call in a turn. Default: the model's own. */
  readonly parallelToolCalls?: boolean;
  /** 0–1: the share of the most likely tokens that are sampled. Default: the model's own. */
  readonly topP?: number;
  /** How much the model reasons before it answers. Default: the model's own. */
  readonly reasoningEffort?: ReasoningEffort;
  /** The summary of its reasoning to show. Left out for providers that do not take it. Default: the model's own. */
  readonly reasoningSummary?: ReasoningSummary;
}

/** The controls that a request sets. */
export function controlsOf({
  topP: top_p,
  toolChoice: tool_choice,
  parallelToolCalls: parallel_tool_calls,
  reasoningEffort: reasoning_effort,
}: ModelControls): readonly ModelControl[] {
  const values = { top_p, tool_choice, parallel_tool_calls, reasoning_effort };
  return CONTROLS.filter((control) => values[control] !== undefined);
}
