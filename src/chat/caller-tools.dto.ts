import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ImagePart, TextPart } from './input-parts.dto.js';
import { MAX_PARTS, MAX_TEXT } from './input.rules.js';
import { MAX_CALL_ID, TOOL_NAME } from '../runs/request/request.faults.js';

const MAX_RESULT = 200_000;
const NAME = { pattern: TOOL_NAME.source, maxLength: 64 };
const ID = { minLength: 1, maxLength: MAX_CALL_ID };

/** A tool that the caller executes. */
@ApiSchema({ name: 'CallerTool' })
export class CallerToolDto {
  /** @example 'get_weather' */
  @ApiProperty(NAME)
  name: string;

  /** @example 'The weather of a city' */
  @ApiProperty({ required: false, maxLength: 8192 })
  description?: string;

  /**
   * JSON Schema of the arguments, of type `object`. The service does not check the arguments.
   * @example { "type": "object", "properties": { "city": { "type": "string", "maxLength": 100 } }, "required": ["city"] }
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  parameters?: object;

  /** True if the schema satisfies the strict mode of the provider, which refuses any other. */
  @ApiProperty({ required: false, default: false })
  strict?: boolean;
}

/** The result of a call: either `output` or `error`. */
@ApiSchema({ name: 'CallerToolResult' })
export class CallerToolResultDto {
  /** @example 'call_1' */
  @ApiProperty(ID)
  call_id: string;

  /** @example '{"celsius": 7}' */
  @ApiProperty({ required: false, maxLength: MAX_RESULT })
  output?: string;

  /** Why the call failed, for the model. */
  @ApiProperty({ required: false, maxLength: MAX_RESULT })
  error?: string;
}

/** A call in a transcript. */
@ApiSchema({ name: 'TranscriptCall' })
class TranscriptCall {
  /** @example 'call_1' */
  @ApiProperty(ID)
  call_id: string;

  /** @example 'get_weather' */
  @ApiProperty(NAME)
  tool: string;

  /** @example '{"city": "Oslo"}' */
  @ApiProperty({ maxLength: MAX_RESULT })
  arguments: string;
}

/** Instructions of the caller in a transcript. */
@ApiSchema({ name: 'DeveloperMessage' })
class DeveloperMessage {
  @ApiProperty({ enum: ['system', 'developer'] })
  role: 'system' | 'developer';

  /** @example 'The user is in Oslo.' */
  @ApiProperty({ maxLength: MAX_RESULT })
  content: string;
}

/** A message of the user in a transcript. */
@ApiSchema({ name: 'UserMessage' })
class UserMessage {
  @ApiProperty({ enum: ['user'] })
  role: 'user';

  @ApiProperty({
    oneOf: [
      { type: 'string', maxLength: MAX_TEXT },
      {
        type: 'array',
        maxItems: MAX_PARTS,
        items: { oneOf: [TextPart, ImagePart].map((part) => ({ $ref: getSchemaPath(part) })) },
      },
    ],
    example: 'Is it cold?',
  })
  content: string | (TextPart | ImagePart)[];
}

/** An answer of the model in a transcript. */
@ApiSchema({ name: 'AssistantMessage' })
class AssistantMessage {
  @ApiProperty({ enum: ['assistant'] })
  role: 'assistant';

  /** @example 'I look it up.' */
  @ApiProperty({ required: false, maxLength: MAX_RESULT })
  content?: string;

  @ApiProperty({ type: [TranscriptCall], required: false, maxItems: 128 })
  tool_calls?: TranscriptCall[];
}

/** The result of a call in a transcript. */
@ApiSchema({ name: 'ResultMessage' })
class ResultMessage {
  @ApiProperty({ enum: ['tool'] })
  role: 'tool';

  /** @example 'call_1' */
  @ApiProperty(ID)
  call_id: string;

  /** @example '{"celsius": 7}' */
  @ApiProperty({ maxLength: MAX_RESULT })
  output: string;
}

const MESSAGES = [DeveloperMessage, UserMessage, AssistantMessage, ResultMessage] as const;

export const MESSAGE_SCHEMA = { oneOf: MESSAGES.map((message) => ({ $ref: getSchemaPath(message) })) };

/** Documents the messages of a transcript. */
export function ApiTranscript(): ClassDecorator {
  return ApiExtraModels(...MESSAGES, TextPart, ImagePart);
}
