import { Injectable } from '@nestjs/common';
import { actorOf } from '../../audit/audit.record.js';
import type { Principal } from '../../auth/principal.js';
import { AgentError, invalidField } from '../../errors/agent.error.js';
import type { Caller } from '../../http/caller.decorator.js';
import { isStringRecord } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { RunMetadata } from '../../runs/events/run.events.js';
import { inputFaultOf } from '../../runs/request/request.faults.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import type { ReadableSession, SessionKey } from '../../sessions/session.key.js';
import type { SessionRow } from '../../sessions/session.query.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { newId } from '../../storage/new.id.js';
import { QuotaService } from '../../usage/quota.service.js';
import { toSeconds } from '../created.at.js';
import { type ItemKey, itemKeyOf } from '../item.ids.js';
import { invalid } from '../request/body.fields.js';
import { type ReasoningKey, ReasoningSeal } from '../responses/reasoning.seal.js';
import type { ItemsQuery } from '../responses/responses.query.js';
import { conversationIdOf, conversationNotFound, sessionIdOf } from './conversation.id.js';
import { type ConversationItem, itemsOf } from './conversation.items.js';
import { ConversationsRepository } from './conversations.repository.js';

/** Creates, reads and erases conversations, and their items. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly sessions: SessionsService,
    private readonly quota: QuotaService,
    private readonly seal: ReasoningSeal,
  ) {}

  /** @throws AgentError if the tenant must not begin a session. */
  async create(metadata: RunMetadata | undefined, messages: readonly TranscriptMessage[], caller: Caller) {
    const { tenant, endUser: end_user = null } = caller.principal;
    const key = { tenant, session_id: newId() };
    assertMessages(messages);
    await this.quota.assertAvailable(caller.principal, { ...key, isNewSession: true });
    const row = await this.conversations.create({ ...key, end_user, metadata: textOf(metadata) });
    if (messages.length > 0) await this.conversations.append(key, messages, authorOf(caller));
    return conversationOf(row);
  }

  /** @throws OpenAIRefusal `conversation_not_found` */
  async get(id: string, principal: Principal) {
    return conversationOf(await this.#find(id, principal));
  }

  /** Replaces the metadata. */
  async update(id: string, metadata: RunMetadata | undefined, principal: Principal) {
    const row = await this.#find(id, principal);
    const text = textOf(metadata);
    await this.conversations.setMetadata(keyOf(row), text);
    return conversationOf({ ...row, metadata: text });
  }

  /** Erases the session with all its data. */
  async delete(id: string, { principal, ids }: Caller) {
    await this.#find(id, principal);
    await this.sessions.erase(principal, sessionIdOf(id), ids);
    return { id, object: 'conversation.deleted' as const, deleted: true };
  }

  /** @param includes reasoning items have their encrypted content. */
  async items(id: string, { limit, order, after, includes }: ItemsQuery, principal: Principal) {
    const session = await this.#readable(id, principal);
    const from = after === undefined ? undefined : (await this.#message(session, after)).row.position;
    const key = this.#keyOf(principal, includes);
    // Each message has at least one item, and that of `after` comes first.
    const rows = await this.conversations.messages(session, { order, from, limit: limit + 2 });
    const items = rows.flatMap((row) => (order === 'asc' ? itemsOf(row, key) : itemsOf(row, key).toReversed()));
    const start = after === undefined ? 0 : items.findLastIndex((item) => item.id === after) + 1;
    return listOf(items.slice(start, start + limit), items.length > start + limit);
  }

  /** Adds items at the end. @throws AgentError `session_busy` while a run has the session. */
  async addItems(id: string, messages: readonly TranscriptMessage[], caller: Caller) {
    const key = keyOf(await this.#find(id, caller.principal));
    assertMessages(messages);
    await this.quota.assertAvailable(caller.principal, key);
    const rows = await this.conversations.append(key, messages, authorOf(caller));
    return listOf(
      rows.flatMap((row) => itemsOf(row)),
      false,
    );
  }

  /** @param includes a reasoning item has its encrypted content. */
  async item(id: string, itemId: string, includes: boolean, principal: Principal): Promise<ConversationItem> {
    const session = await this.#readable(id, principal);
    return (await this.#message(session, itemId, this.#keyOf(principal, includes))).item;
  }

  /** Removes an item, unless another session has it too. */
  async deleteItem(id: string, itemId: string, { principal, ids }: Caller) {
    const row = await this.#find(id, principal);
    const found = await this.#message(await this.#readable(id, principal), itemId);
    if (found.row.session_id !== row.session_id) throw invalid('item_id', 'The item is that of another conversation.');
    const isDeleted = await this.conversations.deleteItem(keyOf(row), found.key, actorOf(principal, ids));
    if (!isDeleted) throw itemNotFound(itemId);
    return conversationOf(row);
  }

  async #find(id: string, { tenant, endUser }: Principal): Promise<SessionRow> {
    const row = await this.conversations.find({ tenant, session_id: sessionIdOf(id) });
    if (row && (endUser === undefined || row.end_user === endUser)) return row;
    throw conversationNotFound(id);
  }

  async #readable(id: string, principal: Principal): Promise<ReadableSession> {
    const { session_id } = await this.#find(id, principal);
    return await this.sessions.readable(principal, session_id);
  }

  /** The key that seals the content of reasoning; undefined if it is left out. */
  #keyOf({ tenant }: Principal, includes: boolean): ReasoningKey | undefined {
    return includes ? this.seal.of(tenant) : undefined;
  }

  async #message(
    session: ReadableSession,
    itemId: string,
    key?: ReasoningKey,
  ): Promise<{ readonly row: MessageRow; readonly item: ConversationItem; readonly key: ItemKey }> {
    const itemKey = itemKeyOf(itemId);
    const row = itemKey && (await this.conversations.message(session, itemKey.messageId));
    const item = row && itemsOf(row, key).find((each) => each.id === itemId);
    if (itemKey && row && item) return { row, item, key: itemKey };
    throw itemNotFound(itemId);
  }
}

