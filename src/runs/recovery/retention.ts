import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sql } from 'kysely';
import { AgentError } from '../../errors/agent.error.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { Database } from '../../storage/database.js';
import { BudgetsRepository } from '../../usage/budgets.repository.js';
import { UsageRepository } from '../../usage/usage.repository.js';
import { isExpired } from '../idempotency.js';
import { RunsModuleOptions } from '../runs.options.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long an undelivered webhook outlives its run: the time of its retries and a day of downtime. */
const WEBHOOK_MS = 2 * DAY_MS;
/** Rows per commit, so that other writers do not wait long. */
const BATCH = 200;

/**
 * Removes expired data once an hour. Finishes erasures that a crash or a reader of the database file left unfinished.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(Retention.name);
  readonly #timers: NodeJS.Timeout[] = [];
  #isStopped = false;
  /** A reader of the database file keeps erased data in the log. A sweep does not wait for it in every batch. */
  #isLogHeld = false;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly options: RunsModuleOptions,
    private readonly usage: UsageRepository,
    private readonly budgets: BudgetsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.#timers.push(
      setInterval(() => void this.sweep(), HOUR_MS),
      setInterval(() => void this.finishErasures(), MINUTE_MS),
    );
    void this.sweep();
  }

  onModuleDestroy(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** @param now epoch milliseconds. */
  async sweep(now = Date.now()): Promise<void> {
    const { runTtlDays, sessionTtlDays } = this.options;
    try {
      await this.usage.compact();
      await this.budgets.removeExpired();
      await this.#inBatches(() => this.#removeKeys(now));
      await this.database.erasures.removeOld(now - DAY_MS);
      if (runTtlDays !== undefined) {
        const before = now - runTtlDays * DAY_MS;
        await this.#inBatches(() => this.#removeRuns(before));
        await this.#inBatches(() => this.#removeWebhooks('webhooks', before - WEBHOOK_MS));
        await this.#inBatches(() => this.#removeWebhooks('webhook_deliveries', before));
      }
      if (sessionTtlDays !== undefined) {
        await this.#removeSessions(now - sessionTtlDays * DAY_MS);
      }
    } catch (cause) {
      this.#logger.warn({ cause, msg: 'failed to remove expired data; the service tries again in an hour' });
    }
    await this.finishErasures();
  }

  /** Waits a few seconds until the log of the database file holds no erased data. Never throws. */
  async finishErasures(): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.database.purge();
      this.#isLogHeld = false;
    } catch (cause) {
      this.#isLogHeld = true;
      // The database has logged why.
      if (cause instanceof AgentError && cause.code === 'storage_unavailable') return;
      this.#logger.warn({ cause, msg: 'failed to finish erasures; the service tries again in a minute' });
    }
  }

  async #inBatches(remove: () => Promise<number>): Promise<void> {
    for (let count = BATCH; count >= BATCH && !this.#isStopped;) {
      count = await remove();
      if (!this.#isLogHeld) await this.finishErasures();
    }
  }

  async #removeKeys(now: number): Promise<number> {
    return await this.database.write(async (transaction) => {
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
    });
  }

  /** Removes runs with their dependent rows. Their messages stay in the sessions. */
  async #removeRuns(before: number): Promise<number> {
    return await this.database.write(async (transaction) => {
      const old = await transaction
        .selectFrom('runs')
        .select('run_id')
        .where('finished_at', '<', before)
        .orderBy('finished_at')
        .limit(BATCH)
        // Each replica sweeps: it leaves the rows that another one deletes at the moment.
        .$if(this.database.dialect === 'postgres', (query) => query.forUpdate().skipLocked())
        .execute();
      const ids = old.map(({ run_id }) => run_id);
      if (ids.length === 0) return 0;
      await this.database.erasures.add(transaction);
      for (const table of ['events', 'steps', 'approvals', 'idempotency_keys', 'runs'] as const) {
        await transaction.deleteFrom(table).where('run_id', 'in', ids).execute();
      }
      return ids.length;
    });
  }

  async #removeWebhooks(table: 'webhooks' | 'webhook_deliveries', before: number): Promise<number> {
    return await this.database.write(async (transaction) => {
      const old = transaction.selectFrom(table).select('run_id').where('created_at', '<', before).limit(BATCH);
      const { numDeletedRows } = await transaction.deleteFrom(table).where('run_id', 'in', old).executeTakeFirst();
      if (numDeletedRows > 0n) await this.database.erasures.add(transaction);
      return Number(numDeletedRows);
    });
  }

  /**
   * Removes sessions tenant by tenant, because their index begins with the tenant. An index of times alone would add a
   * write to every turn.
   */
  async #removeSessions(before: number): Promise<void> {
    for (let tenant = await this.#tenantAfter(''); tenant !== null; tenant = await this.#tenantAfter(tenant)) {
      const current = tenant;
      await this.#inBatches(() => this.#removeSessionsOf(current, before));
      if (this.#isStopped) return;
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

  /** Removes sessions without an active run. */
  async #removeSessionsOf(tenant: string, before: number): Promise<number> {
    const old = await this.database.query
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
    for (const key of old) await this.sessions.expire(key, before);
    return old.length;
  }
}
