import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { prependFirst } from '../async/prepend.first.js';
import { EventLog } from './events/event.log.js';
import type { Decision } from './journal/run.approvals.js';
import type { ApprovalKey } from './recovery/control.message.js';
import { RunControl, type RunState } from './recovery/run.control.js';
import { RunDecisions } from './journal/run.decisions.js';
import { RunEngine } from './run.engine.js';
import type { StoredEvent, RunEvent, RunRequest, RunResponse } from './events/run.events.js';
import { responseOf, type RunOutcome } from './events/run.outcome.js';
import { eventOf } from './events/stored.event.js';
import { RunLimits } from './run.limits.js';
import { failureOf, isOver, outcomeOf, type RunRow } from './run.row.js';
import { RunStarter } from './run.starter.js';
import { RunsRepository } from './runs.repository.js';
import { ShutdownDeadline } from './recovery/shutdown.deadline.js';
import { StreamReaders } from './recovery/stream.readers.js';
import { RunsModuleOptions } from './runs.options.js';
import type { FollowOptions, RunOptions, RunStream } from './agent-runner.types.js';

/**
 * The engine. Every entry point runs agents through it. `AgentModule` provides it.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { AgentRunnerService } from 'rookery';
 *
 * \@Injectable()
 * export class Desk {
 *   constructor(private readonly agents: AgentRunnerService) {}
 *
 *   async answer(message: string) {
 *     const { reply } = await this.agents.run({ message, agent_role: 'assistant', session_id: 'desk' });
 *     return reply;
 *   }
 * }
 */
