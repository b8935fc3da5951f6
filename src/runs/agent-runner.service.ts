import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { Decision } from './journal/run.approvals.js';
import type { ApprovalKey } from './recovery/control.message.js';
import { RunControl, type RunState } from './recovery/run.control.js';
import { RunEngine } from './run.engine.js';
import type { StoredEvent, RunEvent, RunRequest, RunResponse } from './events/run.events.js';
import { responseOf, type RunOutcome } from './events/run.outcome.js';
import { eventOf } from './events/stored.event.js';
import type { Run } from './run.js';
import { RunLimits } from './run.limits.js';
import { failureOf, isUnstored, outcomeOf } from './run.row.js';
import { RunStarter } from './run.starter.js';
import { ShutdownDeadline } from './recovery/shutdown.deadline.js';
import { StreamReaders, type UnreadPolicy } from './recovery/stream.readers.js';
import type { CompletedRun, FollowOptions, RunOptions, RunStream } from './agent-runner.types.js';
import type { RequestIds } from '../http/http.types.js';

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
  #ended: Promise<void> | undefined;

  constructor(
    private readonly starter: RunStarter,
    private readonly engine: RunEngine,
    private readonly control: RunControl,
    private readonly readers: StreamReaders,
    private readonly limits: RunLimits,
    private readonly shutdown: ShutdownDeadline,
  ) {}

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
    // A run with a key continues without its caller.
    const signal = options.idempotencyKey === undefined ? options.signal : undefined;
    const command = commandOf('chat', request, options, signal);
    const started = await this.starter.start(command);
    if (!('run' in started)) {
      const finished = await this.readers.finished(started.existingRunId, command.principal);
      onReplay(true);
      const outcome = outcomeOf(finished);
      if (outcome === undefined) throw isUnstored(finished) ? new AgentError('answer_not_stored') : failureOf(finished);
      return outcome;
    }
    const result = await this.engine.execute(started);
    if (result.status === 'completed') return result.outcome;
    throw 'failure' in result ? result.failure : new Error(`Only a task can be ${result.status}.`);
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
    const { events } = await this.begin(request, options, options.idempotencyKey === undefined ? 'cancel' : 'continue');
    for await (const batch of events ?? []) for (const each of batch) yield eventOf(each);
  }

  /**
   * Same as `stream`, for an entry point whose readers may reconnect.
   *
   * @param unread what happens while nobody reads the run: `cancel`, `continue`, or milliseconds after which it is
   * cancelled. Default: the grace period of the options.
   * @throws AgentError if the run is rejected.
   *
   * @example
   * const { runId, events } = await runner.begin({ message: 'Hello' }, {}, { afterMs: 10_000 });
   * for await (const batch of events ?? []) for (const { data } of batch) console.log(runId, data);
   */
  async begin(
    request: RunRequest,
    options: RunOptions & Pick<FollowOptions, 'after' | 'earlyFacts'>,
    unread?: UnreadPolicy | number,
  ): Promise<RunStream> {
    const policy = this.readers.policyOf(unread);
    const endsRun = options.idempotencyKey === undefined && policy === 'cancel';
    const signal = endsRun ? options.signal : undefined;
    const command = commandOf('stream', request, options, signal);
    const started = await this.starter.start(command);
    if (!('run' in started)) {
      const runId = started.existingRunId;
      const events = await this.readers.follow(runId, options);
      return { runId, isReplayed: true, events, frames: events };
    }
    const { run } = started;
    const { earlyFacts } = options;
    const events = this.readers.readNew(run, policy, { signal: endsRun ? undefined : options.signal, earlyFacts });
    void this.engine.execute(started);
    return { runId: run.id, isReplayed: false, events, frames: events, completion: () => completionOf(run) };
  }

  /**
   * Returns the events of a run after a given number: stored ones first, then live ones. An event has the facts that
   * were found before it, such as reasoning.
   *
   * @param options `principal`: who reads; a run of others is not found. Default: `HOST_PRINCIPAL`, which reaches all runs
   * of the tenant `default`.
   * @returns undefined if the run is over and has no event after that number.
   * @throws AgentError `run_not_found`, or `validation_failed` if the number is beyond the last event.
   *
   * @example
   * for await (const batch of (await runner.follow('f3b1c1de', { after: 17 })) ?? []) {
   *   for (const { sequence, data } of batch) console.log(sequence, data);
   * }
   */
  follow(runId: string, options: FollowOptions = {}): Promise<AsyncIterable<readonly StoredEvent[]> | undefined> {
    return this.readers.follow(runId, options);
  }

  /**
   * Approves or rejects a pending tool call. Only the first decision counts. A repeat of it by the same principal gets
   * the current state.
   *
   * @param principal who decides; a run of others is not found. Default: `HOST_PRINCIPAL`, which reaches all runs of the
   * tenant `default`.
   * @param requestId stored with the decision in the audit log.
   * @throws AgentError `run_not_found`, `not_found`, `approval_already_decided`, `approval_expired`,
   * `approval_by_requester` or `task_already_finished`.
   *
   * @example
   * for await (const event of runner.stream({ message: 'Refund order A-1001.' })) {
   *   if (event.type !== 'approval.required' || event.by === 'another') continue;
   *   await runner.decide({ runId: event.run_id, approvalId: event.approval_id }, { decision: 'approve' });
   * }
   */
  decide(
    key: ApprovalKey,
    decision: Decision,
    principal: Principal = HOST_PRINCIPAL,
    requestId?: string | RequestIds,
  ): Promise<RunState> {
    return this.control.decide(key, decision, principal, requestId);
  }

  /**
   * Cancels a run on any replica, with its provider's socket and its tools.
   *
   * @param principal who cancels; a run of others is not found. Default: `HOST_PRINCIPAL`, which reaches all runs of the
   * tenant `default`.
   * @throws AgentError `run_not_found`, or `task_already_finished` if it completed or failed.
   *
   * @example
   * const { status } = await runner.cancel('f3b1c1de');
   */
  cancel(runId: string, principal: Principal = HOST_PRINCIPAL): Promise<RunState> {
    return this.control.cancel(runId, principal);
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

  /**
   * The number of active runs in this process, by their kind.
   *
   * @example
   * const { chat, stream, task } = runner.activeRuns();
   */
  activeRuns(): Readonly<Record<'chat' | 'stream' | 'task', number>> {
    const counts = { chat: 0, stream: 0, task: 0 };
    for (const { context } of this.control.running) counts[context.kind]++;
    return counts;
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
    this.readers.stop();
    await this.engine.settle();
  }
}

/** The last event is published shortly before the run has its result. */
async function completionOf(run: Run): Promise<CompletedRun | undefined> {
  await run.ended;
  const { result, finishedAt } = run;
  return result?.status === 'completed' ? { outcome: result.outcome, finishedAt } : undefined;
}

/** The command of a request. A run without a signal outlives its caller. */
function commandOf(kind: 'chat' | 'stream', request: RunRequest, options: RunOptions, signal: AbortSignal | undefined) {
  const { principal = HOST_PRINCIPAL, requestId = randomUUID(), idempotencyKey, keySpace } = options;
  return { kind, request, principal, requestId, idempotencyKey, keySpace, signal };
}
