import { ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsNumber, IsString, Length, Max, Min, ValidateIf } from 'class-validator';
import { FieldHints } from '../http/validation/field.hints.js';
import { IsSessionId, IsText, Optional } from '../http/validation/schema.decorator.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE, type RunRequest } from '../runs/events/run.events.js';
import { REASONING_EFFORTS, type ReasoningEffort, type ToolChoice } from '../runs/request/caller.settings.js';
import { MAX_MESSAGES, MAX_RESULTS, MAX_TOOLS } from '../runs/request/request.faults.js';
import type { TranscriptMessage } from '../runs/request/transcript.messages.js';
import { ApiTranscript, CallerToolDto, CallerToolResultDto, MESSAGE_SCHEMA } from './caller-tools.dto.js';
import { ImagePart, TextPart } from './input-parts.dto.js';
import { IsCallerTools, IsToolChoice, IsToolResults, IsTranscript, TOOL_CHOICE_SCHEMA } from './tool.rules.js';
import { IsInput, IsMetadata, IsSchema, MAX_PARTS, MAX_TEXT } from './input.rules.js';
import { METADATA_SCHEMA } from '../runs/api/metadata.limits.js';
import { inputOf } from '../runs/run.input.js';

const MAX_COUNT = 10_000_000;

/** Whether the request must have an input: it has nothing else to begin with. */
function needsInput({ input, messages, tool_results, abandon_calls }: ChatRequest): boolean {
  return input !== undefined || (messages === undefined && tool_results === undefined && abandon_calls !== true);
}

/** A request to an agent. */
@FieldHints({
  stream: 'leave it out, and send the header `Accept: text/event-stream`',
  message: 'version 2 calls it `input`',
})
@ApiTranscript()
@ApiSchema({ name: 'ChatRequest' })
export class ChatRequest {
  /**
   * The input for the agent: a text, or a list of text and image parts. It may be left out if there are `messages` or
   * `tool_results`.
   */
  @ValidateIf(needsInput)
  @IsInput()
  @ApiProperty({
    required: false,
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
  input?: string | (TextPart | ImagePart)[];

  /**
   * The session to resume, or to start under this id. Default: a new session.
   * @example 'holiday-plans'
   */
  @Optional()
  @IsString()
  @IsSessionId()
  session_id?: string;

  /**
   * Begins a new session after the turn of this run, with all that its session had then. That session goes on as before.
   */
  @Optional()
  @IsString()
  @Length(1, 128)
  @IsText()
  fork_from?: string;

  /**
   * One of the offered roles.
   * @example 'assistant'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  agent_role?: string = DEFAULT_ROLE;

  /**
   * The sampling temperature of the model.
   * @example 0.7
   */
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number = DEFAULT_TEMPERATURE;

  /**
   * JSON Schema of the answer, of type `object` and at most 16,384 characters. It replaces the agent's own schema.
   * `$ref` may only point into the schema itself. The model receives `format`, but `format` is not checked.
   * @example { "type": "object", "properties": { "city": { "type": "string", "maxLength": 100 } }, "required": ["city"] }
   */
  @Optional()
  @IsSchema()
  @ApiProperty({ type: 'object', additionalProperties: true })
  output_schema?: object;

  /**
   * Data of the caller that the answer returns: at most 16 pairs, with names of at most 64 characters.
   * @example { "ticket": "4711" }
   */
  @Optional()
  @IsMetadata()
  @ApiProperty(METADATA_SCHEMA)
  metadata?: Record<string, string>;

  /**
   * Pins the release that answers. Default: the release that is chosen for the caller. Without the scope `releases:pin`
   * it must be one that the flags could choose for the caller.
   * @example 'code'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  @IsText()
  release?: string;

  /**
   * Instructions for this run, after the agent's own. Some agents refuse them.
   * @example 'Answer in Norwegian.'
   */
  @Optional()
  @IsString()
  @Length(1, MAX_TEXT)
  @IsText()
  instructions?: string;

  /**
   * Whether the model must call tools: `auto`, `none`, `required`, `{ "name" }` for one tool, or `{ "allowed", "mode" }`
   * for some. A call is required of the first model turn only.
   * @example 'auto'
   */
  @Optional()
  @IsToolChoice()
  @ApiProperty(TOOL_CHOICE_SCHEMA)
  tool_choice?: ToolChoice;

  /** False: the model makes at most one tool call in a turn. Default: as the model decides. */
  @Optional()
  @IsBoolean()
  parallel_tool_calls?: boolean;

  /**
   * The maximum tokens of each answer of the model. The limit of the service holds too.
   * @example 500
   */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_COUNT)
  max_output_tokens?: number;

  /**
   * The maximum tool calls of the run. Further calls are not made, and the model reads why.
   * @example 5
   */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_COUNT)
  max_tool_calls?: number;

  /**
   * The share of the most likely tokens that the model samples from.
   * @example 0.9
   */
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(1)
  top_p?: number;

  /**
   * How much the model reasons. Each model knows some of these.
   * @example 'low'
   */
  @Optional()
  @IsIn(REASONING_EFFORTS)
  @ApiProperty({ enum: REASONING_EFFORTS })
  reasoning_effort?: ReasoningEffort;

  /** Tools that the caller executes: at most 64. The run ends with `pending_calls` if the model calls one. */
  @Optional()
  @IsCallerTools()
  @ApiProperty({ type: [CallerToolDto], maxItems: MAX_TOOLS, required: false })
  tools?: CallerToolDto[];

  /** The results of all `pending_calls` of the last run of the session. */
  @Optional()
  @IsToolResults()
  @ApiProperty({ type: [CallerToolResultDto], maxItems: MAX_RESULTS, required: false })
  tool_results?: CallerToolResultDto[];

  /** True: the session goes on without the results of `pending_calls` that are not in `tool_results`. */
  @Optional()
  @IsBoolean()
  abandon_calls?: boolean;

  /**
   * The conversation as the caller keeps it, in place of that of a session. With `session_id` the messages continue that
   * session. Each call has its result in a later message. `input` follows the messages.
   */
  @Optional()
  @IsTranscript()
  @ApiProperty({ type: 'array', items: MESSAGE_SCHEMA, minItems: 1, maxItems: MAX_MESSAGES, required: false })
  messages?: TranscriptMessage[];

  /**
   * False: nothing of the content is stored, neither in the session. Its events cannot be read again, and a repeat with
   * the same `Idempotency-Key` gets no answer.
   */
  @Optional()
  @IsBoolean()
  store?: boolean;

  /** Converts the request to a request for a run. */
  static toRun({ input, ...request }: ChatRequest): RunRequest {
    return { ...(input === undefined ? {} : inputOf(input)), ...request };
  }
}
