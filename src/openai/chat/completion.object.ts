import type { RunOutcome, RunUsage } from '../../runs/events/run.outcome.js';
import type { PendingCall } from '../../runs/request/caller.tools.js';
import { createdAtOf } from '../created.at.js';

/** Builds the completion of a run. */
export function completionOf({ run_id, output, usage, finish_reason, pending_calls = [] }: RunOutcome, model: string) {
  const calls = pending_calls.map(toolCallOf);
  return {
    ...headOf(run_id, model, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant' as const,
          content: output === '' && calls.length > 0 ? null : output,
          refusal: null,
          annotations: [],
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason,
      },
    ],
    usage: completionUsageOf(usage),
    service_tier: 'default',
    system_fingerprint: null,
  };
}

/** A call that the client executes. */
export function toolCallOf({ call_id, tool, arguments: text }: PendingCall) {
  return { id: call_id, type: 'function' as const, function: { name: tool, arguments: text } };
}

/** The fields with which a completion, and each chunk of one, begins. */
export function headOf<T extends string>(runId: string, model: string, object: T) {
  return { id: `chatcmpl-${runId}`, object, created: createdAtOf(runId), model };
}

/** Tokens in the form of this API. */
export function completionUsageOf(usage: RunUsage) {
  const { input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens } = usage;
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens,
    prompt_tokens_details: { cached_tokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
