import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, type NotNull, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely';
import { isRevokedCaller } from '../../auth/key.revocation.js';
import { ReplicaId } from '../../runs/recovery/replica.id.js';
import { parseStoredRequest } from '../../runs/journal/stored.request.js';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { WebhookTable } from '../../storage/tables/webhook.schema.js';
import type { TraceHeaders } from '../../telemetry/spans.js';
import { SLOTS } from './delivery.slots.js';
import { dueByTenant } from './due.query.js';
import { WebhookSchedule } from './webhook.schedule.js';

/** Rows per commit. Small commits keep other writes from waiting. */
const BATCH = 200;

export type WebhookRow = Selectable<WebhookTable>;
/** A row that this process has claimed for one attempt. */
export type ClaimedWebhook = WebhookRow & { readonly first_tried_at: number; readonly last_tried_at: number };
/** A webhook to enqueue. */
export type NewWebhook = Pick<WebhookRow, 'run_id' | 'tenant' | 'session_id' | 'url' | 'body'> &
  Partial<Pick<WebhookRow, 'created_at' | 'task_id' | 'caller'>>;

/** The outbox of webhooks. A row is written in the commit that causes the webhook. */
@Injectable()
export class WebhooksRepository {
  constructor(
    private readonly database: Database,
    private readonly replica: ReplicaId,
    private readonly schedule: WebhookSchedule,
  ) {}

  get #now(): RawBuilder<number> {
    return this.schedule.clock(this.database);
  }

  async enqueue(transaction: Transaction<Schema>, webhook: NewWebhook): Promise<void> {
    await transaction
      .insertInto('webhooks')
      .values({
        created_at: this.schedule.now(),
        ...webhook,
        host: new URL(webhook.url).host,
        attempts: 0,
        next_at: this.#now,
        claimed_by: null,
        claimed_until: null,
        first_tried_at: null,
        last_tried_at: null,
        last_error: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /**
   * The first due webhook of each tenant that has one, without those to busy hosts. At most one for each slot.
   *
   * @param after the tenant that was served last: the next ones in the order of their names come first.
   */
  async due(after: string, busyHosts: readonly string[]): Promise<WebhookRow[]> {
    const next = await this.#dueAfter(after, busyHosts);
    if (next.length >= SLOTS || after === '') return next;
    const known = new Set(next.map(({ tenant }) => tenant));
    const others = await this.#dueAfter('', busyHosts);
    return [...next, ...others.filter(({ tenant }) => !known.has(tenant))].slice(0, SLOTS);
  }

  async #dueAfter(after: string, busyHosts: readonly string[]): Promise<WebhookRow[]> {
    const { rows } = await dueByTenant({ after, busyHosts, now: this.#now }).execute(this.database.query);
    return rows;
  }

  async count(): Promise<number> {
    const { count } = await this.database.query
      .selectFrom('webhooks')
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Claims a webhook for this process. Returns undefined if another process was faster. */
  async claim(row: WebhookRow): Promise<ClaimedWebhook | undefined> {
    const now = this.#now;
    const claimed = await this.database.write(
      (transaction) =>
        transaction
          .updateTable('webhooks')
          .set({
            attempts: row.attempts + 1,
            claimed_by: this.replica.id,
            claimed_until: sql<number>`${now} + ${sql.lit(this.schedule.claimTtlMs)}`,
            first_tried_at: row.first_tried_at ?? now,
            last_tried_at: now,
          })
          .where('run_id', '=', row.run_id)
          .where('attempts', '=', row.attempts)
          .where((of) => this.#isDue(of))
          .returning(['attempts', 'claimed_by', 'claimed_until', 'first_tried_at', 'last_tried_at'])
          .$narrowType<{ first_tried_at: NotNull; last_tried_at: NotNull }>()
          .executeTakeFirst(),
      { durability: 'process' },
    );
    return claimed && { ...row, ...claimed };
  }

  /**
   * Puts off a batch of the webhooks that the tenant sends to that host. Returns false if none is left.
   *
   * @param dueAt epoch milliseconds by the clock of the database.
   */
  async putOff({ tenant, host }: Pick<WebhookRow, 'tenant' | 'host'>, dueAt: number): Promise<boolean> {
    const { numUpdatedRows } = await this.database.write(
      (transaction) => {
        const due = transaction
          .selectFrom('webhooks')
          .select('run_id')
          .where('tenant', '=', tenant)
          .where('host', '=', host)
          .where('next_at', '<', dueAt)
          .where('claimed_by', 'is', null)
          .limit(BATCH)
          // Another process may put off the same rows.
          .$if(this.database.dialect === 'postgres', (query) => query.forUpdate().skipLocked());
        return transaction
          .updateTable('webhooks')
          .set({ next_at: dueAt })
          .where('run_id', 'in', due)
          .executeTakeFirst();
      },
      { durability: 'process' },
    );
    return numUpdatedRows >= BATCH;
  }

  /** The trace of the request that submitted the task; undefined if the request had no trace or the run was removed. */
  async traceOf({ run_id, task_id }: Pick<WebhookRow, 'run_id' | 'task_id'>): Promise<TraceHeaders | undefined> {
    const run = await this.database.query
      .selectFrom('runs')
      .select('request')
      .where('run_id', '=', task_id ?? run_id)
      .executeTakeFirst();
    return run && parseStoredRequest(run).trace;
  }

  /** Whether the key that submitted the task was revoked, and its tasks were not kept. Its receiver gets nothing more. */
  async isRevoked(row: Pick<WebhookRow, 'run_id' | 'task_id' | 'tenant' | 'caller'>): Promise<boolean> {
    const { query } = this.database;
    const { tenant } = row;
    // The run may be gone.
    const caller = row.caller ?? (await this.#callerOf(row));
    return caller !== undefined && (await isRevokedCaller({ tenant, caller }, query));
  }

  /** For a webhook that an older replica stored. */
  async #callerOf({ run_id, task_id }: Pick<WebhookRow, 'run_id' | 'task_id'>): Promise<string | undefined> {
    const run = await this.database.query
      .selectFrom('runs')
      .select('caller')
      .where('run_id', '=', task_id ?? run_id)
      .executeTakeFirst();
    return run?.caller;
  }

  /** Releases the claim. Without a change, the attempt does not count. */
  async release(
    row: ClaimedWebhook,
    change: Partial<Pick<WebhookRow, 'next_at' | 'attempts' | 'last_error'>> = { attempts: row.attempts - 1 },
  ): Promise<void> {
    await this.database.write(
      (transaction) =>
        transaction
          .updateTable('webhooks')
          .set({ ...change, claimed_by: null, claimed_until: null })
          .where(ofClaim(row))
          .execute(),
      { durability: 'process' },
    );
  }

  /** Whether a webhook is due and not claimed by a live process. */
  #isDue(of: ExpressionBuilder<Schema, 'webhooks'>) {
    const now = this.#now;
    return of.and([
      of('next_at', '<=', now),
      of.or([
        of('claimed_by', 'is', null),
        of('claimed_until', '<=', now),
        of('claimed_by', 'not in', of.selectFrom('replicas').select('replica_id')),
      ]),
    ]);
  }
}

/** A row as long as that claim holds it. A webhook that is sent again counts its attempts anew, at a later time. */
export function ofClaim({ run_id, attempts, first_tried_at }: ClaimedWebhook) {
  return (of: ExpressionBuilder<Schema, 'webhooks'>) => of.and({ run_id, attempts, first_tried_at });
}
