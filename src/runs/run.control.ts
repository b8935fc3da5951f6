import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Transaction } from 'kysely';
import type { Owner } from '../auth/principal.js';
import { AgentError, ignoring } from '../errors/agent.error.js';
import type { SessionKey } from '../sessions/sessions.repository.js';
import { Broadcast } from '../storage/broadcast.js';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { EventLog } from './event.log.js';
import { lockedRun } from './locked.run.js';
import { Openings } from './openings.js';
import type { Decision } from './run.approvals.js';
import type { EventFrame } from './run.events.js';
import { cancellationOf, isOver, type RunRow } from './run.row.js';
import { Replica } from './replica.js';
import type { Run } from './run.js';
import { RunsRepository } from './runs.repository.js';

const TOPIC = 'control';
/** How long an erasure waits for the runs that it has cancelled, on whichever replica they are. */
const LAST_WORDS_MS = 5000;
const LOOK_AGAIN_MS = 50;
/** It has ended meanwhile. If it could not be cancelled for another reason, its rows must stay. */
const IF_OVER = ignoring('run_not_found', 'task_already_finished');

/** A tool call that waits: both ids come with `approval.required`. */
export interface ApprovalKey {
  readonly runId: string;
  readonly approvalId: string;
}

/** How a run stands after somebody has reached into it. */
export interface RunState {
  readonly run_id: string;
  readonly status: RunRow['status'];
}

interface Cancelling {
  readonly failure: AgentError;
  readonly transaction: Transaction<Schema>;
}

/** A run after its cancellation, and its last event if it has ended with it. */
interface Cancelled {
  readonly run: RunRow;
  readonly frame?: EventFrame | undefined;
}

/** What the replicas tell one another of runs; all of it is stored as well. */
type ControlMessage =
  | { readonly type: 'cancelled'; readonly runId: string; readonly reason: string }
  | ({ readonly type: 'decided' } & ApprovalKey & Decision)
  | { readonly type: 'watched'; readonly runId: string };

/** Reaching into runs, whichever replica holds them: what is asked is stored, and the holder told. */
@Injectable()
export class RunControl implements OnApplicationShutdown {
  readonly #logger = new Logger(RunControl.name);
  readonly #running = new Map<string, Run>();
  /** Those that run, and those whose end this process still has to store. */
  readonly #held = new Map<string, Run>();
  /** The claimed tasks that do not run yet. */
  readonly openings = new Openings();
  readonly #queuedListeners: ((runId: string) => void)[] = [];
  readonly #freeListeners: ((key: SessionKey) => void)[] = [];
  readonly #watchedListeners = new Map<string, () => void>();
  readonly #ends: (() => void)[];

