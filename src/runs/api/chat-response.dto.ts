import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiCount, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import type { ToolCallRecord, RunOutcome, RunUsage } from '../events/run.outcome.js';
import { MAX_CALL_ID } from '../request/request.faults.js';
import type { PendingCall } from '../request/caller.tools.js';
import { METADATA_SCHEMA } from './metadata.limits.js';

const MAX_OUTPUT_LENGTH = 20_000;
const MAX_CALLS = 1000;

/** The tokens of all model calls of the run. */
@ApiSchema({ name: 'ChatUsage' })
export class ChatUsage implements RunUsage {
  /** @example 40 */
  @ApiCount()
  input_tokens: number;

  /**
   * Input tokens that the provider read from its cache.
   * @example 0
   */
  @ApiCount()
  cached_tokens: number;

  /** @example 17 */
  @ApiCount()
  output_tokens: number;

  /**
   * Output tokens that the model used for reasoning.
   * @example 0
   */
  @ApiCount()
  reasoning_tokens: number;

  /**
   * Input and output.
   * @example 57
   */
  @ApiCount()
  total_tokens: number;

  /** The cost in US dollars. Left out if no price is known. */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, required: false, example: 0.00027 })
  cost?: number;
}

/** A tool call of the run. */
@ApiSchema({ name: 'ChatToolCall' })
export class ChatToolCall implements ToolCallRecord {
  /** @example 'call_1' */
  @ApiName()
  call_id: string;

  /** @example 'calculate' */
  @ApiName(64)
  tool: string;

  /** The arguments as the model sent them: an object, or the text if it is not a JSON object. */
  @ApiProperty({
    oneOf: [
      { type: 'object', additionalProperties: true },
      { type: 'string', maxLength: MAX_OUTPUT_LENGTH },
    ],
    example: { expression: '6 * 7' },
  })
  arguments: object | string;

  /**
   * The first 16,384 characters of the output that the model received. A failed call has `error` instead.
   * @example '42'
   */
  @ApiProperty({ maxLength: MAX_OUTPUT_LENGTH, required: false })
  output?: string;

  /** Why the call failed. */
  @ApiProperty({ maxLength: MAX_OUTPUT_LENGTH, required: false })
  error?: string;

  /** @example 1.2 */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
  duration_ms: number;
}

/** A tool call that the caller makes. */
@ApiSchema({ name: 'ChatPendingCall' })
export class ChatPendingCall implements PendingCall {
  /** @example 'call_1' */
  @ApiName(MAX_CALL_ID)
  call_id: string;

  /** @example 'get_weather' */
  @ApiName(64)
  tool: string;

  /**
   * The JSON text of an object, as the model wrote it. It may not match the schema of the tool.
   * @example '{"city": "Oslo"}'
   */
  @ApiText()
  arguments: string;
}

/** The answer of a completed run. */
@ApiSchema({ name: 'ChatResponse' })
export class ChatResponse implements RunOutcome {
  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @ApiName()
  run_id: string;

  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /**
   * The run after whose turn the session begins, if this run has forked it.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  forked_from?: string;

  /** @example 'It offers agents over REST.' */
  @ApiText()
  output: string;

  /** The parsed `output`, if `output_schema` or the agent defines its shape. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { city: 'Oslo' } })
  output_parsed?: unknown;

  usage: ChatUsage;

  /** The tool calls, in the order in which the model requested them. */
  @ApiProperty({ type: [ChatToolCall], maxItems: MAX_CALLS })
  tool_calls: ChatToolCall[];

  /** `length`: the model's output limit truncated the answer. `tool_calls`: the run ended with `pending_calls`. */
  @ApiProperty({ enum: ['stop', 'length', 'tool_calls'], example: 'stop' })
  finish_reason: 'stop' | 'length' | 'tool_calls';

  /** The calls that the caller makes, if the run ended with some. The next run of the session brings their results. */
  @ApiProperty({ type: [ChatPendingCall], maxItems: MAX_CALLS, required: false })
  pending_calls?: ChatPendingCall[];

  /**
   * The model that answered, as its provider names it; `offline` for the built-in model.
   * @example 'gpt-4o'
   */
  @ApiName()
  model: string;

  /**
   * The release that answered.
   * @example 'default'
   */
  @ApiName()
  release: string;

  /** @example 812.4 */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
  processing_time_ms: number;

  /**
   * The metadata of the request.
   * @example { "ticket": "4711" }
   */
  @ApiProperty(METADATA_SCHEMA)
  metadata: Record<string, string>;

  static from({ tool_calls, pending_calls, ...outcome }: RunOutcome): ChatResponse {
    return { ...outcome, tool_calls: [...tool_calls], ...(pending_calls ? { pending_calls: [...pending_calls] } : {}) };
  }
}
