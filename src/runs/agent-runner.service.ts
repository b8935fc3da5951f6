import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { continued } from './continued.js';
import { EventLog } from './event.log.js';
import type { Decision } from './run.approvals.js';
import { type ApprovalKey, RunControl, type RunState } from './run.control.js';
import { RunDecisions } from './run.decisions.js';
import { RunEngine } from './run.engine.js';
import { type EventFrame, eventOf, type RunEvent, type RunRequest, type RunResponse } from './run.events.js';
import { responseOf, type RunOutcome } from './run.outcome.js';
import { RunLimits } from './run.limits.js';
import { failureOf, isOver, outcomeOf, type RunRow } from './run.row.js';
import { RunStarter } from './run.starter.js';
import { RunnerSettings } from './runner.settings.js';
import { RunsRepository } from './runs.repository.js';
import { ShutdownTime } from './shutdown.time.js';
import { Watches } from './watches.js';

/** How a run is asked for, by a door or by the host's own code. */
export interface RunOptions {
  /** Cancels the run: the provider's socket closes at once. */
  readonly signal?: AbortSignal | undefined;
  /** On whose behalf; default: the host's own. */
  readonly principal?: Principal | undefined;
  /** Joins the run to a request in logs and errors; default: a new one. */
  readonly requestId?: string | undefined;
  /**
   * Names this request, for 24 hours: a repeat with the same key gets the same answer, and the agent runs once. Such
   * a run goes on when `signal` aborts.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * Where the key counts. A run with a key in a space of its own can be asked for as an answer and as a stream alike:
   * one repeats the other. Default: answers and streams have each their own keys.
   */
  readonly keySpace?: string | undefined;
}

/** The events of a run, and whether it was begun by an earlier request with the same key. */
export interface RunStream {
  readonly runId: string;
  readonly isReplayed: boolean;
  /** Several at once where they came so; undefined where the caller has all of them. */
  readonly frames: AsyncIterable<readonly EventFrame[]> | undefined;
}

/** Where to begin to read, and what ends it. */
export interface FollowOptions {
  readonly principal?: Principal | undefined;
  /** The number of the last event that the reader has; default 0: none. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The engine: every door runs agents through it.
 *
 * @example
 * const { reply } = await runner.run({ message: 'Hello', agent_role: 'assistant' });
 *
 * @example
 * for await (const event of runner.stream({ message: 'Hello' }, { signal })) {
 *   if (event.type === 'message.delta') process.stdout.write(event.delta);
 * }
 */
@Injectable()
export class AgentRunnerService implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly #stopped = new AbortController();
  #ended: Promise<void> | undefined;

  // oxlint-disable-next-line max-params -- the parts that an engine is composed of, injected
  constructor(
    private readonly starter: RunStarter,
    private readonly engine: RunEngine,
    private readonly control: RunControl,
    private readonly decisions: RunDecisions,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly watches: Watches,
    private readonly limits: RunLimits,
    sessions: SessionsService,
    private readonly settings: RunnerSettings,
    private readonly shutdown: ShutdownTime,
  ) {
    sessions.onErase((key) => control.cancelSession(key, 'The session was deleted.'));
  }

  /** New runs are refused; those under way go on. */
  get isDraining(): boolean {
    return this.limits.isDraining;
  }

  /**
   * Runs an agent and waits for its whole answer.
   *
   * @throws AgentError with the code of what went wrong; nothing was added to the session then.
   */
  run(request: RunRequest, options: RunOptions = {}): Promise<RunResponse> {
    return this.answer(request, options, () => undefined);
  }

  /**
   * As `run`, for a door that says whether the answer, good or bad, was given before.
   *
   * @throws AgentError
   */
  async answer(
    request: RunRequest,
    options: RunOptions,
    onReplay: (isReplayed: boolean) => void,
  ): Promise<RunResponse> {
    return responseOf(await this.complete(request, options, onReplay));
  }

  /**
   * As `run`, with all that is known of what came of it.
   *
   * @throws AgentError
   */
  async complete(
    request: RunRequest,
    options: RunOptions = {},
    onReplay: (isReplayed: boolean) => void = () => undefined,
  ): Promise<RunOutcome> {
    const { principal = HOST_PRINCIPAL, idempotencyKey, keySpace } = options;
    const signal = idempotencyKey === undefined ? options.signal : undefined;
    // Where a stream may repeat it, it is told as one, though nobody decides on what it waits for.
    const kind = idempotencyKey !== undefined && keySpace !== undefined ? 'stream' : 'chat';
    const opened = await this.#open(request, { ...options, signal }, { kind, canWait: false });
    if (!('run' in opened)) {
      const known = await this.#known(opened.knownRunId, principal);
      onReplay(true);
      return outcomeOf(known) ?? raise(failureOf(known));
    }
    await this.engine.execute(opened);
    return opened.run.result ?? raise(opened.run.failure);
  }

