import { Injectable } from '@nestjs/common';
import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { TenantSizeTable } from '../../storage/tables/tenant.schema.js';

/** After this time another replica may measure: the one that began has died. */
const MEASUREMENT_TTL_MS = 3_600_000;

export type TenantSize = Pick<Selectable<TenantSizeTable>, 'bytes' | 'measured_at' | 'measured_ms'>;

const UNFINISHED = ['queued', 'running', 'waiting_approval'] as const;

/** Stores the sizes of tenants, and counts their sessions. */
@Injectable()
export class TenantSizes {
  constructor(private readonly database: Database) {}

  get query(): Kysely<Schema> {
    return this.database.query;
  }

  /** Counts the sessions of the tenant and those that its unfinished tasks begin, but little more than so many. */
  async countSessions(tenant: string, max: number): Promise<number> {
    const stored = this.query.selectFrom('sessions').select('session_id').where('tenant', '=', tenant).limit(max);
    const count = await this.#count(stored);
    if (count >= max) return count;
    const begun = await Promise.all(UNFINISHED.map((status) => this.#countBegun(tenant, status, max)));
    return begun.reduce((sum, each) => sum + each, count);
  }

  /** The sessions that are stored once a task has completed. The indexes are used only with a literal. */
  async #countBegun(tenant: string, status: (typeof UNFINISHED)[number], max: number): Promise<number> {
    const begun = this.query
      .selectFrom('runs')
      .select('session_id')
      .distinct()
      .where('tenant', '=', tenant)
      .where('status', '=', sql.lit(status))
      .where('kind', '=', sql.lit('task' as const))
      .where((of) =>
        of.not(
          of.exists(
            of
              .selectFrom('sessions')
              .select('sessions.session_id')
              .whereRef('sessions.tenant', '=', 'runs.tenant')
              .whereRef('sessions.session_id', '=', 'runs.session_id'),
          ),
        ),
      )
      .limit(max);
    return await this.#count(begun);
  }

  async #count<T extends keyof Schema>(some: SelectQueryBuilder<Schema, T, { session_id: string }>): Promise<number> {
    const { count } = await this.query
      .selectFrom(some.as('some'))
      .select((of) => of.fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async hasSession(tenant: string, sessionId: string): Promise<boolean> {
    const row = await this.query
      .selectFrom('sessions')
      .select('session_id')
      .where('tenant', '=', tenant)
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Adds bytes to the size of the tenant, and returns it. Undefined if the tenant was never measured. */
  async add(tenant: string, bytes: number): Promise<TenantSize | undefined> {
    return await this.database.write(
      (transaction) =>
        transaction
          .updateTable('tenant_sizes')
          .set((column) => ({ bytes: column('bytes', '+', bytes) }))
          .where('tenant', '=', tenant)
          .returning(['bytes', 'measured_at', 'measured_ms'])
          .executeTakeFirst(),
      { durability: 'process' },
    );
  }

  /** Returns the size before the measurement. Undefined if another replica measures the tenant. */
  async beginMeasurement(tenant: string): Promise<number | undefined> {
    const measuring_since = Date.now();
    const isLost = measuring_since - MEASUREMENT_TTL_MS;
    const row = await this.database.write(
      (transaction) =>
        transaction
          .insertInto('tenant_sizes')
          .values({ tenant, bytes: 0, measured_at: null, measured_ms: null, measuring_since })
          .onConflict((conflict) =>
            conflict
              .column('tenant')
              .doUpdateSet({ measuring_since })
              .where((of) =>
                of.or([
                  of('tenant_sizes.measuring_since', 'is', null),
                  of('tenant_sizes.measuring_since', '<', isLost),
                ]),
              ),
          )
          .returning('bytes')
          .executeTakeFirst(),
      { durability: 'process' },
    );
    return row?.bytes;
  }

  /** Lets any process begin the measurement again. */
  async abandonMeasurement(tenant: string): Promise<void> {
    await this.database.write(
      (transaction) =>
        transaction.updateTable('tenant_sizes').set({ measuring_since: null }).where('tenant', '=', tenant).execute(),
      { durability: 'process' },
    );
  }

  /** @param end `change`: measured bytes minus those before. Bytes that were added meanwhile stay, and may count twice. */
  async endMeasurement(tenant: string, end: { readonly change: number; readonly tookMs: number }): Promise<void> {
    await this.database.write(
      (transaction) =>
        transaction
          .updateTable('tenant_sizes')
          .set((column) => ({
            bytes: column('bytes', '+', end.change),
            measured_at: Date.now(),
            measured_ms: Math.ceil(end.tookMs),
            measuring_since: null,
          }))
          .where('tenant', '=', tenant)
          .execute(),
      { durability: 'process' },
    );
  }
}
