import type { JsonObject } from '../../json/json.object.js';
import type { RunMetadata } from '../../runs/events/run.events.js';
import type { RunUsage } from '../../runs/events/run.outcome.js';
import { createdAtOf, toSeconds } from '../created.at.js';
import type { OutputItem } from './output.items.js';

/** The parts of a response that the request decides. They are stored with it. */
export interface ResponseEcho {
  readonly model: string;
  readonly previous_response_id: string | null;
  readonly instructions: string | null;
  readonly tools: readonly object[];
  readonly tool_choice: string | object;
  readonly truncation: 'auto' | 'disabled';
  readonly parallel_tool_calls: boolean;
  readonly text: object;
  readonly top_p: number;
  readonly presence_penalty: number;
  readonly frequency_penalty: number;
  readonly top_logprobs: number;
  readonly temperature: number;
  readonly reasoning: JsonObject | null;
  readonly max_output_tokens: number | null;
  readonly max_tool_calls: number | null;
  readonly store: boolean;
  readonly background: boolean;
  readonly service_tier: string;
  readonly metadata: RunMetadata;
  readonly safety_identifier: string | null;
  readonly prompt_cache_key: string | null;
  /** Only if the request names a conversation. */
  readonly conversation?: { readonly id: string };
}

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** The parts of a response that its run decides. */
export interface ResponseState {
  readonly status: ResponseStatus;
  readonly output: readonly OutputItem[];
  /** Epoch milliseconds. */
  readonly finishedAt?: number | undefined;
  readonly usage?: RunUsage | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly incompleteReason?: 'max_output_tokens' | undefined;
}

/** A response. Clients and the specification need all fields, absent values as null. */
export type ResponseObject = ReturnType<typeof responseOf>;

/** Builds the response of a run. */
export function responseOf(runId: string, echo: ResponseEcho, state: ResponseState) {
  const { status, output, finishedAt, usage, error, incompleteReason } = state;
  return {
    id: responseIdOf(runId),
    object: 'response' as const,
    created_at: createdAtOf(runId),
    completed_at: status === 'completed' && finishedAt !== undefined ? toSeconds(finishedAt) : null,
    status,
    incomplete_details: incompleteReason === undefined ? null : { reason: incompleteReason },
    error: error ?? null,
    output,
    usage: usage === undefined ? null : usageOf(usage),
    ...echo,
  };
}

const PREFIX = 'resp_';
const RESPONSE_ID = /^resp_([A-Za-z0-9-]{1,128})$/;

export function responseIdOf(runId: string): string {
  return PREFIX + runId;
}

/** The run of a response; undefined if the text is not the id of a response. */
export function runIdOf(responseId: string): string | undefined {
  return RESPONSE_ID.exec(responseId)?.[1];
}

/** Tokens in the form of this API. */
export function usageOf({ input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens }: RunUsage) {
  return {
    input_tokens,
    input_tokens_details: { cached_tokens },
    output_tokens,
    output_tokens_details: { reasoning_tokens },
    total_tokens,
  };
}
