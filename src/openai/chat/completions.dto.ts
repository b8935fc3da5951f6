import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ApiCount, ApiName } from '../../http/validation/schema.decorator.js';
import { METADATA_SCHEMA } from '../../runs/api/metadata.limits.js';
import type { completionOf } from './completion.object.js';

const MAX_MESSAGES = 1000;
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
  @ApiProperty({ minimum: 0, maximum: 2 })
  temperature?: number;

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
