import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { IsNumber, IsString, Length, Max, Min } from 'class-validator';
import { IsSessionId, IsText, Optional } from '../http/schema.decorator.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE, type RunRequest } from '../runs/run.events.js';
import { inputOf } from '../runs/run.input.js';
import { IsInput, IsMetadata, IsSchema, MAX_IMAGE, MAX_PAIRS, MAX_PARTS, MAX_TEXT, MAX_VALUE } from './input.rules.js';

/** Text among the parts. All of them together have at most 32,000 characters. */
@ApiSchema({ name: 'TextPart' })
export class TextPart {
  type: 'text';

  /** @example 'What is on this picture?' */
  @ApiProperty({ minLength: 1, maxLength: MAX_TEXT })
  text: string;
}

/** An image among the parts. */
@ApiSchema({ name: 'ImagePart' })
export class ImagePart {
  type: 'image_url';

  /**
   * `https:` and nothing private, which the model's provider fetches, at most 2,048 characters; or `data:` with the image itself, a PNG, JPEG,
   * WebP or GIF in base64.
   * @example 'https://app.example.com/nest.jpg'
   */
  @ApiProperty({ minLength: 1, maxLength: MAX_IMAGE })
  url: string;
}

/** What a caller asks of an agent. */
@ApiExtraModels(TextPart, ImagePart)
@ApiSchema({ name: 'ChatRequest' })
export class ChatRequest {
  /** What the agent is told: a text, or parts of which some are images. */
  @IsInput()
  @ApiProperty({
    oneOf: [
      { type: 'string', minLength: 1, maxLength: MAX_TEXT },
      {
        type: 'array',
        minItems: 1,
        maxItems: MAX_PARTS,
        items: { oneOf: [TextPart, ImagePart].map((part) => ({ $ref: getSchemaPath(part) })) },
      },
    ],
    example: 'What does a rookery do?',
  })
  input: string | (TextPart | ImagePart)[];

  /**
   * Resumes that session, or starts it under that id; left out: a new one.
   * @example 'holiday-plans'
   */
  @Optional()
  @IsString()
  @IsSessionId()
  session_id?: string;

  /**
   * One of the offered roles.
   * @example 'assistant'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  agent_role?: string = DEFAULT_ROLE;

  /**
   * How freely the model chooses its words.
   * @example 0.7
   */
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number = DEFAULT_TEMPERATURE;

  /**
   * JSON Schema of the answer, of type `object` and at most 16,384 characters. It stands in the place of the agent's own.
   * `$ref` may point into the schema itself only; `format` is told to the model, but not checked.
   */
  @Optional()
  @IsSchema()
  @ApiProperty({ type: 'object', additionalProperties: true })
  output_schema?: object;

  /**
   * Whatever the caller wants to find again in the answer: at most 16 pairs, their names of at most 64 characters.
   * @example { "ticket": "4711" }
   */
  @Optional()
  @IsMetadata()
  @ApiProperty({
    type: 'object',
    maxProperties: MAX_PAIRS,
    additionalProperties: { type: 'string', maxLength: MAX_VALUE },
  })
  metadata?: Record<string, string>;

  /**
   * Pins the release that answers; left out: the one that is chosen for the caller.
   * @example 'default'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  @IsText()
  release?: string;

  /** The run that it asks for. */
  static toRun({ input, ...request }: ChatRequest): RunRequest {
    return { ...inputOf(input), ...request };
  }
}
