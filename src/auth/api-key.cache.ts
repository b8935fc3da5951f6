import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { PubSub } from '../storage/pubsub/pubsub.js';
import { Database } from '../storage/database.js';
import { toUsd } from '../storage/money.js';
import type { ApiKeyTable } from '../storage/tables/key.schema.js';
import { accessOf, type KeyRules, keyRulesOf } from './key.rules.js';
import type { Principal } from './principal.js';
import { scopesAmong } from './scopes.js';

export type ApiKeyRow = Selectable<ApiKeyTable>;

/** The topic on which replicas announce changed keys. */
export const KEYS_TOPIC = 'keys';

/** Cache TTL. Bounds how long a revoked key stays valid. */
const TTL_MS = 700;
const CAPACITY = 10_000;
/** Precision of `last_used_at`. */
const TOUCH_INTERVAL_MS = 60_000;

/** A cached key, and its principal. */
export interface CachedKey {
  readonly row: ApiKeyRow;
  readonly principal: Principal;
  readonly rules: KeyRules;
  readonly readMs: number;
}

/** Caches the rows of recently used keys. Unknown ids are not cached. */
@Injectable()
export class ApiKeyCache implements OnApplicationShutdown {
  readonly #logger = new Logger(ApiKeyCache.name);
  /** The least recently used key comes first. */
  readonly #keys = new Map<string, CachedKey>();
  readonly #pendingReads = new Map<string, Promise<CachedKey | undefined>>();
  readonly #unsubscribe: () => void;

  constructor(
    private readonly database: Database,
    pubsub: PubSub,
  ) {
    this.#unsubscribe = pubsub.subscribe(KEYS_TOPIC, (id) => this.#evict(id));
  }

  /** The key of that id, read at most a second ago. */
  async find(id: string): Promise<CachedKey | undefined> {
    const cached = this.#keys.get(id);
    if (cached === undefined || performance.now() - cached.readMs > TTL_MS) return await this.read(id);
    this.#store(cached);
    return cached;
  }

  /** Reads the key of that id from the database. Concurrent calls share one query. */
  read(id: string): Promise<CachedKey | undefined> {
    const under = this.#pendingReads.get(id);
    if (under) return under;
    const reading: Promise<CachedKey | undefined> = this.#read(
      id,
      () => this.#pendingReads.get(id) === reading,
    ).finally(() => {
      if (this.#pendingReads.get(id) === reading) this.#pendingReads.delete(id);
    });
    this.#pendingReads.set(id, reading);
    return reading;
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** Also detaches a read in progress, which may return the old row. */
  #evict(id: string): void {
    this.#keys.delete(id);
    this.#pendingReads.delete(id);
  }

  async #read(id: string, isCurrent: () => boolean): Promise<CachedKey | undefined> {
    const readMs = performance.now();
    const row = await this.database.query
      .selectFrom('api_keys')
      .selectAll()
      .where('key_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const cached = { row, principal: principalOf(row), rules: keyRulesOf(row), readMs };
    if (isCurrent()) this.#store(cached);
    return cached;
  }

  #store(cached: CachedKey): void {
    const { key_id } = cached.row;
    this.#keys.delete(key_id);
    this.#keys.set(key_id, cached);
    const [oldest] = this.#keys.size > CAPACITY ? this.#keys.keys() : [];
    if (oldest !== undefined) this.#keys.delete(oldest);
  }

  /** Stores the time of use of a key, at most once a minute. */
  touchLastUsed({ key_id, last_used_at }: ApiKeyRow): void {
    const now = Date.now();
    if (now - (last_used_at ?? 0) < TOUCH_INTERVAL_MS) return;
    // Prevents another write until the next read returns the stored time.
    const cached = this.#keys.get(key_id);
    if (cached) this.#keys.set(key_id, { ...cached, row: { ...cached.row, last_used_at: now } });
    const noted = this.database.write(
      (transaction) =>
        transaction.updateTable('api_keys').set({ last_used_at: now }).where('key_id', '=', key_id).execute(),
      { durability: 'process' },
    );
    noted.catch((cause: unknown) => this.#logger.debug({ cause, msg: 'storing last_used_at of a key failed' }));
  }
}

function principalOf(row: ApiKeyRow): Principal {
  return {
    tenant: row.tenant,
    id: `key:${row.key_id}`,
    scopes: scopesAmong(row.scopes.split(' ')),
    limits: {
      requestsPerMinute: row.requests_per_minute ?? undefined,
      tokensPerMonth: row.tokens_per_month ?? undefined,
      costPerMonth: row.cost_per_month === null ? undefined : toUsd(row.cost_per_month),
    },
    access: accessOf(row),
  };
}
