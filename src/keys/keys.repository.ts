import { Injectable } from '@nestjs/common';
import type { ApiKeyRow } from '../auth/known.keys.js';
import { Database } from '../storage/database.js';

/** Which keys are listed. */
export interface KeyFilter {
  /** Left out: of all tenants. */
  readonly tenant?: string | undefined;
  readonly limit: number;
  readonly after?: { readonly at: number; readonly id: string } | undefined;
}

/** The rows of keys. */
@Injectable()
export class KeysRepository {
  constructor(private readonly database: Database) {}

  async add(row: ApiKeyRow): Promise<void> {
    await this.database.write((transaction) => transaction.insertInto('api_keys').values(row).execute());
  }

  find(id: string): Promise<ApiKeyRow | undefined> {
    return this.database.query.selectFrom('api_keys').selectAll().where('key_id', '=', id).executeTakeFirst();
  }

  /** Newest first. */
  list({ tenant, limit, after }: KeyFilter): Promise<ApiKeyRow[]> {
    let query = this.database.query.selectFrom('api_keys').selectAll();
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    if (after) {
      query = query.where((row) => row(row.refTuple('created_at', 'key_id'), '<', row.tuple(after.at, after.id)));
    }
    return query.orderBy('created_at', 'desc').orderBy('key_id', 'desc').limit(limit).execute();
  }

  /** The first revocation stands. False where there is no such key. */
  async revoke(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.database.write((transaction) =>
      transaction
        .updateTable('api_keys')
        .set((column) => ({ revoked_at: column.fn.coalesce('revoked_at', column.val(Date.now())) }))
        .where('key_id', '=', id)
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }

  /** Gives a key another secret; the one before is good for a while. False where there is no such key, or none that stands. */
  async rotate(id: string, hash: string, previousUntil: number): Promise<boolean> {
    const { numUpdatedRows } = await this.database.write((transaction) =>
      transaction
        .updateTable('api_keys')
        .set((column) => ({ previous_hash: column.ref('hash'), previous_until: previousUntil, hash }))
        .where('key_id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }
}
