import { ApiParam, ApiProperty, ApiQuery, ApiSchema } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';
import { ApiCount, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import { METADATA_SCHEMA } from '../../runs/api/metadata.limits.js';
import { INCLUDE } from '../responses/responses.dto.js';
import type { ConversationsService } from './conversations.service.js';

export const MAX_ITEMS = 100;
const OBJECT = { type: 'object', additionalProperties: true } as const;

type ConversationFields = Awaited<ReturnType<ConversationsService['get']>>;
type Items = Awaited<ReturnType<ConversationsService['items']>>;

/** A new conversation. */
@ApiSchema({ name: 'CreateConversation' })
export class CreateConversation {
  /** The first items: messages, function calls and their outputs. They need the scope `sessions:write`. */
  @ApiProperty({ type: 'array', maxItems: MAX_ITEMS, items: OBJECT, required: false })
  items?: object[];

  /** Data of the caller. */
  @ApiProperty(METADATA_SCHEMA)
  metadata?: Record<string, string>;
}

/** New metadata of a conversation. */
@ApiSchema({ name: 'UpdateConversation' })
export class UpdateConversation {
  /** Replaces the metadata. Default: none. */
  @ApiProperty(METADATA_SCHEMA)
  metadata?: Record<string, string>;
}

/** A conversation. It is a session. */
@ApiSchema({ name: 'Conversation' })
export class ConversationDto implements ConversationFields {
  /** @example 'conv_019ad2c1-7a64-7000-8a37-1a2b3c4d5e6f' */
  @ApiName(160)
  id: string;

  @ApiProperty({ enum: ['conversation'] })
  object: 'conversation';

  /** Seconds since 1970. */
  @ApiCount()
  created_at: number;

  @ApiProperty(METADATA_SCHEMA)
  metadata: Record<string, string>;
}

/** The answer to a deletion. */
@ApiSchema({ name: 'DeletedConversation' })
export class DeletedConversation {
  @ApiName(160)
  id: string;

  @ApiProperty({ enum: ['conversation.deleted'] })
  object: 'conversation.deleted';

  deleted: boolean;
}

/** Items to add. */
@ApiSchema({ name: 'CreateItems' })
export class CreateItems {
  /**
   * Messages, function calls and their outputs. Each call needs its output.
   * @example [{ "type": "message", "role": "user", "content": "We launch on Tuesday." }]
   */
  @ApiProperty({ type: 'array', minItems: 1, maxItems: MAX_ITEMS, items: OBJECT })
  items: object[];
}

/** The items of a conversation. */
@ApiSchema({ name: 'ConversationItemList' })
export class ConversationItemList implements Items {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: 'array', maxItems: 1000, items: OBJECT })
  data: Items['data'];

  @ApiText(256)
  first_id: string | null;

  @ApiText(256)
  last_id: string | null;

  has_more: boolean;
}

function id(name: string, example: string) {
  return ApiParam({ name, schema: { type: 'string', maxLength: 256 }, example });
}

/** Documents the ids in the path, and the query of a list. */
export function ApiConversation({ hasItem = false, isPaged = false, hasInclude = false } = {}): MethodDecorator {
  const page = [
    ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 100 } }),
    ApiQuery({ name: 'order', required: false, schema: { type: 'string', enum: ['asc', 'desc'] } }),
    ApiQuery({ name: 'after', required: false, schema: { type: 'string', maxLength: 256 } }),
  ];
  const include = ApiQuery({ name: 'include', required: false, schema: INCLUDE });
  const params = [id('conversation_id', 'conv_unknown'), ...(hasItem ? [id('item_id', 'msg_unknown')] : [])];
  return applyDecorators(...params, ...(isPaged ? page : []), ...(hasInclude ? [include] : []));
}
