import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiCount, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import type { CompactionService } from './compaction.service.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const TEXT = { type: 'string', maxLength: 1_000_000 } as const;

type Compacted = Awaited<ReturnType<CompactionService['create']>>;

/** A conversation to compact. */
@ApiSchema({ name: 'CompactResponse' })
export class CompactResponse {
  /**
   * The role of an agent.
   * @example 'assistant'
   */
  @ApiName(128)
  model: string;

  /** A text, or a list of items. Needed without `previous_response_id`. */
  @ApiProperty({
    oneOf: [TEXT, { type: 'array', maxItems: 2000, items: OBJECT }],
    required: false,
    example: 'We launch on Tuesday.',
  })
  input?: string | object[];

  /** The conversation up to this response comes first. */
  @ApiText(128)
  previous_response_id?: string | null;

  /** Instructions of the conversation. */
  @ApiText()
  instructions?: string | null;
}

/** A compacted conversation. */
@ApiSchema({ name: 'CompactedResponse' })
export class CompactedResponse implements Compacted {
  /** @example 'resp_019ad2c1-7a64-7000-8a37-1a2b3c4d5e6f' */
  @ApiName()
  id: string;

  @ApiProperty({ enum: ['response.compaction'] })
  object: 'response.compaction';

  /** Seconds since 1970. */
  @ApiCount()
  created_at: number;

  /** One item of the type `compaction`. */
  @ApiProperty({ type: 'array', maxItems: 1, items: OBJECT })
  output: Compacted['output'];

  @ApiProperty(OBJECT)
  usage: Compacted['usage'];
}
