import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { Owner } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { SessionKey } from '../sessions/session.key.js';
import { eraseRuns } from '../sessions/session.deletion.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { StorageQuota } from '../usage/quotas/storage.quota.js';
import { type BeginOptions, type BeginResult, storeNew } from './admission/new.run.js';
import { EventLog } from './events/event.log.js';
import { AttemptLost } from './events/event.writer.js';
import { findKey, freesKey, releaseKey, type IdempotencyKey } from './idempotency.js';
import { closeApprovals } from './journal/run.approvals.js';
import { ReplicaId } from './recovery/replica.id.js';
import { findRun, lockedRun } from './recovery/locked.run.js';
import type { Run } from './run.js';
import type { StoredEvent } from './events/run.events.js';
import { cancellationOf, failureColumns, finalEventOf, hasEvents, isCancellation, type RunRow } from './run.row.js';
import {
  DELETE_STEPS,
  END_RUN,
  endColumnsOf,
  lastEventOf,
  openCallsIn,
  type RunEnd,
  sessionRowOf,
  textsOf,
  turnOf,
} from './journal/run.end.js';
import { RunUsage } from './run.usage.js';

/** `stored`; `lost`: the attempt no longer owns the run; else the run was cancelled meanwhile. */
export type Ended = 'stored' | 'lost' | { readonly cancelReason: string };

type EndListener = (run: RunRow, transaction: Transaction<Schema>) => Promise<void>;