function itemNotFound(itemId: string): AgentError {
  return new AgentError('not_found', { detail: `Item with id '${itemId.slice(0, 160)}' not found.` });
}

/** A conversation, as clients read it. */
function conversationOf({ session_id, created_at, metadata }: SessionRow) {
  return {
    id: conversationIdOf(session_id),
    object: 'conversation' as const,
    created_at: toSeconds(created_at),
    metadata: metadata === null ? {} : readStoredJson(metadata, 'sessions.metadata', isStringRecord),
  };
}

/** A page of items. */
function listOf(data: readonly ConversationItem[], has_more: boolean) {
  const [first, last] = [data.at(0), data.at(-1)];
  return { object: 'list' as const, data: [...data], first_id: first?.id ?? null, last_id: last?.id ?? null, has_more };
}

function keyOf({ tenant, session_id }: SessionRow): SessionKey {
  return { tenant, session_id };
}

function textOf(metadata: RunMetadata | undefined): string | null {
  return metadata === undefined ? null : JSON.stringify(metadata);
}

function authorOf({ principal, requestId }: Caller) {
  return { caller: principal.id, requestId };
}

/** @throws AgentError `validation_failed` if a call lacks its result, a result its call, or a message has images. */
function assertMessages(messages: readonly TranscriptMessage[]): void {
  if (messages.length === 0) return;
  // The answer of an agent may be the last one.
  const fault = inputFaultOf({ messages, message: 'x' });
  if (fault) throw invalidField('items', fault.message);
  // Runs check the addresses of images.
  const hasImages = messages.some((each) => each.role === 'user' && typeof each.content !== 'string');
  if (hasImages) throw invalidField('items', 'Items may not have images. Send them in a response.');
}
