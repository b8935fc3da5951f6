import { Injectable } from '@nestjs/common';
import type { ExpressionBuilder, Selectable, Transaction } from 'kysely';
import { Replica } from '../runs/replica.js';
import { requestOf } from '../runs/stored.request.js';
import { Database } from '../storage/database.js';
import type { Schema, WebhookTable } from '../storage/schema.js';
import type { TraceHeaders } from '../telemetry/spans.js';
import { WebhookPace } from './webhook.pace.js';

export type WebhookRow = Selectable<WebhookTable>;
/** A row that is this process's for one try. */
export type ClaimedWebhook = WebhookRow & { readonly first_tried_at: number };
/** What is to be told, and to whom. */
export type NewWebhook = Pick<WebhookRow, 'run_id' | 'tenant' | 'session_id' | 'url' | 'body'>;

/** The outbox: what is to be posted, written in the commit that ended the task. */
@Injectable()
export class WebhooksRepository {
  constructor(
    private readonly database: Database,
    private readonly replica: Replica,
    private readonly pace: WebhookPace,
  ) {}

  async enqueue(transaction: Transaction<Schema>, webhook: NewWebhook): Promise<void> {
    const now = this.pace.now();
    await transaction
      .insertInto('webhooks')
      .values({
        ...webhook,
        host: new URL(webhook.url).host,
        attempts: 0,
        next_at: now,
        claimed_by: null,
        claimed_until: null,
        first_tried_at: null,
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Those that are due, the longest due first, but for hosts that have enough to do. */
  async due(limit: number, busyHosts: readonly string[]): Promise<WebhookRow[]> {
    let query = this.database.query
      .selectFrom('webhooks')
      .selectAll()
      .where((of) => this.#isDue(of));
    if (busyHosts.length > 0) query = query.where('host', 'not in', busyHosts);
    return await query.orderBy('next_at').limit(limit).execute();
  }

  async count(): Promise<number> {
    const { count } = await this.database.query
      .selectFrom('webhooks')
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Takes one for this process. Undefined where another was quicker. */
  async claim(row: WebhookRow): Promise<ClaimedWebhook | undefined> {
    const now = this.pace.now();
    const claim = {
      attempts: row.attempts + 1,
      claimed_by: this.replica.id,
      claimed_until: now + this.pace.claimMs,
      first_tried_at: row.first_tried_at ?? now,
    };
    const { numUpdatedRows } = await this.database.write(
      (transaction) =>
        transaction
          .updateTable('webhooks')
          .set(claim)
          .where('run_id', '=', row.run_id)
          .where('attempts', '=', row.attempts)
          .where((of) => this.#isDue(of))
          .executeTakeFirst(),
      { durability: 'process' },
    );
    return numUpdatedRows > 0n ? { ...row, ...claim } : undefined;
  }

  /** The trace of the request that submitted the task; undefined: there is none, or its run is no longer kept. */
  async traceOf({ run_id }: Pick<WebhookRow, 'run_id'>): Promise<TraceHeaders | undefined> {
    const run = await this.database.query
      .selectFrom('runs')
      .select('request')
      .where('run_id', '=', run_id)
      .executeTakeFirst();
    return run && requestOf(run).trace;
  }

  /** Lets go of it until `nextAt`. */
  async postpone({ run_id, attempts }: ClaimedWebhook, nextAt: number): Promise<void> {
    await this.#letGo({ run_id, attempts }, { next_at: nextAt });
  }

  /** Lets go of it as if it had not been tried. */
  async release({ run_id, attempts }: ClaimedWebhook): Promise<void> {
    await this.#letGo({ run_id, attempts }, { attempts: attempts - 1 });
  }

  /** Nobody is to be told any more. */
  async remove({ run_id, attempts }: ClaimedWebhook): Promise<void> {
    await this.database.write(
      (transaction) =>
        transaction.deleteFrom('webhooks').where('run_id', '=', run_id).where('attempts', '=', attempts).execute(),
      { durability: 'process' },
    );
  }

  async #letGo(
    { run_id, attempts }: Pick<WebhookRow, 'run_id' | 'attempts'>,
    change: Partial<Pick<WebhookRow, 'next_at' | 'attempts'>>,
  ): Promise<void> {
    await this.database.write(
      (transaction) =>
        transaction
          .updateTable('webhooks')
          .set({ ...change, claimed_by: null, claimed_until: null })
          .where('run_id', '=', run_id)
          .where('attempts', '=', attempts)
          .execute(),
      { durability: 'process' },
    );
  }

  /** Its time has come, and nobody who lives is at it. */
  #isDue(of: ExpressionBuilder<Schema, 'webhooks'>) {
    const now = this.pace.now();
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