@Injectable()
export class AgentRunnerService implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly #stopped = new AbortController();
  #ended: Promise<void> | undefined;

  // oxlint-disable-next-line rookery/max-params -- the entry points use these parts of the engine through it
  constructor(
    private readonly starter: RunStarter,
    private readonly engine: RunEngine,
    private readonly control: RunControl,
    private readonly decisions: RunDecisions,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly readers: StreamReaders,
    private readonly limits: RunLimits,
    sessions: SessionsService,
    private readonly options: RunsModuleOptions,
    private readonly shutdown: ShutdownDeadline,
  ) {
    sessions.onErase((key) => control.cancelSession(key, 'The session was deleted.'));
  }

  /** True once the service refuses new runs and lets active ones finish. */
  get isDraining(): boolean {
    return this.limits.isDraining;
  }

  /**
   * Runs an agent and waits for its whole answer. If it fails, the session stays unchanged.
   *
   * @throws AgentError if the run cannot start: `validation_failed`, `session_busy`, `token_budget_exhausted`,
   * `overloaded` or `draining`. If it fails: `guardrail_tripped`, `approval_required`, `model_error`,
   * `model_unavailable`, `agent_timeout` or another code of the table. If `signal` aborts: `client_closed_request`.
   *
   * @example
   * const { reply, session_id } = await runner.run({ message: 'Hello', agent_role: 'assistant' });
   */
  run(request: RunRequest, options: RunOptions = {}): Promise<RunResponse> {
    return this.answer(request, options, () => undefined);
  }

  /**
   * Same as `run`, for an entry point that reports whether the answer or failure is a replay.
   *
   * @param onReplay called with true if an earlier request with the same key ran the agent.
   * @throws AgentError
   *
   * @example
   * const onReplay = (isReplayed: boolean) => console.log({ isReplayed });
   * const { reply } = await runner.answer({ message: 'Hello' }, { idempotencyKey: 'order-4711' }, onReplay);
   */
  async answer(
    request: RunRequest,
    options: RunOptions,
    onReplay: (isReplayed: boolean) => void,
  ): Promise<RunResponse> {
    return responseOf(await this.complete(request, options, onReplay));
  }

  /**
   * Same as `run`, but returns the full outcome.
   *
   * @throws AgentError
   *
   * @example
   * const { output, usage, tool_calls } = await runner.complete({ message: 'Hello' });
   */
  async complete(
    request: RunRequest,
    options: RunOptions = {},
    onReplay: (isReplayed: boolean) => void = () => undefined,
  ): Promise<RunOutcome> {
    const { principal = HOST_PRINCIPAL, idempotencyKey, keySpace } = options;
    const signal = idempotencyKey === undefined ? options.signal : undefined;
    // A stream may repeat this run, so it stores events. It still cannot wait for approvals.
    const kind = idempotencyKey !== undefined && keySpace !== undefined ? 'stream' : 'chat';
    const opened = await this.#open(request, { ...options, signal }, { kind, canWait: false });
    if (!('run' in opened)) {
      const finished = await this.#finishedRun(opened.existingRunId, principal);
      onReplay(true);
      return outcomeOf(finished) ?? raise(failureOf(finished));
    }
    await this.engine.execute(opened);
    return opened.run.result ?? raise(opened.run.failure);
  }

  /**
   * Runs an agent and yields each event as it happens. The first step throws if the run cannot start. A later failure
   * is the last event, `run.failed`. Leaving the loop early cancels a run without an idempotency key.
   *
   * @throws AgentError before the first event; later only `storage_unavailable`, if the database is down for a minute.
   *
   * @example
   * for await (const event of runner.stream({ message: 'Hello' })) {
   *   if (event.type === 'message.delta') process.stdout.write(event.delta);
   *   if (event.type === 'run.failed') console.error(event.error.detail);
   * }
   */
  async *stream(request: RunRequest, options: RunOptions = {}): AsyncGenerator<RunEvent> {
    // A run with a key continues without its caller.
    const { events } = await this.begin(request, options, options.idempotencyKey === undefined ? 0 : Infinity);
    for await (const batch of events ?? []) for (const each of batch) yield eventOf(each);
  }

  /**
   * Same as `stream`, for an entry point whose readers may reconnect. The run continues for `graceMs` after the last
   * reader has left.
   *
   * @param graceMs milliseconds; 0: leaving the stream ends the run. `Infinity`: the run continues.
   * @throws AgentError if the run is rejected.
   *
   * @example
   * const { runId, events } = await runner.begin({ message: 'Hello' }, {}, 10_000);
   * for await (const batch of events ?? []) for (const { data } of batch) console.log(runId, data);
   */
  async begin(
    request: RunRequest,
    options: RunOptions & Pick<FollowOptions, 'after'>,
    graceMs: number,
  ): Promise<RunStream> {
    const { signal, idempotencyKey } = options;
    const endsRun = idempotencyKey === undefined && graceMs === 0;
    const startOptions = { ...options, signal: endsRun ? signal : undefined };
    const opened = await this.#open(request, startOptions, { kind: 'stream', canWait: true });
    if (!('run' in opened)) {
      const runId = opened.existingRunId;
      const { principal, after } = options;
      const events = await this.follow(runId, { principal, after, signal });
      return { runId, isReplayed: true, events, frames: events };
    }
    const { run } = opened;
    const events = this.log.follow(run.id, 0, endsRun ? undefined : signal, true);
    // Subscribes before the run begins, so that no event is missed.
    const first = events.next();
    void this.engine.execute(opened);
    const counted = this.readers.readOwn(run, prependFirst(first, events), graceMs);
    return { runId: run.id, isReplayed: false, events: counted, frames: counted };
  }

  /**
   * Returns the events of a run after a given number: stored ones first, then live ones.
   *
   * @returns undefined if the run is over and has no event after that number.
   * @throws AgentError `run_not_found`, or `validation_failed` if the number is beyond the last event.
   *
   * @example
   * for await (const batch of (await runner.follow('f3b1c1de', { after: 17 })) ?? []) {
   *   for (const { sequence, data } of batch) console.log(sequence, data);
   * }
   */
  async follow(
    runId: string,
    { principal = HOST_PRINCIPAL, after = 0, signal }: FollowOptions = {},
  ): Promise<AsyncIterable<readonly StoredEvent[]> | undefined> {
    const row = await this.runs.find(runId, principal);
    if (row === undefined || row.kind === 'chat') throw new AgentError('run_not_found');
    const last = after === 0 ? 0 : await this.log.lastSequence(runId);
    if (after > last) throw invalidField('after', `The run has no event ${after}: the last one is ${last}.`);
    if (after > 0 && after === last && isOver(row)) return undefined;
    const events = this.log.follow(runId, after, this.#whileServing(signal));
    return row.kind === 'task' ? events : this.readers.readAny(runId, events);
  }

  /**
   * Approves or rejects a pending tool call. Only the first decision counts.
   *
   * @param principal who decides; a run of another tenant is not found.
   * @param requestId stored with the decision in the audit log.
   * @throws AgentError `run_not_found`, `not_found`, `approval_already_decided` or `task_already_finished`.
   *
   * @example
   * for await (const event of runner.stream({ message: 'Refund order A-1001.' })) {
   *   if (event.type !== 'approval.required') continue;
   *   await runner.decide({ runId: event.run_id, approvalId: event.approval_id }, { decision: 'approve' });
   * }
   */
  decide(
    key: ApprovalKey,
    decision: Decision,
    principal: Principal = HOST_PRINCIPAL,
    requestId?: string,
  ): Promise<RunState> {
    return this.decisions.decide(key, decision, principal, requestId);
  }

  /**
   * Cancels a run on any replica, with its provider's socket and its tools.
   *
   * @throws AgentError `run_not_found`, or `task_already_finished` if it completed or failed.
   *
   * @example
   * const { status } = await runner.cancel('f3b1c1de');
   */
  cancel(runId: string, principal: Principal = HOST_PRINCIPAL): Promise<RunState> {
    return this.control.cancel(runId, principal);
  }

  #whileServing(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#stopped.signal]) : this.#stopped.signal;
  }

  /**
   * Calls back when the shutdown begins, or at once if it has begun. New runs are refused from then on. Returns a
   * function that removes the listener.
   *
   * @example
   * runner.onDraining(() => console.log('leaving the load balancer'));
   */
  onDraining(listener: () => void): () => void {
    return this.shutdown.onBegin(listener);
  }

  /** Refuses new runs with `draining`. `AgentModule` has begun the shutdown before. */
  onModuleDestroy(): void {
    this.shutdown.begin();
  }

  /**
   * Lets active runs finish for as long as the settings allow, then ends them. Entry points that keep connections open
   * wait for this too.
   */
  beforeApplicationShutdown(): Promise<void> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<void> {
    const timer = setTimeout(() => {
      for (const run of this.control.running) {
        if (run.context.kind !== 'task') run.abort(new AgentError('draining'));
      }
    }, this.shutdown.leftMs());
    await this.limits.idle();
    clearTimeout(timer);
    // Clients can read the runs of other replicas there.
    this.#stopped.abort();
    await this.engine.settle();
  }

  /** Reserves capacity and opens the run. */
  async #open(request: RunRequest, options: RunOptions, entryPoint: { kind: 'chat' | 'stream'; canWait: boolean }) {
    const { principal = HOST_PRINCIPAL, requestId = randomUUID(), signal, idempotencyKey, keySpace } = options;
    const { timeoutMs } = this.options;
    const command = { request, ...entryPoint, principal, requestId, signal, idempotencyKey, keySpace, timeoutMs };
    return await this.limits.reserve(() => this.starter.open(command));
  }

  /** The run of an earlier request with the same key. @throws AgentError while that run is active. */
  async #finishedRun(runId: string, principal: Principal): Promise<RunRow> {
    const row = await this.runs.find(runId, principal);
    if (row === undefined || !isOver(row)) throw new AgentError('idempotency_key_in_use');
    return row;
  }
}

/** @throws AgentError the failure of a run that ended without an answer. */
function raise(failure: AgentError = new AgentError('model_error')): never {
  throw failure;
}
