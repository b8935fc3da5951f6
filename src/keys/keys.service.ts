import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/audit.record.js';
import { apiKeyText, hashOf, newKeyId, newSecret } from '../auth/api-key.format.js';
import { KEYS_TOPIC } from '../auth/api-key.cache.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { scopesAmong } from '../auth/scopes.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import { PubSub } from '../storage/pubsub/pubsub.js';
import { pageOf } from '../storage/row.page.js';
import { type ApiKey, type CreatedApiKey, toApiKey } from './api-key.js';
import { auditDetailsOf, columnsOf, newColumnsOf } from './key.columns.js';
import type { KeyChanges, NewApiKey } from './key.input.js';
import { expiryOf, requireLifetime, requireValid } from './key.validation.js';
import { KeysModuleOptions } from './keys.options.js';
import { KeysRepository } from './keys.repository.js';

/**
 * The options of a revocation.
 *
 * @example
 * import type { RevocationOptions } from 'rookery';
 *
 * const options: RevocationOptions = { keepTasks: true };
 */
export interface RevocationOptions {
  /** Whether the tasks of the key go on, and their webhooks are posted. Default: false. */
  readonly keepTasks?: boolean | undefined;
}

/** Filters of the key list. */
export interface KeysRequest extends PageRequest {
  /** Default: all tenants. */
  readonly tenant?: string | undefined;
}

/**
 * Creates, lists, changes, rotates and revokes keys. Only a hash is stored, so a key is shown only once.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { KeysService } from 'rookery';
 *
 * \@Injectable()
 * export class Customers {
 *   constructor(private readonly keys: KeysService) {}
 *
 *   async welcome(tenant: string) {
 *     const { key } = await this.keys.create({ name: 'first key', tenant, scopes: ['chat', 'tasks'] }, 'host');
 *     return key;
 *   }
 * }
 */
@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeysRepository,
    private readonly pubsub: PubSub,
    private readonly lifetimes: KeysModuleOptions,
  ) {}

  /**
   * Creates a key. Its row is on disk when this resolves. Only the result contains the plain text.
   *
   * @param actor the actor, or the id of its principal.
   * @throws AgentError `validation_failed`
   *
   * @example
   * const expiresAt = new Date(Date.now() + 90 * 86_400_000);
   * const { key, key_id } = await keys.create({ name: 'CI', tenant: 'acme', scopes: ['chat'], expiresAt }, 'cli:ops');
   */
  async create(input: NewApiKey, actor: Actor | string): Promise<CreatedApiKey> {
    requireValid(input);
    const { name, tenant, scopes } = input;
    const properties = { ...input, expiresAt: expiryOf(input.expiresAt, this.lifetimes) };
    const creator = asActor(actor);
    const [id, secret] = [newKeyId(), newSecret()];
    const key = {
      ...newColumnsOf(properties),
      key_id: id,
      hash: hashOf(secret),
      name,
      tenant,
      scopes: scopesAmong(scopes).join(' '),
      created_at: Date.now(),
      created_by: creator.id,
    };
    const row = await this.keys.add(key, { actor: creator, details: auditDetailsOf(properties) });
    return { ...toApiKey(row), key: apiKeyText({ id, secret }) };
  }

  /**
   * Changes properties of a key; its secret stays. New calls follow within a second. Open streams and WebSockets keep
   * the properties that they began with.
   *
   * @param changes null removes a limit; what is left out stays.
   * @param actor the actor, or the id of its principal. Default: the host.
   * @throws AgentError `validation_failed`, or `not_found`, also if the key was revoked.
   *
   * @example
   * await keys.update('8796a5b4c3d2e1f0', { ipRanges: ['203.0.113.0/24'], tokensPerMonth: null });
   */
  async update(id: string, changes: KeyChanges, actor: Actor | string = HOST_PRINCIPAL): Promise<ApiKey> {
    requireValid(changes);
    const details = auditDetailsOf(changes);
    if (Object.keys(details).length === 0) throw invalidField('body', 'At least one property must change');
    const { expiresAt } = changes;
    if (expiresAt !== undefined) {
      const row = await this.keys.find(id);
      if (row === undefined) throw notFound(id);
      requireLifetime(expiresAt ?? undefined, row.created_at, this.lifetimes.maxDays);
    }
    const row = await this.keys.update(id, columnsOf(changes), { actor: asActor(actor), details });
    if (row === undefined) throw notFound(id);
    this.pubsub.publish(KEYS_TOPIC, id);
    return toApiKey(row);
  }

  /**
   * Lists keys, newest first. Includes revoked keys.
   *
   * @throws AgentError `validation_failed` if the cursor is invalid.
   *
   * @example
   * const { items, next_cursor } = await keys.list({ tenant: 'acme', limit: 100 });
   * const active = items.filter(({ revoked_at }) => revoked_at === undefined);
   */
  async list({ tenant, limit, cursor }: KeysRequest): Promise<Page<ApiKey>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.keys.list(limit + 1, after, tenant);
    return pageOf(rows, limit, toApiKey, (row) => encodeCursor(row.created_at, row.key_id));
  }

  /**
   * Revokes a key permanently, on all replicas within a second. The streams and chats of its caller end. Its unfinished
   * tasks are cancelled, and nothing more is posted to their webhooks. A repeat cancels tasks that were kept.
   *
   * @param actor the actor, or the id of its principal. Default: the host.
   * @throws AgentError `not_found`
   *
   * @example
   * await keys.revoke('8796a5b4c3d2e1f0', { id: 'cli:ops' });
   */
  async revoke(id: string, actor: Actor | string = HOST_PRINCIPAL, options: RevocationOptions = {}): Promise<void> {
    if (!(await this.keys.revoke(id, options.keepTasks === true, asActor(actor)))) throw notFound(id);
    this.pubsub.publish(KEYS_TOPIC, id);
  }

  /**
   * Revokes all keys of a tenant, and cancels their unfinished tasks. Does nothing if it has none.
   *
   * @param actor the actor, or the id of its principal. Default: the host.
   *
   * @example
   * await keys.revokeAll('acme', 'cli:ops');
   */
  async revokeAll(tenant: string, actor: Actor | string = HOST_PRINCIPAL): Promise<void> {
    for (;;) {
      const ids = await this.keys.revokeBatch(tenant, asActor(actor));
      if (ids.length === 0) return;
      for (const id of ids) this.pubsub.publish(KEYS_TOPIC, id);
    }
  }

  /**
   * Replaces the secret of a key. The id, the scopes, the limits and the expiry stay. Only the result contains the new
   * plain text.
   *
   * @param overlapMs milliseconds for which the old secret stays valid. Default: 0.
   * @param actor the actor, or the id of its principal. Default: the host.
   * @throws AgentError `not_found`, also if the key was revoked.
   *
   * @example
   * const { key } = await keys.rotate('8796a5b4c3d2e1f0', 86_400_000);
   */
  async rotate(id: string, overlapMs = 0, actor: Actor | string = HOST_PRINCIPAL): Promise<CreatedApiKey> {
    const secret = newSecret();
    const row = await this.keys.rotate(id, hashOf(secret), Date.now() + overlapMs, asActor(actor));
    if (row === undefined) throw notFound(id);
    this.pubsub.publish(KEYS_TOPIC, id);
    return { ...toApiKey(row), key: apiKeyText({ id, secret }) };
  }
}

function asActor(actor: Actor | string): Actor {
  return typeof actor === 'string' ? { id: actor } : actor;
}

function notFound(id: string): AgentError {
  return new AgentError('not_found', { detail: `API key "${id}" does not exist or was revoked.` });
}
