import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { raceAbort } from '../../async/abortable.js';
import { AgentError } from '../../errors/agent.error.js';
import type { SessionKey } from '../../sessions/session.key.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { Database } from '../../storage/database.js';
import type { Work } from '../../storage/engine.js';
import type { Schema } from '../../storage/schema.js';
import { BudgetsRepository } from '../../usage/budgets.repository.js';
import { UsageCompaction } from '../../usage/usage.compaction.js';
import { isExpired } from '../idempotency.js';
import { RunsModuleOptions } from '../runs.options.js';
import { BATCH, Sweep } from './sweep.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long an undelivered webhook outlives its run: the time of its retries and a day of downtime. */
const WEBHOOK_MS = 2 * DAY_MS;

/**
 * Removes expired data once an hour. Finishes erasures that a crash or a reader of the database file left unfinished.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(Retention.name);
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #stop = new AbortController();
  #sweeping: Promise<void> | undefined;
  /** A reader of the database file keeps erased data in the log. A sweep does not wait for it in every batch. */
  #isLogHeld = false;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly options: RunsModuleOptions,
    private readonly usage: UsageCompaction,
    private readonly budgets: BudgetsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.#timers.push(
      setInterval(() => this.#start(), HOUR_MS),
      setInterval(() => void this.finishErasures(), MINUTE_MS),
    );
    this.#start();
  }

  /** Resolves once the current commit of a sweep is done. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#sweeping;
  }

  #start(): void {
    if (this.#sweeping === undefined) void this.sweep();
  }

  /** Waits for the sweep under way, then sweeps. Never throws. @param now epoch milliseconds. */
  async sweep(now = Date.now()): Promise<void> {
    const earlier = this.#sweeping ?? Promise.resolve();
    const sweeping = earlier.then(() => this.#sweep(now));
    this.#sweeping = sweeping;
    await sweeping;
    if (this.#sweeping === sweeping) this.#sweeping = undefined;
  }

  async #sweep(now: number): Promise<void> {
    const { runTtlDays, sessionTtlDays } = this.options;
    const sweep = new Sweep(this.database, this.#stop.signal);
    try {
      await this.usage.mergeReplicas(now, (work) => sweep.inBatches(work));
      await this.usage.foldMonths(now, (work) => sweep.inBatches(work));
      await this.budgets.removeExpired();
      await this.#remove(sweep, (transaction) => this.#removeKeys(now, transaction));
      await this.database.erasures.removeOld(now - DAY_MS);
      if (runTtlDays !== undefined) {
        const before = now - runTtlDays * DAY_MS;
        await this.#remove(sweep, (transaction) => this.#removeRuns(before, transaction));
        const sent = before - WEBHOOK_MS;
        await this.#remove(sweep, (transaction) => this.#removeWebhooks('webhooks', sent, transaction));
        await this.#remove(sweep, (transaction) => this.#removeWebhooks('webhook_deliveries', before, transaction));
      }
      if (sessionTtlDays !== undefined) await this.#removeSessions(sweep, now - sessionTtlDays * DAY_MS);
      await this.#shrink(sweep);
    } catch (cause) {
      // The database may close while the sweep ends.
      if (this.#stop.signal.aborted) return;
      this.#logger.warn({ cause, msg: 'failed to remove expired data; the service tries again in an hour' });
    }
    await this.finishErasures();
  }

  /** Waits a few seconds until the log of the database file holds no erased data. Never throws. */
  async finishErasures(): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    try {
      await raceAbort(this.database.purge(), signal);
      this.#isLogHeld = false;
    } catch (cause) {
      if (signal.aborted) return;
      this.#isLogHeld = true;
      // The database has logged why.
      if (cause instanceof AgentError && cause.code === 'storage_unavailable') return;
      this.#logger.warn({ cause, msg: 'failed to finish erasures; the service tries again in a minute' });
    }
  }

  /** The file shrinks when its log is moved into it, so the log is emptied as after an erasure. */
  async #shrink(sweep: Sweep): Promise<void> {
    await sweep.inBatches(async (transaction) => {
      const hasShrunk = await this.database.shrink(transaction);
      if (hasShrunk) await this.database.erasures.add(transaction);
      return hasShrunk;
    });
  }

  async #remove(sweep: Sweep, remove: Work<number>): Promise<void> {
    await sweep.inBatches(
      async (transaction) => (await remove(transaction)) >= BATCH,
      () => this.#afterBatch(),
    );
  }

  async #afterBatch(): Promise<void> {
    if (!this.#isLogHeld) await this.finishErasures();
  }

  async #removeKeys(now: number, transaction: Transaction<Schema>): Promise<number> {
    const expired = transaction
      .selectFrom('idempotency_keys')
      .select('run_id')
      .where((of) => isExpired(of, now))
      .limit(BATCH);
    const { numDeletedRows } = await transaction
      .deleteFrom('idempotency_keys')
      .where('run_id', 'in', expired)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  /** Removes runs with their dependent rows. Their messages stay in the sessions. */
  async #removeRuns(before: number, transaction: Transaction<Schema>): Promise<number> {
    const old = await transaction
      .selectFrom('runs')
      .select('run_id')
      .where('finished_at', '<', before)
      .orderBy('finished_at')
      .limit(BATCH)
      // Replicas of the release before do not know the lock of the sweep, and erasures do not need it.
      .$if(this.database.dialect === 'postgres', (query) => query.forUpdate().skipLocked())
      .execute();
    const ids = old.map(({ run_id }) => run_id);
    if (ids.length === 0) return 0;
    await this.database.erasures.add(transaction);
    for (const table of ['events', 'steps', 'approvals', 'idempotency_keys', 'runs'] as const) {
      await transaction.deleteFrom(table).where('run_id', 'in', ids).execute();
    }
    return ids.length;
  }

  async #removeWebhooks(
    table: 'webhooks' | 'webhook_deliveries',
    before: number,
    transaction: Transaction<Schema>,
  ): Promise<number> {
    const old = transaction.selectFrom(table).select('run_id').where('created_at', '<', before).limit(BATCH);
    const { numDeletedRows } = await transaction.deleteFrom(table).where('run_id', 'in', old).executeTakeFirst();
    if (numDeletedRows > 0n) await this.database.erasures.add(transaction);
    return Number(numDeletedRows);
  }

  /**
   * Removes sessions tenant by tenant, because their index begins with the tenant. An index of times alone would add a
   * write to every turn.
   */
  async #removeSessions(sweep: Sweep, before: number): Promise<void> {
    for (let tenant = await this.#tenantAfter(''); tenant !== null; tenant = await this.#tenantAfter(tenant)) {
      for (let count = BATCH; count >= BATCH && !sweep.isOver;) {
        const old = await this.#unusedSessions(tenant, before);
        for (const key of old) await sweep.commit((transaction) => this.sessions.expire(key, before, transaction));
        await this.#afterBatch();
        count = old.length;
      }
      if (sweep.isOver) return;
    }
  }

  /** The next tenant that has sessions. */
  async #tenantAfter(tenant: string): Promise<string | null> {
    const { next } = await this.database.query
      .selectFrom('sessions')
      .select((of) => of.fn.min<string | null>('tenant').as('next'))
      .where('tenant', '>', tenant)
      .executeTakeFirstOrThrow();
    return next;
  }

  /** The sessions without an active run. */
  async #unusedSessions(tenant: string, before: number): Promise<SessionKey[]> {
    return await this.database.query
      .selectFrom('sessions')
      .select(['tenant', 'session_id'])
      .where('tenant', '=', tenant)
      .where('updated_at', '<', before)
      .where((of) =>
        of.not(
          of.exists(
            of
              .selectFrom('runs')
              .select(sql.lit(1).as('one'))
              .whereRef('runs.tenant', '=', 'sessions.tenant')
              .whereRef('runs.session_id', '=', 'sessions.session_id')
              .where('runs.finished_at', 'is', null),
          ),
        ),
      )
      .orderBy('updated_at')
      .limit(BATCH)
      .execute();
  }
}
