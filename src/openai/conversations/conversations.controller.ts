import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiOkResponse } from '@nestjs/swagger';
import { RequireScope } from '../../auth/auth.guard.js';
import { requireScope } from '../../auth/scopes.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { WithoutTimeout } from '../../http/timeout.interceptor.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import { OpenAIController } from '../openai-api.decorator.js';
import { OpenAIErrors } from '../openai-error.dto.js';
import { BodyFields, missing } from '../request/body.fields.js';
import { unsupported } from '../request/field.rules.js';
import { readMetadata } from '../request/settings.reader.js';
import { readInput } from '../responses/input.reader.js';
import { readIncludes, readItemsQuery } from '../responses/responses.query.js';
import type { ConversationItem } from './conversation.items.js';
import {
  ApiConversation,
  ConversationDto,
  ConversationItemList,
  CreateConversation,
  CreateItems,
  DeletedConversation,
  MAX_ITEMS,
  UpdateConversation,
} from './conversations.dto.js';
import { ConversationsService } from './conversations.service.js';

const ITEM = { type: 'object', additionalProperties: true } as const;

/** The Conversations API. A conversation is a session. */
@OpenAIController('Conversations', 'sessions:read')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  /**
   * Create a conversation
   * @remarks A response continues it with `conversation`. Its first items need the scope `sessions:write`.
   */
  @ApiOperation({ operationId: 'createConversation' })
  @ApiBody({ type: CreateConversation, required: false })
  @Post('conversations')
  @HttpCode(200)
  @RequireScope('chat')
  @OpenAIErrors('quota_exceeded', 'token_budget_exhausted', 'payload_too_large', 'unsupported_media_type')
  async create(@Body() body: unknown, @CurrentCaller() caller: Caller): Promise<ConversationDto> {
    const fields = BodyFields.ofBody(body ?? {});
    const messages = readMessages(fields);
    if (messages.length > 0) requireScope(caller.principal, 'sessions:write');
    return await this.conversations.create(readMetadata(fields), messages, caller);
  }

  /** Read a conversation */
  @ApiOperation({ operationId: 'getConversation' })
  @Get('conversations/:conversation_id')
  @ApiConversation()
  @OpenAIErrors('not_found')
  async get(@Param('conversation_id') id: string, @CurrentCaller() { principal }: Caller): Promise<ConversationDto> {
    return await this.conversations.get(id, principal);
  }

  /** Replace the metadata of a conversation */
  @ApiOperation({ operationId: 'updateConversation' })
  @ApiBody({ type: UpdateConversation })
  @Post('conversations/:conversation_id')
  @HttpCode(200)
  @RequireScope('sessions:write')
  @ApiConversation()
  @OpenAIErrors('not_found', 'payload_too_large', 'unsupported_media_type')
  async update(
    @Param('conversation_id') id: string,
    @Body() body: unknown,
    @CurrentCaller() { principal }: Caller,
  ): Promise<ConversationDto> {
    return await this.conversations.update(id, readMetadata(BodyFields.ofBody(body)), principal);
  }

  /**
   * Delete a conversation
   * @remarks Erases the session with its messages, responses and all other data. A running run is cancelled first.
   */
  @ApiOperation({ operationId: 'deleteConversation' })
  @Delete('conversations/:conversation_id')
  @WithoutTimeout()
  @RequireScope('sessions:write')
  @ApiConversation()
  @OpenAIErrors('not_found')
  async delete(@Param('conversation_id') id: string, @CurrentCaller() caller: Caller): Promise<DeletedConversation> {
    return await this.conversations.delete(id, caller);
  }

  /**
   * List the items of a conversation
   * @remarks They include reasoning, and the calls of own tools of the agents with their results.
   * `include=reasoning.encrypted_content` adds the encrypted content of reasoning.
   */
  @ApiOperation({ operationId: 'listConversationItems' })
  @Get('conversations/:conversation_id/items')
  @ApiConversation({ isPaged: true, hasInclude: true })
  @OpenAIErrors('not_found')
  async items(
    @Param('conversation_id') id: string,
    @Query() query: unknown,
    @CurrentCaller() { principal }: Caller,
  ): Promise<ConversationItemList> {
    return await this.conversations.items(id, readItemsQuery(query), principal);
  }

  /**
   * Add items to a conversation
   * @remarks Guardrails do not check them. They may not have images.
   */
  @ApiOperation({ operationId: 'createConversationItems' })
  @ApiBody({ type: CreateItems })
  @Post('conversations/:conversation_id/items')
  @HttpCode(200)
  @RequireScope('sessions:write')
  @ApiConversation()
  @OpenAIErrors(
    'not_found',
    'session_busy',
    'quota_exceeded',
    'token_budget_exhausted',
    'payload_too_large',
    'unsupported_media_type',
  )
  async addItems(
    @Param('conversation_id') id: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
  ): Promise<ConversationItemList> {
    const messages = readMessages(BodyFields.ofBody(body));
    if (messages.length === 0) throw missing('items');
    return await this.conversations.addItems(id, messages, caller);
  }

  /** Read an item of a conversation */
  @ApiOperation({ operationId: 'getConversationItem' })
  @Get('conversations/:conversation_id/items/:item_id')
  @ApiConversation({ hasItem: true, hasInclude: true })
  @ApiOkResponse({ description: 'The item.', schema: ITEM })
  @OpenAIErrors('not_found')
  async item(
    @Param('conversation_id') id: string,
    @Param('item_id') itemId: string,
    @Query() query: unknown,
    @CurrentCaller() { principal }: Caller,
  ): Promise<ConversationItem> {
    return await this.conversations.item(id, itemId, readIncludes(query), principal);
  }

  /**
   * Delete an item of a conversation
   * @remarks A call goes with its result. The response of the item still has it: delete that too to erase it.
   */
  @ApiOperation({ operationId: 'deleteConversationItem' })
  @Delete('conversations/:conversation_id/items/:item_id')
  @RequireScope('sessions:write')
  @ApiConversation({ hasItem: true })
  @OpenAIErrors('not_found')
  async deleteItem(
    @Param('conversation_id') id: string,
    @Param('item_id') itemId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<ConversationDto> {
    return await this.conversations.deleteItem(id, itemId, caller);
  }
}

/** Only responses read the reasoning of clients, so it would be lost here. @throws OpenAIRefusal */
function readMessages(fields: BodyFields): TranscriptMessage[] {
  const items = fields.objects('items', MAX_ITEMS);
  const reasoning = items.find((item) => item.value('type') === 'reasoning');
  if (reasoning) throw unsupported(reasoning.pathOf('type'), 'Send reasoning in the input of a response.');
  return readInput(
    items.map(({ object }) => object),
    undefined,
    'items',
  );
}
