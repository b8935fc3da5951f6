import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { coalesce } from '../../async/coalesce.js';
import type { Owner, Principal } from '../../auth/principal.js';
import { AgentError, ignoreCodes } from '../../errors/agent.error.js';
import type { ErasedKey, SessionKey } from '../../sessions/session.key.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { Database } from '../../storage/database.js';
import { Switches } from '../../switches/switches.js';
import { EventLog } from '../events/event.log.js';
import { type ApprovalKey, type ControlMessage, readControlMessage } from './control.message.js';
import { runningRuns } from './locked.run.js';
import { storeCancellation } from './run.cancellation.js';
import { AttemptPreparations } from './attempt.preparations.js';
import type { Decision } from '../journal/run.approvals.js';
import { storeDecision } from '../journal/run.decisions.js';
import type { RunRow } from '../run.row.js';
import { ReplicaId } from './replica.id.js';
import type { Run } from '../run.js';
import { RunsRepository } from '../runs.repository.js';
import type { RequestIds } from '../../http/http.types.js';

const TOPIC = 'control';
/** How long an erasure waits for its cancelled runs on all replicas. */
const DRAIN_TIMEOUT_MS = 5000;
const POLL_INTERVAL_MS = 50;
const READ_FAILED = 'failed to read cancellations and decisions; retrying';
/** Ignores that a run has ended meanwhile. After any other failure its rows must stay. */
const ignoreEndedRun = ignoreCodes('run_not_found', 'task_already_finished');

/** The status of a run after a decision or a cancellation. */
export interface RunState {
  /** The id of the run. */
  readonly run_id: string;
  /** `waiting_approval` and `queued` occur only for tasks. */
  readonly status: RunRow['status'];
}