/** Stores runs: their requests, owners, results and costs. */
@Injectable()
export class RunsRepository {
  readonly #endListeners: EndListener[] = [];

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly log: EventLog,
    private readonly usage: RunUsage,
    private readonly replica: ReplicaId,
    private readonly quota: StorageQuota,
  ) {}

  /** Stores a new run and claims its session and its key, all or nothing. This process owns it if it is running. */
  async begin(planned: RunRow, key?: IdempotencyKey, options: BeginOptions = {}): Promise<BeginResult> {
    const { log, replica } = this;
    const row = planned.status === 'running' ? { ...planned, owner: replica.id } : planned;
    const durability = row.kind === 'task' ? 'disk' : 'process';
    const run = { ...options, row, key };
    const result = await this.database.write<BeginResult>(
      (transaction) => storeNew(run, { log, replica }, transaction),
      {
        durability,
      },
    );
    if (result === 'begun') this.quota.add(row.tenant, () => [row.request, row.metadata]);
    return result;
  }

  /** Whether an earlier run has the key, and the same request: a repeat gets its result. */
  async isKnown(key: IdempotencyKey | undefined): Promise<boolean> {
    const known = key && (await findKey(key, this.database.query));
    return known !== undefined && known.fingerprint === key?.fingerprint;
  }

  /** Removes a run that was rejected before it started. */
  async remove(runId: string, isKeyed: boolean): Promise<void> {
    await this.database.write(
      async (transaction) => {
        await transaction.deleteFrom('runs').where('run_id', '=', runId).execute();
        // If the removal is a retry, the run may have ended meanwhile, with an event.
        await transaction.deleteFrom('events').where('run_id', '=', runId).execute();
        if (isKeyed) await releaseKey(runId, transaction);
      },
      { durability: 'process' },
    );
    this.log.publishGap(runId);
  }

  /** Stores the end of the run, its usage, its last event and its turn in the session, all or nothing. */
  async end(run: Run, end: RunEnd): Promise<Ended> {
    const { id, events, context } = run;
    const failure = 'failure' in end ? end.failure : undefined;
    const isCancelled = failure !== undefined && isCancellation(failure);
    const isFree = failure !== undefined && freesKey(failure, run.journal.hasEffects);
    const finishedAt = Date.now();
    const values = endColumnsOf(run, end, finishedAt);
    const spent = run.spending.entries;
    const messages = 'outcome' in end && context.isUnstored !== true ? turnOf(run, end.transcript) : undefined;
    const storedEvents = events?.finalEvents(lastEventOf(run, end)) ?? [];
    const ended = await this.database.write(
      async (transaction): Promise<Ended> => {
        const isSessionKept = await this.sessions.isAsOpened(transaction, run.session);
        if (!(await END_RUN.expect(transaction, ...values, id, run.attempt, isCancelled ? 1 : 0))) {
          return await this.#refusalReason(run, transaction);
        }
        if (!isSessionKept) {
          // The run began while another replica erased its session, so it is erased too.
          await eraseRuns([id], transaction);
          return 'lost';
        }
        if (messages) {
          const more = { calls: openCallsIn(end), fork: run.session.fork };
          await this.sessions.append(transaction, sessionRowOf(run), messages, more);
        }
        await this.usage.add(run, spent, transaction);
        if (run.approvals.hasRequested) await closeApprovals(id, transaction);
        // A task keeps its key: the first answer was that the task is accepted.
        if (isFree && context.isKeyed && context.kind !== 'task') await releaseKey(id, transaction);
        await this.log.store(id, storedEvents, transaction);
        if (context.kind === 'task') {
          if ('outcome' in end) await DELETE_STEPS.execute(transaction, id);
          await this.#announce(id, transaction);
        }
        return 'stored';
      },
      { durability: 'outcome' in end || context.kind === 'task' ? 'disk' : 'process' },
    );
    if (ended === 'stored') {
      run.finishedAt = finishedAt;
      this.log.publish(id, storedEvents);
      this.quota.add(run.session.tenant, () => textsOf(values, messages, storedEvents));
    }
    return ended;
  }

  /** Ends a run that no process holds and that the transaction has locked. Returns its last event for publication. */
  async endIdle(run: RunRow, failure: AgentError, transaction: Transaction<Schema>): Promise<StoredEvent | undefined> {
    const { run_id: id, kind } = run;
    const cancelReason = isCancellation(failure) ? failure.message : run.cancel_reason;
    await transaction
      .updateTable('runs')
      .set({ ...failureColumns(run, failure), owner: null, cancel_reason: cancelReason })
      .where('run_id', '=', id)
      .execute();
    await closeApprovals(id, transaction);
    if (freesKey(failure, run.has_effects === 1) && kind !== 'task') await releaseKey(id, transaction);
    const event = finalEventOf(failure, run.request_id);
    const finalEvent = hasEvents(run) ? await this.log.storeNext(id, event, transaction) : undefined;
    if (kind === 'task') {
      await this.usage.addSteps(run, transaction);
      await this.#announce(id, transaction);
    }
    return finalEvent;
  }

  /** Records that a tool has begun that must not be repeated. @throws AttemptLost if the attempt is no longer current. */
  async markEffects({ id, attempt }: Run): Promise<void> {
    const { numUpdatedRows } = await this.database.write((transaction) =>
      transaction
        .updateTable('runs')
        .set({ has_effects: 1 })
        .where('run_id', '=', id)
        .where('attempt', '=', attempt)
        .where('status', '=', 'running')
        .executeTakeFirst(),
    );
    if (numUpdatedRows === 0n) throw new AttemptLost();
  }

  /** Removes rows that an attempt wrote while another replica erased its session. */
  async deleteRecords(runId: string): Promise<void> {
    await this.database.write(async (transaction) => {
      for (const table of ['events', 'steps', 'approvals'] as const) {
        await transaction.deleteFrom(table).where('run_id', '=', runId).execute();
      }
    });
  }

  /** Ends a run whose attempt could not begin, or could not store its end. If somebody cancelled it meanwhile, it ends as cancelled. */
  async endClaimed(
    { run_id, tenant, attempt }: Pick<RunRow, 'run_id' | 'tenant' | 'attempt'>,
    failure: AgentError,
  ): Promise<void> {
    const finalEvent = await this.database.write(async (transaction) => {
      const run = await lockedRun(run_id, { tenant }, transaction);
      if (run?.status !== 'running' || run.attempt !== attempt) return undefined;
      return await this.endIdle(run, cancellationOf(run) ?? failure, transaction);
    });
    if (finalEvent) this.log.publish(run_id, [finalEvent]);
  }

  /** The release of the run no longer exists: stores the one that it continues with. */
  async storeRelease({ run_id, attempt }: RunRow, release: string): Promise<void> {
    await this.database.write((transaction) =>
      transaction
        .updateTable('runs')
        .set({ release })
        .where('run_id', '=', run_id)
        .where('attempt', '=', attempt)
        .where('status', '=', 'running')
        .execute(),
    );
  }

  /** The run that holds the session. */
  async findHolder({ tenant, session_id }: SessionKey): Promise<Pick<RunRow, 'run_id' | 'end_user'> | undefined> {
    return await this.database.query
      .selectFrom('runs')
      .select(['run_id', 'end_user'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      // A literal: SQLite would not use the partial index for a parameter.
      .where('holds_session', '=', sql.lit(1))
      .executeTakeFirst();
  }

  find(runId: string, owner: Owner): Promise<RunRow | undefined> {
    return findRun(runId, owner, this.database.query);
  }

  /** Calls back in the commit that ends a task. */
  onEnd(listener: EndListener): void {
    this.#endListeners.push(listener);
  }

  async #announce(runId: string, transaction: Transaction<Schema>): Promise<void> {
    if (this.#endListeners.length === 0) return;
    const row = await transaction.selectFrom('runs').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();
    for (const listener of this.#endListeners) await listener(row, transaction);
  }

  async #refusalReason({ id, attempt }: Run, transaction: Transaction<Schema>): Promise<Ended> {
    const row = await transaction
      .selectFrom('runs')
      .select(['status', 'attempt', 'cancel_reason'])
      .where('run_id', '=', id)
      .executeTakeFirst();
    const isMine = row?.status === 'running' && row.attempt === attempt;
    return isMine && row.cancel_reason !== null ? { cancelReason: row.cancel_reason } : 'lost';
  }
}