  // oxlint-disable-next-line max-params -- injected
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly broadcast: Broadcast,
    private readonly replica: Replica,
  ) {
    this.#ends = [
      broadcast.subscribe(TOPIC, (message) => this.#hear(message)),
      broadcast.onGap(() => void this.look()),
    ];
  }

  /** The runs that are under way in this process. */
  get running(): readonly Run[] {
    return [...this.#running.values()];
  }

  /** The ids of the runs that this process has still something to write of. */
  get held(): ReadonlySet<string> {
    return new Set([...this.#held.keys(), ...this.openings.ids]);
  }

  hold(run: Run): void {
    this.#running.set(run.id, run);
    this.#held.set(run.id, run);
    void this.#untilEnded(run);
    void this.#untilClosed(run);
  }

  async #untilEnded(run: Run): Promise<void> {
    await run.ended;
    remove(this.#running, run);
    this.free(run.session);
  }

  async #untilClosed(run: Run): Promise<void> {
    await run.closed;
    remove(this.#held, run);
  }

  /** Says that a run can go on, or be tried anew. */
  offer(runId: string): void {
    for (const listener of this.#queuedListeners) listener(runId);
  }

  /** Says that no run holds the session any more. */
  free(key: SessionKey): void {
    for (const listener of this.#freeListeners) listener(key);
  }

  /** Calls back whenever a run has let go of its session. */
  onFree(listener: (key: SessionKey) => void): void {
    this.#freeListeners.push(listener);
  }

  /** The run of this process that holds the session. */
  holderOf({ tenant, session_id }: SessionKey): Run | undefined {
    return this.running.find(({ session }) => session.tenant === tenant && session.session_id === session_id);
  }

  /** Calls back when a run is queued again. */
  onQueued(listener: (runId: string) => void): void {
    this.#queuedListeners.push(listener);
  }

  /** Calls back whenever somebody says, on any replica, that he watches the run. Returns what ends it. */
  onWatched(runId: string, listener: () => void): () => void {
    this.#watchedListeners.set(runId, listener);
    return () => this.#watchedListeners.delete(runId);
  }

  /** Says on every replica that somebody watches the run. */
  watch(runId: string): void {
    this.#tell({ type: 'watched', runId });
  }

  /**
   * Cancels a run. What does not run ends at once, what runs as soon as its holder hears of it; a late completion
   * changes nothing.
   *
   * @throws AgentError `run_not_found`, or `task_already_finished` where it completed or failed.
   */
  async cancel(runId: string, owner: Owner, reason?: string): Promise<RunState> {
    const failure = new AgentError('run_cancelled', reason === undefined ? {} : { detail: reason });
    const cancelled = await this.database.write((transaction) => this.#cancel(runId, owner, { failure, transaction }));
    if (cancelled === undefined) throw new AgentError('run_not_found');
    const { run, frame } = cancelled;
    if (frame) this.log.show(runId, [frame]);
    if (run.status === 'running')
      this.#tell({ type: 'cancelled', runId, reason: run.cancel_reason ?? failure.message });
    else if (run.status !== 'cancelled') throw new AgentError('task_already_finished');
    else this.free(run);
    return { run_id: runId, status: run.status };
  }

  /**
   * Ends a run that no process holds. Marks one that runs: it can only end as cancelled then.
   * The lock comes first, because another replica may let the run rest at this moment.
   */
  async #cancel(runId: string, owner: Owner, { failure, transaction }: Cancelling): Promise<Cancelled | undefined> {
    const run = await lockedRun(runId, owner, transaction);
    if (run === undefined || isOver(run)) return run && { run };
    // The first reason stands.
    const cancellation = cancellationOf(run) ?? failure;
    const cancelled = { ...run, cancel_reason: cancellation.message };
    if (run.status !== 'running') {
      const frame = await this.runs.endIdle(run, cancellation, transaction);
      return { run: { ...cancelled, status: 'cancelled' }, frame };
    }
    await transaction
      .updateTable('runs')
      .set({ cancel_reason: cancellation.message })
      .where('run_id', '=', runId)
      .execute();
    return { run: cancelled };
  }

  /** A decision is stored: whoever waits for it is told, and a run that rested can go on. */
  decided(key: ApprovalKey, decision: Decision, status: RunRow['status']): void {
    this.#tell({ type: 'decided', ...key, ...decision });
    if (status === 'queued') this.offer(key.runId);
  }

  /** Cancels all runs of a session and waits for their end. True: there were any. */
  async cancelSession({ tenant, session_id }: SessionKey, reason: string): Promise<boolean> {
    const open = (): Promise<Pick<RunRow, 'run_id'>[]> =>
      this.database.query
        .selectFrom('runs')
        .select('run_id')
        .where('tenant', '=', tenant)
        .where('session_id', '=', session_id)
        .where('finished_at', 'is', null)
        .execute();
    const found = await open();
    for (const { run_id } of found) await this.cancel(run_id, { tenant }, reason).catch(IF_OVER);
    const deadline = performance.now() + LAST_WORDS_MS;
    while (found.length > 0 && performance.now() < deadline && (await open()).length > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, LOOK_AGAIN_MS);
      const holder = this.holderOf({ tenant, session_id });
      await Promise.race([promise, ...(holder ? [holder.ended] : [])]);
    }
    return found.length > 0;
  }

  /** Finds by reading what this process may not have been told of its runs. */
  async look(): Promise<void> {
    if (this.#running.size === 0) return;
    try {
      const cancelled = await this.database.query
        .selectFrom('runs')
        .select(['run_id', 'cancel_reason'])
        .where('owner', '=', this.replica.id)
        .where('status', '=', 'running')
        .where('finished_at', 'is', null)
        .where('cancel_reason', 'is not', null)
        .execute();
      for (const { run_id, cancel_reason } of cancelled) {
        this.#apply({ type: 'cancelled', runId: run_id, reason: cancel_reason ?? '' });
      }
      for (const run of this.running) await this.#lookForDecisions(run);
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'could not look after the runs' });
    }
  }

  onApplicationShutdown(): void {
    for (const end of this.#ends) end();
  }

  async #lookForDecisions({ id, approvals }: Run): Promise<void> {
    if (approvals.open.length === 0) return;
    const decided = await this.database.query
      .selectFrom('approvals')
      .select(['approval_id', 'decision', 'reason'])
      .where('run_id', '=', id)
      .where('decision', 'is not', null)
      .execute();
    for (const { approval_id, decision, reason } of decided) {
      if (decision) approvals.decide(approval_id, { decision, reason: reason ?? undefined });
    }
  }

  #tell(message: ControlMessage): void {
    this.broadcast.publish(TOPIC, JSON.stringify(message));
  }

  #hear(text: string): void {
    const message: ControlMessage = JSON.parse(text);
    this.#apply(message);
  }

  #apply(message: ControlMessage): void {
    switch (message.type) {
      case 'cancelled':
        this.#abort(message.runId, new AgentError('run_cancelled', { detail: message.reason }));
        break;
      case 'decided':
        this.#running.get(message.runId)?.approvals.decide(message.approvalId, message);
        break;
      case 'watched':
        this.#watchedListeners.get(message.runId)?.();
        break;
    }
  }

  #abort(runId: string, reason: AgentError): void {
    this.openings.abort(runId, reason);
    this.#running.get(runId)?.abort(reason);
  }
}

/** A later attempt at the run may have taken its place. */
function remove(runs: Map<string, Run>, run: Run): void {
  if (runs.get(run.id) === run) runs.delete(run.id);
}