/** Cancels runs and delivers decisions on any replica: stores the request, then notifies the replica of the run. */
@Injectable()
export class RunControl implements OnApplicationShutdown {
  readonly #logger = new Logger(RunControl.name);
  readonly #running = new Map<string, Run>();
  /** Active runs, and runs whose end this process still has to store. */
  readonly #held = new Map<string, Run>();
  /** Claimed tasks that do not run yet. */
  readonly preparations = new AttemptPreparations();
  readonly #queuedListeners: ((runId: string) => void)[] = [];
  readonly #releasedListeners: ((key: SessionKey) => void)[] = [];
  readonly #readerListeners = new Map<string, () => void>();
  readonly #unsubscribes: (() => void)[];
  readonly #reconcileSoon = coalesce(() => this.reconcile());

  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly pubsub: PubSub,
    private readonly replica: ReplicaId,
    private readonly switches: Switches,
  ) {
    this.#unsubscribes = [
      pubsub.subscribe(TOPIC, (message, isVerified) => this.#onMessage(message, isVerified)),
      pubsub.onReconnect(() => void this.reconcile()),
    ];
  }

  /** The active runs of this process. */
  get running(): readonly Run[] {
    return [...this.#running.values()];
  }

  /** The ids of the runs that this process still has to write. */
  get heldIds(): ReadonlySet<string> {
    return new Set([...this.#held.keys(), ...this.preparations.ids]);
  }

  register(run: Run): void {
    this.#running.set(run.id, run);
    this.#held.set(run.id, run);
    void this.#untilEnded(run);
    void run.closed.then(() => remove(this.#held, run));
  }

  async #untilEnded(run: Run): Promise<void> {
    await run.ended;
    remove(this.#running, run);
    this.announceReleased(run.session);
  }

  /** Announces that a queued run can start. */
  announceQueued(runId: string): void {
    for (const listener of this.#queuedListeners) listener(runId);
  }

  /** Announces that the session may be free. A suspended or requeued task still holds it. */
  announceReleased(key: SessionKey): void {
    for (const listener of this.#releasedListeners) listener(key);
  }

  /** Calls back when a session may be free. */
  onReleased(listener: (key: SessionKey) => void): void {
    this.#releasedListeners.push(listener);
  }

  /** The run of this process that holds the session. */
  holderOf({ tenant, session_id }: SessionKey): Run | undefined {
    return this.running.find(({ session }) => session.tenant === tenant && session.session_id === session_id);
  }

  /** Calls back when a run is queued again. */
  onQueued(listener: (runId: string) => void): void {
    this.#queuedListeners.push(listener);
  }

  /** Calls back when a client announces on any replica that it reads the run. Returns the unsubscribe function. */
  onReader(runId: string, listener: () => void): () => void {
    this.#readerListeners.set(runId, listener);
    return () => this.#readerListeners.delete(runId);
  }

  /** Announces on all replicas that a client reads the run. */
  announceReader(runId: string): void {
    this.#publish({ type: 'watched', runId });
  }

  /**
   * Cancels a run. An idle run ends at once; an active run ends when its replica receives the message. A late
   * completion has no effect.
   *
   * @throws AgentError `run_not_found`, or `task_already_finished` if it completed or failed.
   */
  async cancel(runId: string, owner: Owner, reason?: string): Promise<RunState> {
    const cancelled = await storeCancellation(this.database, this.runs, { runId, owner, reason });
    if (cancelled === undefined) throw new AgentError('run_not_found');
    const { run, finalEvent } = cancelled;
    if (finalEvent) this.log.publish(runId, [finalEvent]);
    if (run.status === 'running') this.#publish({ type: 'cancelled', runId, reason: run.cancel_reason ?? '' });
    else if (run.status !== 'cancelled') throw new AgentError('task_already_finished');
    else this.announceReleased(run);
    return { run_id: runId, status: run.status };
  }

  /**
   * Approves or rejects a pending tool call. Only the first decision counts. A repeat of it by the same principal
   * resolves to the current state.
   *
   * @throws AgentError `stopped`, `run_not_found`, `not_found`, `approval_already_decided`, `approval_expired`,
   * `approval_by_requester` or `task_already_finished`.
   */
  async decide(
    key: ApprovalKey,
    decision: Decision,
    principal: Principal,
    requestId?: string | RequestIds,
  ): Promise<RunState> {
    this.switches.assertRunning(principal.tenant);
    const { status, isRepeat } = await storeDecision(this.database, { key, decision, principal, requestId });
    if (!isRepeat) this.#publish({ type: 'decided', ...key, ...decision });
    if (status === 'queued' && !isRepeat) this.announceQueued(key.runId);
    return { run_id: key.runId, status };
  }

  /** Ends a task whose attempt could not begin. If somebody cancelled it meanwhile, it ends as cancelled. */
  async endClaimed(row: RunRow, failure: AgentError): Promise<void> {
    await this.runs.endClaimed(row, failure);
    this.announceReleased(row);
  }

  /**
   * Cancels all runs of a session, or those of one end user in it, and waits for their end. True if there was one.
   */
  async cancelSession({ tenant, session_id, endUser }: ErasedKey, reason: string): Promise<boolean> {
    let runs = this.database.query
      .selectFrom('runs')
      .select('run_id')
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .where('finished_at', 'is', null);
    // With `=` SQLite would search all runs of the end user.
    if (endUser !== undefined) runs = runs.where('end_user', 'is not distinct from', endUser);
    const found = await runs.execute();
    for (const { run_id } of found) await this.cancel(run_id, { tenant }, reason).catch(ignoreEndedRun);
    const deadline = performance.now() + DRAIN_TIMEOUT_MS;
    while (found.length > 0 && performance.now() < deadline && (await runs.execute()).length > 0) {
      const holder = this.holderOf({ tenant, session_id });
      await Promise.race([sleep(POLL_INTERVAL_MS), ...(holder ? [holder.ended] : [])]);
    }
    return found.length > 0;
  }

  /** Reads cancellations and decisions from the database, because their messages may be lost. */
  async reconcile(): Promise<void> {
    if (this.#running.size + this.preparations.ids.length === 0) return;
    try {
      const cancelled = await runningRuns(this.database.query)
        .select(['run_id', 'cancel_reason'])
        .where('owner', '=', this.replica.id)
        .where('cancel_reason', 'is not', null)
        .execute();
      for (const { run_id, cancel_reason } of cancelled) this.#cancelHere(run_id, cancel_reason ?? '');
      for (const run of this.running) await this.#readDecisions(run);
    } catch (cause) {
      this.#logger.debug({ cause, msg: READ_FAILED });
    }
  }

  onApplicationShutdown(): void {
    for (const end of this.#unsubscribes) end();
  }

  async #readDecisions({ id, approvals }: Run): Promise<void> {
    if (approvals.waitingIds.length === 0) return;
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

  #publish(message: ControlMessage): void {
    this.pubsub.publish(TOPIC, JSON.stringify(message));
  }

  /** A message is a hint: anyone who reaches Redis can send one, and older replicas do not sign theirs. */
  #onMessage(text: string, isVerified: boolean): void {
    const message = readControlMessage(text);
    switch (message?.type) {
      case undefined:
        return;
      case 'cancelled':
        if (isVerified) return this.#cancelHere(message.runId, message.reason);
        return this.heldIds.has(message.runId) ? this.#reconcileSoon() : undefined;
      case 'decided':
        return this.#onDecided(message.runId, isVerified);
      case 'watched':
        return this.#readerListeners.get(message.runId)?.();
    }
  }

  /** Strangers may send any number of messages: these share one read. The heartbeat repeats a failed one. */
  #onDecided(runId: string, isVerified: boolean): void {
    const run = this.#running.get(runId);
    if (run === undefined) return;
    if (!isVerified) return this.#reconcileSoon();
    this.#readDecisions(run).catch((cause: unknown) => this.#logger.debug({ cause, msg: READ_FAILED }));
  }

  #cancelHere(runId: string, detail: string): void {
    const reason = new AgentError('run_cancelled', { detail });
    this.preparations.abort(runId, reason);
    this.#running.get(runId)?.abort(reason);
  }
}

/** Keeps the entry if it belongs to a later attempt at the run. */
function remove(runs: Map<string, Run>, run: Run): void {
  if (runs.get(run.id) === run) runs.delete(run.id);
}
