import { AS_CODED } from '../releases/release.js';
import { toUsd } from '../storage/money.js';
import type { Spending } from '../usage/spending.js';
import type { RunResponse } from './run.events.js';

/** What a caller notes of its run: names and what they stand for. */
export type RunMetadata = Readonly<Record<string, string>>;

/** The tokens of all model calls of a run. */
export interface RunUsage {
  readonly input_tokens: number;
  /** Of the input: what the provider had read before. */
  readonly cached_tokens: number;
  readonly output_tokens: number;
  /** Of the output: what the model thought before it answered. */
  readonly reasoning_tokens: number;
  /** Input and output. */
  readonly total_tokens: number;
  /** What they cost, in US dollars; left out where no price is known. */
  readonly cost?: number;
}

/** A tool call that a run has made. */
export interface MadeCall {
  readonly call_id: string;
  readonly tool: string;
  /** As the model gave them: an object, or its text where that is none. */
  readonly arguments: object | string;
  /** What the model was told, cut where it is long; in its place `error`, when the call failed. */
  readonly output?: string;
  readonly error?: string;
  readonly duration_ms: number;
}

/** All that is known of a completed run; what each door answers is made of it. */
export interface RunOutcome {
  readonly run_id: string;
  readonly session_id: string;
  readonly output: string;
  /** The value of `output`, where a shape was asked for. */
  readonly output_parsed?: unknown;
  readonly usage: RunUsage;
  readonly tool_calls: readonly MadeCall[];
  /** `length`: the model's output limit cut the answer. */
  readonly finish_reason: 'stop' | 'length';
  /** The model that answered, as its provider names it. */
  readonly model: string;
  readonly release: string;
  readonly processing_time_ms: number;
  readonly metadata: RunMetadata;
}

/** The one place that says what a run has used. */
export function usageOf({
  inputTokens,
  outputTokens,
  cachedTokens,
  reasoningTokens,
  cost,
}: Spending['total']): RunUsage {
  return {
    input_tokens: inputTokens,
    cached_tokens: cachedTokens,
    output_tokens: outputTokens,
    reasoning_tokens: reasoningTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cost === undefined ? {} : { cost: toUsd(cost) }),
  };
}

/** The outcome as version 1 answers it, and as events tell it. */
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
  return finish_reason === 'length' ? { ...response, truncated: true } : response;
}

/** The outcome of a run of which no more is known than its answer, as before version 2. */
export function outcomeFrom(
  response: RunResponse,
  { input_tokens, output_tokens }: Pick<RunUsage, 'input_tokens' | 'output_tokens'>,
): RunOutcome {
  return {
    run_id: response.run_id,
    session_id: response.session_id,
    output: response.reply,
    usage: { input_tokens, cached_tokens: 0, output_tokens, reasoning_tokens: 0, total_tokens: response.tokens_used },
    tool_calls: [],
    finish_reason: response.truncated === true ? 'length' : 'stop',
    model: response.model,
    release: AS_CODED,
    processing_time_ms: response.processing_time_ms,
    metadata: {},
  };
}
