import { Injectable } from '@nestjs/common';
import type { Insertable, Transaction, Updateable } from 'kysely';
import type { AuditDetails } from '../audit/audit.entry.js';
import { type Actor, type AuditEvent, appendAudit } from '../audit/audit.record.js';
import type { ApiKeyRow } from '../auth/api-key.cache.js';
import { callerOfKey } from '../auth/key.revocation.js';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { ApiKeyTable } from '../storage/tables/key.schema.js';
import { cancelTasks, countTasks } from './revoked.tasks.js';

/** The principal that acts, and the facts for the audit. */
type AuditedBy = Pick<AuditEvent, 'actor' | 'details'>;

/** Keys to revoke per transaction. */
const BATCH = 100;

/** Stores keys. Records each change in the audit, in the same transaction. */
@Injectable()
export class KeysRepository {
  constructor(private readonly database: Database) {}

  async add(key: Insertable<ApiKeyTable>, by: AuditedBy): Promise<ApiKeyRow> {
    return await this.database.write(async (transaction) => {
      appendAudit(transaction, auditEventOf('key.created', key, by));
      return await transaction.insertInto('api_keys').values(key).returningAll().executeTakeFirstOrThrow();
    });
  }

  find(id: string): Promise<ApiKeyRow | undefined> {
    return this.database.query.selectFrom('api_keys').selectAll().where('key_id', '=', id).executeTakeFirst();
  }

  /** Changes columns of a key. Returns undefined if the key does not exist or was revoked. */
  async update(id: string, columns: Updateable<ApiKeyTable>, by: AuditedBy): Promise<ApiKeyRow | undefined> {
    return await this.database.write(async (transaction) => {
      const row = await transaction
        .updateTable('api_keys')
        .set(columns)
        .where('key_id', '=', id)
        .where('revoked_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (row) appendAudit(transaction, auditEventOf('key.changed', row, by));
      return row;
    });
  }

  /** Keys after `after`, newest first: of all tenants, or of one. */
  list(limit: number, after?: { at: number; id: string }, tenant?: string): Promise<ApiKeyRow[]> {
    let query = this.database.query.selectFrom('api_keys').selectAll();
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    if (after) {
      query = query.where((row) => row(row.refTuple('created_at', 'key_id'), '<', row.tuple(after.at, after.id)));
    }
    return query.orderBy('created_at', 'desc').orderBy('key_id', 'desc').limit(limit).execute();
  }

  /**
   * Revokes a key; a repeat keeps the first time. Cancels its unfinished tasks in the same commit, unless they are kept.
   * A repeat cancels kept ones. Returns false if the key does not exist.
   */
  async revoke(id: string, keepTasks: boolean, actor: Actor): Promise<boolean> {
    return await this.database.write(
      async (transaction) => {
        const row = await transaction
          .updateTable('api_keys')
          .set((column) => ({
            revoked_at: column.fn.coalesce('revoked_at', column.val(Date.now())),
            tasks_kept: keepTasks ? 1 : null,
            runs_ended_at: null,
          }))
          .where('key_id', '=', id)
          .where((of) => of.or([of('revoked_at', 'is', null), ...(keepTasks ? [] : [of('tasks_kept', '=', 1)])]))
          .returningAll()
          .executeTakeFirst();
        if (row) {
          const details = await this.#settleTasks(row, keepTasks, transaction);
          appendAudit(transaction, auditEventOf('key.revoked', row, { actor, details }));
        }
        const found =
          row ??
          (await transaction.selectFrom('api_keys').select('key_id').where('key_id', '=', id).executeTakeFirst());
        return found !== undefined;
      },
      // It locks the rows of many tasks, so it should hold no other locks.
      { isAlone: true },
    );
  }

  /** Cancels the tasks of a key, or only counts them. Returns the details of the audit. */
  async #settleTasks(
    { key_id, tenant }: ApiKeyRow,
    keepTasks: boolean,
    transaction: Transaction<Schema>,
  ): Promise<AuditDetails> {
    const callers = { tenant, callers: [callerOfKey(key_id)] };
    if (keepTasks) return { tasks_kept: await countTasks(callers, transaction) };
    return { tasks_cancelled: (await cancelTasks(callers, this.#isPostgres, transaction)).length };
  }

  get #isPostgres(): boolean {
    return this.database.dialect === 'postgres';
  }

  /**
   * Replaces the secret of a key. Returns undefined if the key does not exist or was revoked.
   *
   * @param hash of the new secret.
   * @param previousUntil epoch milliseconds until which the old secret stays valid.
   */
  async rotate(id: string, hash: string, previousUntil: number, actor: Actor): Promise<ApiKeyRow | undefined> {
    // An invalid time throws here: within the write it would roll back the writes of others.
    const details = { previous_until: new Date(previousUntil).toISOString() };
    return await this.database.write(async (transaction) => {
      const row = await transaction
        .updateTable('api_keys')
        .set((column) => ({ previous_hash: column.ref('hash'), previous_until: previousUntil, hash }))
        .where('key_id', '=', id)
        .where('revoked_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (row) appendAudit(transaction, auditEventOf('key.rotated', row, { actor, details }));
      return row;
    });
  }

  /** Revokes a batch of active keys of a tenant, and cancels their tasks. Returns their ids; an empty list if no active key is left. */
  async revokeBatch(tenant: string, actor: Actor): Promise<string[]> {
    return await this.database.write(
      async (transaction) => {
        const rows = await transaction
          .selectFrom('api_keys')
          .select(['key_id', 'tenant'])
          .where('tenant', '=', tenant)
          .where('revoked_at', 'is', null)
          .limit(BATCH)
          .execute();
        const ids = rows.map(({ key_id }) => key_id);
        if (ids.length === 0) return ids;
        await transaction.updateTable('api_keys').set({ revoked_at: Date.now() }).where('key_id', 'in', ids).execute();
        const cancelled = await cancelTasks({ tenant, callers: ids.map(callerOfKey) }, this.#isPostgres, transaction);
        for (const row of rows) {
          const tasks_cancelled = cancelled.filter((caller) => caller === callerOfKey(row.key_id)).length;
          appendAudit(transaction, auditEventOf('key.revoked', row, { actor, details: { tasks_cancelled } }));
        }
        return ids;
      },
      { isAlone: true },
    );
  }
}

function auditEventOf(
  action: AuditEvent['action'],
  { key_id, tenant }: Pick<ApiKeyRow, 'key_id' | 'tenant'>,
  by: AuditedBy,
): AuditEvent {
  return { action, tenant, target: `key:${key_id}`, ...by };
}
