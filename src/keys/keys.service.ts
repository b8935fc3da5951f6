import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/audit.record.js';
import { apiKeyText, hashOf, newKeyId, newSecret } from '../auth/api-key.format.js';
import { KEYS_TOPIC } from '../auth/api-key.cache.js';
import { HOST_PRINCIPAL, TENANT } from '../auth/principal.js';
import { type Scope, SCOPES, scopesAmong } from '../auth/scopes.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import { TENANT_RULE } from '../http/tenant.query.js';
import { PubSub } from '../storage/pubsub/pubsub.js';
import { toNanoUsd } from '../storage/money.js';
import { pageOf } from '../storage/row.page.js';
import { type ApiKey, type CreatedApiKey, toApiKey } from './api-key.js';
import { KeysRepository } from './keys.repository.js';

/** The properties of a new key. */
export interface NewApiKey {
  /** A label for people, such as the owner or the purpose: 1–128 characters. */
  readonly name: string;
  /** The tenant that the key acts for: 1–128 of A–Z a–z 0–9 . _ : - */
  readonly tenant: string;
  /** One or more permissions. */
  readonly scopes: readonly Scope[];
  /** A time in the future. Default: the key does not expire. */
  readonly expiresAt?: Date | undefined;
  /** 1–1 000 000. Default: the limit of `rateLimit`. */
  readonly requestsPerMinute?: number | undefined;
  /** Input and output tokens in a calendar month, UTC, at least 1. Default: no limit. */
  readonly tokensPerMonth?: number | undefined;
  /** US dollars in a calendar month, UTC: 0.01–1 000 000. Default: no limit. */
  readonly costPerMonth?: number | undefined;
}

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
 * Creates, lists, rotates and revokes keys. Only a hash is stored, so a key is shown only once.
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
    const creator = asActor(actor);
    const [id, secret] = [newKeyId(), newSecret()];
    const key = {
      key_id: id,
      hash: hashOf(secret),
      name: input.name,
      tenant: input.tenant,
      scopes: scopesAmong(input.scopes).join(' '),
      requests_per_minute: input.requestsPerMinute ?? null,
      tokens_per_month: input.tokensPerMonth ?? null,
      cost_per_month: input.costPerMonth === undefined ? null : toNanoUsd(input.costPerMonth),
      expires_at: input.expiresAt?.getTime() ?? null,
      created_at: Date.now(),
      created_by: creator.id,
    };
    const row = await this.keys.add(key, creator);
    return { ...toApiKey(row), key: apiKeyText({ id, secret }) };
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

/** The HTTP layer validates the same rules, but the command line and host code do not pass through it. */
function requireValid({ name, tenant, scopes, expiresAt, costPerMonth = 1, ...counts }: NewApiKey): void {
  const areScopes = scopes.length > 0 && scopes.every((scope) => SCOPES.includes(scope));
  const rules: readonly (readonly [field: string, isValid: boolean, rule: string])[] = [
    ['name', name !== '' && name.length <= 128, 'must be 1–128 characters'],
    ['tenant', TENANT.test(tenant), TENANT_RULE],
    ['scopes', areScopes, `must be one or more of ${SCOPES.join(', ')}`],
    ['expires_at', !expiresAt || expiresAt.getTime() > Date.now(), 'must be in the future'],
    countRule('requests_per_minute', counts.requestsPerMinute, 1_000_000),
    countRule('tokens_per_month', counts.tokensPerMonth, Number.MAX_SAFE_INTEGER),
    ['cost_per_month', costPerMonth >= 0.01 && costPerMonth <= 1_000_000, 'must be US dollars from 0.01 to 1000000'],
  ];
  for (const [field, isValid, rule] of rules) if (!isValid) throw invalidField(field, `${field} ${rule}`);
}

function countRule(field: string, count = 1, most: number): readonly [string, boolean, string] {
  const isValid = Number.isInteger(count) && count >= 1 && count <= most;
  return [field, isValid, `must be a whole number from 1 to ${most}`];
}
