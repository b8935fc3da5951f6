import { Injectable } from '@nestjs/common';
import type { ExpressionBuilder, Selectable, Transaction } from 'kysely';
import type { Owner } from '../../auth/principal.js';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { WebhookDeliveryTable, WebhookTable } from '../../storage/tables/webhook.schema.js';
import { WebhookSchedule } from './webhook.schedule.js';
import { type ClaimedWebhook, ofClaim, WebhooksRepository } from './webhooks.repository.js';

/** The status of a webhook: it waits for its next try, or its last one is over. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'given_up'] as const;
type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** The columns that both tables have. */
const COMMON = [
  'run_id',
  'task_id',
  'session_id',
  'url',
  'attempts',
  'created_at',
  'first_tried_at',
  'last_tried_at',
  'last_error',
] as const;

/** A webhook and its tries. Times in epoch milliseconds. */
export interface DeliveryRow extends Pick<Selectable<WebhookTable>, (typeof COMMON)[number]> {
  readonly status: DeliveryStatus;
  /** Only if it is pending. */
  readonly next_at?: number;
  /** Only if it is not pending. */
  readonly finished_at?: number;
}

/** Selects a page of webhooks. */
export interface DeliveryFilter extends Owner {
  readonly status?: DeliveryStatus | undefined;
  readonly limit: number;
  readonly after?: { readonly at: number; readonly id: string } | undefined;
}

/** The webhooks with their tries, including those that were delivered or given up. */
@Injectable()
export class DeliveriesRepository {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly schedule: WebhookSchedule,
  ) {}

  /** Moves a webhook from the outbox to the deliveries in one commit, unless it was erased or claimed again. */
  async finish(row: ClaimedWebhook, status: 'delivered' | 'given_up', lastError: string | null): Promise<void> {
    const finished_at = this.schedule.clock(this.database);
    await this.database.write(
      async (transaction) => {
        const moved = await transaction
          .deleteFrom('webhooks')
          .where(ofClaim(row))
          .returning('run_id')
          .executeTakeFirst();
        if (!moved) return;
        const run = await transaction
          .selectFrom('runs')
          .select('end_user')
          .where('run_id', '=', row.task_id ?? row.run_id)
          .executeTakeFirst();
        const { host: _, next_at: __, claimed_by: ___, claimed_until: ____, ...kept } = row;
        const delivery = { ...kept, end_user: run?.end_user ?? null, status, last_error: lastError, finished_at };
        await transaction.insertInto('webhook_deliveries').values(delivery).execute();
      },
      { durability: 'process' },
    );
  }

  /** Newest first. */
  async list({ status, ...filter }: DeliveryFilter): Promise<DeliveryRow[]> {
    const found = new Map<string, DeliveryRow>();
    // A webhook that moves meanwhile is read twice, and not missed.
    for (const each of status === undefined ? DELIVERY_STATUSES : [status]) {
      const rows = await (each === 'pending' ? this.#pending(filter) : this.#finished(each, filter));
      for (const row of rows) found.set(row.run_id, row);
    }
    return [...found.values()].toSorted(byAge).slice(0, filter.limit);
  }

  /**
   * Makes a webhook due now. One that was delivered or given up returns to the outbox, as if it was never tried.
   * Returns undefined if the owner has no such webhook.
   */
  async redeliver(id: string, owner: Owner): Promise<DeliveryRow | undefined> {
    return await this.database.write(async (transaction) => {
      const pending = await this.#hasten(id, owner, transaction);
      if (pending) return pending;
      await this.#restore(id, owner, transaction);
      // Another request may have restored it meanwhile.
      return await this.#hasten(id, owner, transaction);
    });
  }

  async #hasten(
    id: string,
    { tenant, endUser }: Owner,
    transaction: Transaction<Schema>,
  ): Promise<DeliveryRow | undefined> {
    let query = transaction
      .updateTable('webhooks')
      .set({ next_at: this.schedule.clock(this.database) })
      .where('run_id', '=', id)
      .where('tenant', '=', tenant);
    if (endUser !== undefined) query = query.where(endUserOfRun, '=', endUser);
    const row = await query.returning([...COMMON, 'next_at']).executeTakeFirst();
    return row && { ...row, status: 'pending' };
  }

  async #restore(id: string, { tenant, endUser }: Owner, transaction: Transaction<Schema>): Promise<void> {
    let query = transaction.deleteFrom('webhook_deliveries').where('run_id', '=', id).where('tenant', '=', tenant);
    if (endUser !== undefined) query = query.where('end_user', '=', endUser);
    const row = await query
      .returning(['run_id', 'task_id', 'tenant', 'session_id', 'url', 'body', 'created_at', 'caller'])
      .executeTakeFirst();
    if (row) await this.webhooks.enqueue(transaction, row);
  }

  async #pending({ tenant, endUser, limit, after }: Omit<DeliveryFilter, 'status'>): Promise<DeliveryRow[]> {
    let query = this.database.query
      .selectFrom('webhooks')
      .select([...COMMON, 'next_at'])
      .where('tenant', '=', tenant);
    if (endUser !== undefined) query = query.where(endUserOfRun, '=', endUser);
    if (after) {
      query = query.where((row) => row(row.refTuple('created_at', 'run_id'), '<', row.tuple(after.at, after.id)));
    }
    const rows = await query.orderBy('created_at', 'desc').orderBy('run_id', 'desc').limit(limit).execute();
    return rows.map((row) => Object.assign(row, { status: 'pending' as const }));
  }

  async #finished(
    status: WebhookDeliveryTable['status'],
    { tenant, endUser, limit, after }: Omit<DeliveryFilter, 'status'>,
  ): Promise<DeliveryRow[]> {
    let query = this.database.query
      .selectFrom('webhook_deliveries')
      .select([...COMMON, 'status', 'finished_at'])
      .where('tenant', '=', tenant)
      .where('status', '=', status);
    if (endUser !== undefined) query = query.where('end_user', '=', endUser);
    if (after) {
      query = query.where((row) => row(row.refTuple('created_at', 'run_id'), '<', row.tuple(after.at, after.id)));
    }
    return await query.orderBy('created_at', 'desc').orderBy('run_id', 'desc').limit(limit).execute();
  }
}

/** The end user of the run of a webhook; null if the run was removed. */
function endUserOfRun(of: ExpressionBuilder<Schema, 'webhooks'>) {
  const id = of.fn.coalesce('webhooks.task_id', 'webhooks.run_id');
  return of.selectFrom('runs').select('end_user').where('runs.run_id', '=', id);
}

/** The newest first. */
function byAge(one: DeliveryRow, other: DeliveryRow): number {
  return other.created_at - one.created_at || (one.run_id < other.run_id ? 1 : -1);
}