  /**
   * Runs an agent and tells each event as it happens. What is wrong before the run starts is thrown by the
   * first step, what fails later is the last event: `run.failed`. Leaving the loop early cancels the run.
   *
   * @throws AgentError before the first event; later only `storage_unavailable`, if the database is away for a minute.
   */
  async *stream(request: RunRequest, options: RunOptions = {}): AsyncGenerator<RunEvent> {
    // A run with a key goes on without its caller.
    const { frames } = await this.begin(request, options, options.idempotencyKey === undefined ? 0 : Infinity);
    for await (const batch of frames ?? []) for (const each of batch) yield eventOf(each);
  }

  /**
   * As `stream`, for a door whose readers may come back: the run goes on for `graceMs` after the last of them has left.
   *
   * @throws AgentError where the run is refused.
   */
  async begin(
    request: RunRequest,
    options: RunOptions & Pick<FollowOptions, 'after'>,
    graceMs: number,
  ): Promise<RunStream> {
    const { signal, idempotencyKey } = options;
    const endsRun = idempotencyKey === undefined && graceMs === 0;
    const asked = { ...options, signal: endsRun ? signal : undefined };
    const opened = await this.#open(request, asked, { kind: 'stream', canWait: true });
    if (!('run' in opened)) {
      const runId = opened.knownRunId;
      const { principal, after } = options;
      return { runId, isReplayed: true, frames: await this.follow(runId, { principal, after, signal }) };
    }
    const { run } = opened;
    const frames = this.log.follow(run.id, 0, endsRun ? undefined : signal, true);
    // Asked for before there is any, so that none is missed.
    const first = frames.next();
    void this.engine.execute(opened);
    return { runId: run.id, isReplayed: false, frames: this.watches.own(run, continued(first, frames), graceMs) };
  }

  /**
   * The events of a run from any number on, stored ones first, then as they come.
   *
   * @returns undefined where the run is over and has no event after that number.
   * @throws AgentError `run_not_found`, or `validation_failed` for a number that no event has yet.
   */
  async follow(
    runId: string,
    { principal = HOST_PRINCIPAL, after = 0, signal }: FollowOptions = {},
  ): Promise<AsyncIterable<readonly EventFrame[]> | undefined> {
    const row = await this.runs.find(runId, principal);
    if (row === undefined || row.kind === 'chat') throw new AgentError('run_not_found');
    const last = after === 0 ? 0 : await this.log.last(runId);
    if (after > last) throw invalidField('after', `The run has no event ${after}: the last one is ${last}.`);
    if (after > 0 && after === last && isOver(row)) return undefined;
    const frames = this.log.follow(runId, after, this.#whileServing(signal));
    return row.kind === 'task' ? frames : this.watches.remote(runId, frames);
  }

  /**
   * Decides on a tool call that a run waits with; once, however often it is sent.
   *
   * @param principal on whose behalf; a run of another tenant is not found.
   * @param requestId is kept with it in the audit.
   * @throws AgentError `run_not_found`, `not_found`, `approval_already_decided` or `task_already_finished`.
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
   * Cancels a run, whichever replica holds it: its provider's socket and its tools with it.
   *
   * @throws AgentError `run_not_found`, or `task_already_finished` where it completed or failed.
   */
  cancel(runId: string, principal: Principal = HOST_PRINCIPAL): Promise<RunState> {
    return this.control.cancel(runId, principal);
  }

  #whileServing(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#stopped.signal]) : this.#stopped.signal;
  }

  onModuleDestroy(): void {
    this.shutdown.begin();
    this.limits.drain();
  }

  /**
   * Lets the runs under way finish for as long as the settings allow, then ends them. Doors that keep connections
   * open wait for it too.
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
    // What others hold is followed there.
    this.#stopped.abort();
    await this.engine.settle();
  }

  /** Takes a place and all that a run needs. */
  async #open(request: RunRequest, options: RunOptions, door: { kind: 'chat' | 'stream'; canWait: boolean }) {
    const { principal = HOST_PRINCIPAL, requestId = randomUUID(), signal, idempotencyKey, keySpace } = options;
    const { timeoutMs } = this.settings;
    const asking = { request, ...door, principal, requestId, signal, idempotencyKey, keySpace, timeoutMs };
    return await this.limits.place(() => this.starter.open(asking));
  }

  /** The run of an earlier request with the same key. @throws AgentError while it is under way. */
  async #known(runId: string, principal: Principal): Promise<RunRow> {
    const row = await this.runs.find(runId, principal);
    if (row === undefined || !isOver(row)) throw new AgentError('idempotency_key_in_use');
    return row;
  }
}

/** @throws AgentError the failure of a run that ended without an answer. */
function raise(failure: AgentError = new AgentError('model_error')): never {
  throw failure;
}
