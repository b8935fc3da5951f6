import { CODE_RELEASE } from '../../releases/release.js';
import { toUsd } from '../../storage/money.js';
import type { UsageAccumulator } from '../../usage/usage.accumulator.js';
import type { PendingCall } from '../request/caller.tools.js';
import type { RunMetadata, RunResponse } from './run.events.js';

/** The tokens of all model calls of a run. */
export interface RunUsage {
  /** Tokens of all requests, including cached ones. */
  readonly input_tokens: number;
  /** The part of the input that the provider had cached. */
  readonly cached_tokens: number;
  /** Tokens of all answers, including those of reasoning. */
  readonly output_tokens: number;
  /** The part of the output that the model used for reasoning. */
  readonly reasoning_tokens: number;
  /** Input plus output. */
  readonly total_tokens: number;
  /** Cost in US dollars; absent if no price is known. */
  readonly cost?: number;
}

/** A tool call that a run has made. */
export interface ToolCallRecord {
  /** The provider's id of the call. */
  readonly call_id: string;
  /** The name of the tool, as the model reads it. */
  readonly tool: string;
  /** Arguments from the model: an object, or the text if it is not an object. */
  readonly arguments: object | string;
  /** The result for the model, cut if it is long; `error` replaces it if the call failed. */
  readonly output?: string;
  /** Why the call failed, as the model reads it. */
  readonly error?: string;
  /** Milliseconds that the call took. */
  readonly duration_ms: number;
}

/** The full outcome of a completed run. Every entry point builds its response from it. */
export interface RunOutcome {
  /** The id of the run. */
  readonly run_id: string;
  /** The session of the run. */
  readonly session_id: string;
  /** The run after whose turn the session begins; absent unless the run has forked it. */
  readonly forked_from?: string;
  /** The answer. If the run has an output schema, it is JSON. */
  readonly output: string;
  /** The parsed value of `output`, if the run has an output schema. */
  readonly output_parsed?: unknown;
  /** The tokens of all model calls, and their cost. */
  readonly usage: RunUsage;
  /** The tool calls, in the order in which the model requested them. */
  readonly tool_calls: readonly ToolCallRecord[];
  /** `length`: the model's output limit cut the answer. `tool_calls`: calls wait for results of the caller. */
  readonly finish_reason: 'stop' | 'length' | 'tool_calls';
  /** The calls that wait for results of the caller; absent without any. */
  readonly pending_calls?: readonly PendingCall[];
  /** The model that answered, as its provider names it. */
  readonly model: string;
  /** The release that answered; `code`: the agent as coded. */
  readonly release: string;
  /** Milliseconds from the request to the answer. */
  readonly processing_time_ms: number;
  /** The metadata of the request; empty by default. */
  readonly metadata: RunMetadata;
}

/** Converts the spending of a run to its usage. */
export function usageOf({ cost, ...tokens }: UsageAccumulator['total']): RunUsage {
  return {
    input_tokens: tokens.inputTokens,
    cached_tokens: tokens.cachedTokens,
    output_tokens: tokens.outputTokens,
    reasoning_tokens: tokens.reasoningTokens,
    total_tokens: tokens.inputTokens + tokens.outputTokens,
    ...(cost === undefined ? {} : { cost: toUsd(cost) }),
  };
}

/** The outcome in the form of version 1 and of events. */
export function responseOf({ usage, finish_reason, ...outcome }: RunOutcome): RunResponse {
  const { session_id, run_id, output, model, processing_time_ms } = outcome;
  const response = {
    session_id,
    run_id,
    reply: output,
    tokens_used: usage.total_tokens,
    model,
    processing_time_ms,
  };
  if (finish_reason === 'length') return { ...response, truncated: true };
  return outcome.pending_calls ? { ...response, pending_calls: outcome.pending_calls } : response;
}

/** The tokens of a run, as its row has them. */
type StoredUsage = Pick<RunUsage, 'input_tokens' | 'output_tokens'> &
  Partial<Pick<RunUsage, 'cached_tokens' | 'reasoning_tokens'>>;

/** Builds the outcome of a run whose outcome is not stored: one of before version 2, or one that stores nothing. */
export function outcomeFrom(
  response: RunResponse,
  { input_tokens, cached_tokens = 0, output_tokens, reasoning_tokens = 0 }: StoredUsage,
): RunOutcome {
  const { pending_calls } = response;
  return {
    run_id: response.run_id,
    session_id: response.session_id,
    output: response.reply,
    usage: { input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens: response.tokens_used },
    tool_calls: [],
    finish_reason: pending_calls ? 'tool_calls' : response.truncated === true ? 'length' : 'stop',
    ...(pending_calls ? { pending_calls } : {}),
    model: response.model,
    release: CODE_RELEASE,
    processing_time_ms: response.processing_time_ms,
    metadata: {},
  };
}
