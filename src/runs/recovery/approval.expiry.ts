import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { singleFlight } from '../../async/single.flight.js';
import { AgentError } from '../../errors/agent.error.js';
import { Database } from '../../storage/database.js';
import { loggedCause } from '../../storage/database.unavailable.js';
import type { Schema } from '../../storage/schema.js';
import type { StoredEvent } from '../events/run.events.js';
import { EventLog } from '../events/event.log.js';
import { closeApprovals } from '../journal/run.approvals.js';
import { isOver, type RunRow } from '../run.row.js';
import { RunsModuleOptions } from '../runs.options.js';
import { RunsRepository } from '../runs.repository.js';
import { lockedRun } from './locked.run.js';
import { RunControl } from './run.control.js';

const SWEEP_INTERVAL_MS = 30_000;
const HOUR_MS = 3_600_000;
/** Rows per query. */
const BATCH = 100;

/**
 * Ends the tasks that have waited too long for a decision. Each replica does so; only one ends a task. Completes the
 * approvals that older replicas have stored.
 */
@Injectable()
export class ApprovalExpiry implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(ApprovalExpiry.name);
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly control: RunControl,
    private readonly options: RunsModuleOptions,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = singleFlight(() => this.sweep());
    this.#timer = setInterval(() => void sweep(), SWEEP_INTERVAL_MS);
    void sweep();
  }

  onModuleDestroy(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** Ends all tasks whose approval has expired. Never throws. @param now epoch milliseconds. */
  async sweep(now = Date.now()): Promise<void> {
    const { approvalTimeoutHours } = this.options;
    const before = now - approvalTimeoutHours * HOUR_MS;
    try {
      await this.#addTenants();
      if (approvalTimeoutHours === 0) return;
      for (let count = BATCH; count >= BATCH && !this.#isStopped;) {
        const expired = await this.#expired(before);
        for (const row of expired) await this.#end(row, before);
        count = expired.length;
      }
    } catch (cause) {
      this.#logger.warn({ ...loggedCause(cause), msg: 'failed to end tasks whose approval expired; trying again' });
    }
  }

  async #addTenants(): Promise<void> {
    const { query } = this.database;
    const stored = query.selectFrom('approvals').select('run_id').where('tenant', 'is', null);
    const row = await stored.where('decided_at', 'is', null).limit(1).executeTakeFirst();
    if (row === undefined) return;
    await this.database.write((transaction) =>
      transaction
        .updateTable('approvals')
        .set((of) => ({
          tenant: of.selectFrom('runs').select('runs.tenant').whereRef('runs.run_id', '=', 'approvals.run_id'),
        }))
        .where('tenant', 'is', null)
        .where('decided_at', 'is', null)
        .execute(),
    );
  }

  /** Tasks that run or are queued are left out: they continue, or wait again. */
  async #expired(before: number): Promise<Pick<RunRow, 'run_id' | 'tenant'>[]> {
    return await expiredApprovals(this.database.query, before)
      .innerJoin('runs', 'runs.run_id', 'approvals.run_id')
      .select(['runs.run_id', 'runs.tenant'])
      .where((of) => of.or([of('runs.status', '=', 'waiting_approval'), of('runs.finished_at', 'is not', null)]))
      .orderBy('approvals.created_at')
      .limit(BATCH)
      .execute();
  }

  async #end({ run_id, tenant }: Pick<RunRow, 'run_id' | 'tenant'>, before: number): Promise<void> {
    const ended = await this.database.write((transaction) => this.#endLocked(run_id, tenant, before, transaction));
    if (ended === undefined) return;
    const { run, finalEvent } = ended;
    this.#logger.log({ run_id, msg: 'a task has failed: nobody decided on its tool call in time' });
    if (finalEvent) this.log.publish(run_id, [finalEvent]);
    this.control.announceReleased(run);
  }

  /** Returns undefined if a decision, a cancellation or another replica came first. */
  async #endLocked(
    runId: string,
    tenant: string,
    before: number,
    transaction: Transaction<Schema>,
  ): Promise<{ readonly run: RunRow; readonly finalEvent: StoredEvent | undefined } | undefined> {
    const run = await lockedRun(runId, { tenant }, transaction);
    // A replica of an older release has ended the run.
    if (run && isOver(run)) await closeApprovals(runId, transaction);
    if (run?.status !== 'waiting_approval') return undefined;
    const expired = expiredApprovals(transaction, before).select('tool').where('approvals.run_id', '=', runId);
    const approval = await expired.executeTakeFirst();
    if (approval === undefined) return undefined;
    const hours = this.options.approvalTimeoutHours;
    const detail = `Nobody approved or rejected the call of ${approval.tool} within ${hours} hours.`;
    const finalEvent = await this.runs.endIdle(run, new AgentError('approval_expired', { detail }), transaction);
    return { run, finalEvent };
  }
}

/** The undecided approvals whose time began at `before` or earlier. */
function expiredApprovals(query: Pick<Transaction<Schema>, 'selectFrom'>, before: number) {
  return query
    .selectFrom('approvals')
    .where('approvals.decided_at', 'is', null)
    .where('approvals.created_at', '<=', before)
    .where((of) => of.or([of('approvals.expires_from', 'is', null), of('approvals.expires_from', '<=', before)]));
}
