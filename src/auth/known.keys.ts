import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Broadcast } from '../storage/broadcast.js';
import { Database } from '../storage/database.js';
import { toUsd } from '../storage/money.js';
import type { ApiKeyTable } from '../storage/schema.js';
import type { Principal } from './principal.js';
import { scopesAmong } from './scopes.js';

export type ApiKeyRow = Selectable<ApiKeyTable>;

/** Where replicas tell one another of keys that have changed. */
export const KEYS_TOPIC = 'keys';

/** A row is read again after so long: whoever revokes a key, by whatever way, is heeded within a second. */
const FRESH_MS = 700;
const CAPACITY = 10_000;
/** How exactly it is noted when a key was last used. */
const USE_MS = 60_000;

/** A key that was just read, and whom it stands for. */
export interface KnownKey {
  readonly row: ApiKeyRow;
  readonly principal: Principal;
  readonly readMs: number;
}

/** The keys that callers have just used, as the database has them. What is not there is not remembered. */
@Injectable()
export class KnownKeys implements OnApplicationShutdown {
  readonly #logger = new Logger(KnownKeys.name);
  /** The longest unused first. */
  readonly #keys = new Map<string, KnownKey>();
  readonly #readings = new Map<string, Promise<KnownKey | undefined>>();
  readonly #end: () => void;

  constructor(
    private readonly database: Database,
    broadcast: Broadcast,
  ) {
    this.#end = broadcast.subscribe(KEYS_TOPIC, (id) => this.#forget(id));
  }

  /** The key of that id, as it stood less than a second ago. */
  async find(id: string): Promise<KnownKey | undefined> {
    const known = this.#keys.get(id);
    if (known === undefined || performance.now() - known.readMs > FRESH_MS) return await this.read(id);
    this.#remember(known);
    return known;
  }

  /** The key of that id, as it stands now. Those that ask while it is being read wait for the same answer. */
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

  /** A reading that began before may bring what has changed since. */
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

  /** Notes that a key was used, once a minute at most. */
  noteUse({ key_id, last_used_at }: ApiKeyRow): void {
    const now = Date.now();
    if (now - (last_used_at ?? 0) < USE_MS) return;
    // The next reading brings it; until then it is not noted again.
    const known = this.#keys.get(key_id);
    if (known) this.#keys.set(key_id, { ...known, row: { ...known.row, last_used_at: now } });
    const noted = this.database.write(
      (transaction) =>
        transaction.updateTable('api_keys').set({ last_used_at: now }).where('key_id', '=', key_id).execute(),
      { durability: 'process' },
    );
    noted.catch((cause: unknown) => this.#logger.debug({ cause, msg: 'the use of a key could not be noted' }));
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
