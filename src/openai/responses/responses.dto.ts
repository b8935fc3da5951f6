import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiParam,
  ApiProperty,
  ApiQuery,
  ApiResponse,
  ApiSchema,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiCount, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import { METADATA_SCHEMA } from '../../runs/api/metadata.limits.js';
import type { ResponseEcho, ResponseObject, ResponseStatus } from './response.object.js';

const MAX_ITEMS = 2000;
const MAX_TOOLS = 64;
export const INCLUDE = { type: 'array', maxItems: 64, items: { type: 'string', maxLength: 64 } } as const;
const STATUSES = ['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled'] as const;
const OBJECT = { type: 'object', additionalProperties: true } as const;

/** A response: the answer of an agent, with what was asked. */
@ApiSchema({ name: 'Response' })
export class ResponseDto implements ResponseObject {
  /** @example 'resp_019ad2c1-7a64-7000-8a37-1a2b3c4d5e6f' */
  @ApiName()
  id: string;

  @ApiProperty({ enum: ['response'] })
  object: 'response';

  /** Seconds since 1970. */
  @ApiCount()
  created_at: number;

  /** Seconds since 1970. */
  @ApiProperty({ type: 'integer', nullable: true, minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
  completed_at: number | null;

  @ApiProperty({ enum: STATUSES })
  status: ResponseStatus;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  incomplete_details: ResponseObject['incomplete_details'];

  /** Why the response failed or was cancelled. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  error: ResponseObject['error'];

  /** Messages of the agent. */
  @ApiProperty({ type: 'array', maxItems: MAX_ITEMS, items: OBJECT })
  output: ResponseObject['output'];

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  usage: ResponseObject['usage'];

  /** @example 'assistant' */
  @ApiName()
  model: string;

  @ApiText(128)
  previous_response_id: string | null;

  @ApiText()
  instructions: string | null;

  @ApiProperty({ type: 'array', maxItems: MAX_TOOLS, items: OBJECT })
  tools: ResponseEcho['tools'];

  @ApiProperty({ oneOf: [{ type: 'string', maxLength: 64 }, OBJECT] })
  tool_choice: string | object;

  @ApiProperty({ enum: ['auto', 'disabled'] })
  truncation: 'auto' | 'disabled';

  parallel_tool_calls: boolean;

  @ApiProperty(OBJECT)
  text: object;

  @ApiProperty({ minimum: 0, maximum: 1 })
  top_p: number;

  @ApiProperty({ minimum: -2, maximum: 2 })
  presence_penalty: number;

  @ApiProperty({ minimum: -2, maximum: 2 })
  frequency_penalty: number;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 20 })
  top_logprobs: number;

  @ApiProperty({ minimum: 0, maximum: 2 })
  temperature: number;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  reasoning: ResponseEcho['reasoning'];

  @ApiProperty({ type: 'integer', nullable: true, minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  max_output_tokens: number | null;

  @ApiProperty({ type: 'integer', nullable: true, minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  max_tool_calls: number | null;

  store: boolean;

  background: boolean;

  @ApiName()
  service_tier: string;

  @ApiProperty(METADATA_SCHEMA)
  metadata: ResponseEcho['metadata'];

  @ApiText(1024)
  safety_identifier: string | null;

  @ApiText(1024)
  prompt_cache_key: string | null;
}

/** The answer to a deletion. */
@ApiSchema({ name: 'DeletedResponse' })
export class DeletedResponse {
  @ApiName(256)
  id: string;

  @ApiProperty({ enum: ['response'] })
  object: 'response';

  deleted: boolean;
}

/** The items of an input. */
@ApiSchema({ name: 'InputItemList' })
export class InputItemList {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: 'array', maxItems: 100, items: OBJECT })
  data: object[];

  @ApiText(256)
  first_id: string | null;

  @ApiText(256)
  last_id: string | null;

  has_more: boolean;
}

/** Documents an answer that is a response or its events. */
export function ApiResponseAnswer(): MethodDecorator {
  const content = {
    'application/json': { schema: { $ref: getSchemaPath(ResponseDto) } },
    'text/event-stream': { schema: { type: 'string', maxLength: 1_000_000_000 } as const },
  };
  const description = 'The response, or a stream of its events that ends with `[DONE]`.';
  return applyDecorators(ApiExtraModels(ResponseDto), ApiResponse({ status: 200, description, content }));
}

/** Documents the id of a response, and the query of a route. */
export function ApiResponseId({ isStreamable = false, isPaged = false } = {}): MethodDecorator {
  const integer = { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 } as const;
  const param = ApiParam({ name: 'response_id', schema: { type: 'string', maxLength: 256 }, example: 'resp_unknown' });
  const follow = [
    ApiQuery({ name: 'stream', required: false, schema: { type: 'boolean' } }),
    ApiQuery({ name: 'starting_after', required: false, schema: integer }),
    ApiQuery({ name: 'include', required: false, schema: INCLUDE }),
  ];
  const page = [
    ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 100 } }),
    ApiQuery({ name: 'order', required: false, schema: { type: 'string', enum: ['asc', 'desc'] } }),
    ApiQuery({ name: 'after', required: false, schema: { type: 'string', maxLength: 256 } }),
  ];
  return applyDecorators(param, ...(isStreamable ? follow : []), ...(isPaged ? page : []));
}
