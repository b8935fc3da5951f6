import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { PubSub } from '../storage/pubsub/pubsub.js';
import { Database } from '../storage/database.js';
import { toUsd } from '../storage/money.js';
import type { ApiKeyTable } from '../storage/schema.js';
import type { Principal } from './principal.js';
import { scopesAmong } from './scopes.js';

export type ApiKeyRow = Selectable<ApiKeyTable>;

/** The topic on which replicas announce changed keys. */
export const KEYS_TOPIC = 'keys';

/** Cache TTL. Bounds how long a revoked key stays valid. */
const FRESH_MS = 700;
const CAPACITY = 10_000;
/** Precision of `last_used_at`. */
const USE_MS = 60_000;

/** A cached key, and its principal. */
export interface KnownKey {
  readonly row: ApiKeyRow;
  readonly principal: Principal;
  readonly readMs: number;
}

/** Caches the rows of recently used keys. Unknown ids are not cached. */
@Injectable()
export class ApiKeyCache implements OnApplicationShutdown {
  readonly #logger = new Logger(ApiKeyCache.name);
  /** The least recently used key comes first. */
  readonly #keys = new Map<string, KnownKey>();
  readonly #readings = new Map<string, Promise<KnownKey | undefined>>();
  readonly #end: () => void;

  constructor(
    private readonly database: Database,
    broadcast: PubSub,
  ) {
    this.#end = broadcast.subscribe(KEYS_TOPIC, (id) => this.#forget(id));
  }

  /** The key of that id, read at most a second ago. */
  async find(id: string): Promise<KnownKey | undefined> {
    const known = this.#keys.get(id);
    if (known === undefined || performance.now() - known.readMs > FRESH_MS) return await this.read(id);
    this.#remember(known);
    return known;
  }

  /** Reads the key of that id from the database. Concurrent calls share one query. */
  read(id: string): Promise<KnownKey | undefined> {
    const under = this.#readings.get(id);
    if (under) return under;
    const reading: Promise<KnownKey | undefined> = this.#read(id, () => this.#readings.get(id) === reading).finally(
      () => {
        if (this.#readings.get(id) === reading) this.#readings.delete(id);
      },
    );
    this.#readings.set(id, reading);
    return reading;
  }

  onApplicationShutdown(): void {
    this.#end();
  }

  /** Also detaches a read in progress, which may return the old row. */
  #forget(id: string): void {
    this.#keys.delete(id);
    this.#readings.delete(id);
  }

  async #read(id: string, isCurrent: () => boolean): Promise<KnownKey | undefined> {
    const readMs = performance.now();
    const row = await this.database.query
      .selectFrom('api_keys')
      .selectAll()
      .where('key_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const known = { row, principal: principalOf(row), readMs };
    if (isCurrent()) this.#remember(known);
    return known;
  }

  #remember(known: KnownKey): void {
    const { key_id } = known.row;
    this.#keys.delete(key_id);
    this.#keys.set(key_id, known);
    const [oldest] = this.#keys.size > CAPACITY ? this.#keys.keys() : [];
    if (oldest !== undefined) this.#keys.delete(oldest);
  }

  /** Stores the time of use of a key, at most once a minute. */
  touchLastUsed({ key_id, last_used_at }: ApiKeyRow): void {
    const now = Date.now();
    if (now - (last_used_at ?? 0) < USE_MS) return;
    // Prevents another write until the next read returns the stored time.
    const known = this.#keys.get(key_id);
    if (known) this.#keys.set(key_id, { ...known, row: { ...known.row, last_used_at: now } });
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
  };
}
