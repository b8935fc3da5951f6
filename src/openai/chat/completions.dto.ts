import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ApiCount, ApiName } from '../../http/validation/schema.decorator.js';
import { REASONING_EFFORTS, type ReasoningEffort } from '../../models/model.controls.js';
import { METADATA_SCHEMA } from '../../runs/api/metadata.limits.js';
import type { completionOf } from './completion.object.js';

const MAX_MESSAGES = 1000;
const MAX_TOOLS = 64;
const LIMIT = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, required: false } as const;
const OBJECT = { type: 'object', additionalProperties: true } as const;

type Completion = ReturnType<typeof completionOf>;

/** A request for a chat completion. Fields that are not listed are ignored, or refused by name: see the documentation. */
@ApiSchema({ name: 'CreateChatCompletion' })
export class CreateCompletion {
  /**
   * The role of an agent.
   * @example 'assistant'
   */
  @ApiName(128)
  model: string;

  /**
   * The conversation, oldest first.
   * @example [{ "role": "user", "content": "What does a rookery do?" }]
   */
  @ApiProperty({ type: 'array', minItems: 1, maxItems: MAX_MESSAGES, items: OBJECT })
  messages: object[];

  /**
   * Streams the answer as chunks.
   * @example false
   */
  stream?: boolean;

  /** With `include_usage` a last chunk of a stream has the usage. */
  @ApiProperty(OBJECT)
  stream_options?: object;

  /** The sampling temperature. */
  @ApiProperty({ minimum: 0, maximum: 2, required: false })
  temperature?: number;

  /** The share of the most likely tokens that are sampled. */
  @ApiProperty({ minimum: 0, maximum: 1, required: false })
  top_p?: number;

  /** The limit of the answer, in tokens. */
  @ApiProperty(LIMIT)
  max_completion_tokens?: number;

  /** The same, as older clients name it. */
  @ApiProperty(LIMIT)
  max_tokens?: number;

  /** How much the model reasons before it answers. */
  @ApiProperty({ enum: REASONING_EFFORTS, required: false })
  reasoning_effort?: ReasoningEffort;

  /** Functions of the client. Tools of other types are left out beside them. */
  @ApiProperty({ type: 'array', maxItems: MAX_TOOLS, items: OBJECT, required: false })
  tools?: object[];

  /** `auto`, `none`, `required`, a function or `allowed_tools`. */
  @ApiProperty({ oneOf: [{ type: 'string', maxLength: 64 }, OBJECT], required: false })
  tool_choice?: string | object;

  /** False: at most one call in a turn. */
  parallel_tool_calls?: boolean;

  /** False: nothing of the completion is stored. */
  store?: boolean;

  /** The format of the answer: `text`, `json_object` or `json_schema`. */
  @ApiProperty(OBJECT)
  response_format?: object;

  /** Data of the caller, stored with the run. */
  @ApiProperty(METADATA_SCHEMA)
  metadata?: Record<string, string>;
}

/** A chat completion. */
@ApiSchema({ name: 'ChatCompletion' })
class CompletionDto implements Completion {
  /** @example 'chatcmpl-019ad2c1-7a64-7000-8a37-1a2b3c4d5e6f' */
  @ApiName()
  id: string;

  @ApiProperty({ enum: ['chat.completion'] })
  object: 'chat.completion';

  /** Seconds since 1970. */
  @ApiCount()
  created: number;

  /** @example 'assistant' */
  @ApiName()
  model: string;

  /** Exactly one. */
  @ApiProperty({ type: 'array', minItems: 1, maxItems: 1, items: OBJECT })
  choices: Completion['choices'];

  @ApiProperty(OBJECT)
  usage: Completion['usage'];

  @ApiName()
  service_tier: string;

  /** Always null. */
  @ApiProperty({ type: 'string', maxLength: 64, nullable: true })
  system_fingerprint: null;
}

/** Documents an answer that is a completion or its chunks. */
export function ApiCompletionAnswer(): MethodDecorator {
  const content = {
    'application/json': { schema: { $ref: getSchemaPath(CompletionDto) } },
    'text/event-stream': { schema: { type: 'string', maxLength: 1_000_000_000 } as const },
  };
  const description = 'The completion, or a stream of its chunks that ends with `[DONE]`.';
  return applyDecorators(ApiExtraModels(CompletionDto), ApiResponse({ status: 200, description, content }));
}
