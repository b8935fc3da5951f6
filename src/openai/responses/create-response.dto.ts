import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import { METADATA_SCHEMA } from '../../runs/api/metadata.limits.js';
import { MAX_HINT, MAX_INSTRUCTIONS, MAX_ITEMS, MAX_RESPONSE_ID } from './responses.reader.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const TEXT = { type: 'string', maxLength: 1_000_000 } as const;
const LIMIT = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, required: false } as const;
const PENALTY = { minimum: -2, maximum: 2, required: false } as const;

/** A request for a response. Fields that are not listed are ignored, or refused by name: see the documentation. */
@ApiSchema({ name: 'CreateResponse' })
export class CreateResponse {
  /**
   * The role of an agent.
   * @example 'assistant'
   */
  @ApiName(128)
  model: string;

  /** A text, or a list of items: messages, function calls and their outputs. */
  @ApiProperty({
    oneOf: [TEXT, { type: 'array', maxItems: MAX_ITEMS, items: OBJECT }],
    example: 'What does a rookery do?',
  })
  input: string | object[];

  /** Follow the instructions of the agent. Some agents refuse them. */
  @ApiText(MAX_INSTRUCTIONS)
  instructions?: string | null;

  /** Continues after this response. Not together with `conversation`. */
  @ApiText(MAX_RESPONSE_ID)
  previous_response_id?: string | null;

  /** Continues this conversation: `conv_` and the id of a session. */
  @ApiProperty({ oneOf: [{ type: 'string', maxLength: MAX_RESPONSE_ID }, OBJECT], required: false })
  conversation?: string | object;

  /** Functions of the client. Tools of other types are left out beside them. */
  @ApiProperty({ type: 'array', maxItems: 64, items: OBJECT, required: false })
  tools?: object[];

  /** `auto`, `none`, `required`, a function or `allowed_tools`. */
  @ApiProperty({ oneOf: [{ type: 'string', maxLength: 64 }, OBJECT], required: false })
  tool_choice?: string | object;

  /** False: at most one call in a turn. */
  parallel_tool_calls?: boolean;

  /** The limit of each answer of the model, in tokens. */
  @ApiProperty(LIMIT)
  max_output_tokens?: number;

  /** The limit on calls of tools. Further ones are not made. */
  @ApiProperty(LIMIT)
  max_tool_calls?: number;

  /** The sampling temperature. */
  @ApiProperty({ minimum: 0, maximum: 2, required: false })
  temperature?: number;

  /** The share of the most likely tokens that are sampled. */
  @ApiProperty({ minimum: 0, maximum: 1, required: false })
  top_p?: number;

  /** The format of the answer, in `format`. */
  @ApiProperty(OBJECT)
  text?: object;

  /** How much the model reasons, in `effort`, and what it shows of that, in `summary`. */
  @ApiProperty({ ...OBJECT, example: { effort: 'low', summary: 'auto' } })
  reasoning?: object;

  /** `reasoning.encrypted_content` adds what the provider wants back. Other values have no effect. */
  @ApiProperty({ type: 'array', maxItems: 64, items: { type: 'string', maxLength: 64 }, required: false })
  include?: string[];

  /**
   * Streams the answer as events.
   * @example false
   */
  stream?: boolean;

  /** Queues the response: it outlives the request. Needs the scope `tasks`. */
  background?: boolean;

  /** False: nothing of the response is stored. */
  store?: boolean;

  /** Data of the caller that the response returns. */
  @ApiProperty(METADATA_SCHEMA)
  metadata?: Record<string, string>;

  /** The response returns it. It has no effect. */
  @ApiProperty({ enum: ['auto', 'disabled'], required: false })
  truncation?: 'auto' | 'disabled';

  /** The response returns it. It has no effect. */
  @ApiProperty(PENALTY)
  presence_penalty?: number;

  /** The response returns it. It has no effect. */
  @ApiProperty(PENALTY)
  frequency_penalty?: number;

  /** The response returns it. It has no effect. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 20, required: false })
  top_logprobs?: number;

  /** The response always has `default`. */
  @ApiText(MAX_HINT)
  service_tier?: string | null;

  /** The response returns it. It has no effect. */
  @ApiText(MAX_HINT)
  safety_identifier?: string | null;

  /** The response returns it. It has no effect. */
  @ApiText(MAX_HINT)
  prompt_cache_key?: string | null;
}
