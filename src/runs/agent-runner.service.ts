import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { AgentRegistry } from '../agents/agent.registry.js';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { ERROR_CODES } from '../errors/error.codes.js';
import { LanguageModel, type ModelReply } from '../models/language.model.js';
import { type HeldSession, SessionsService } from '../sessions/sessions.service.js';
import { AgentLoop, type OpenRun } from './agent.loop.js';
import { guard } from './guard.js';
import { Run } from './run.js';
import type { Decision } from './run.approvals.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE, type RunEvent, type RunRequest, type RunResponse } from './run.events.js';
import { RunHistory } from './run.history.js';
import { RunLimits } from './run.limits.js';
import { RunsRepository } from './runs.repository.js';
import { Transcript } from './transcript.js';

/** What bounds a run. */
export interface RunnerSettings {
  readonly timeoutMs: number;
  /** How long runs may go on after the application was told to stop. */
  readonly shutdownTimeoutMs: number;
}

/** How a run is asked for, by a door or by the host's own code. */
export interface RunOptions {
  /** Cancels the run: the provider's socket closes at once. */
  readonly signal?: AbortSignal;
  /** On whose behalf; default: the host's own. */
  readonly principal?: Principal;
  /** Joins the run to a request in logs and errors; default: a new one. */
  readonly requestId?: string;
}

/** A tool call that waits: both ids come with `approval.required`. */
export interface ApprovalKey {
  readonly runId: string;
  readonly approvalId: string;
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
  readonly #logger = new Logger(AgentRunnerService.name);
  readonly #running = new Set<Run>();
  /** Rows of failed runs that are being written. */
  readonly #recordings = new Set<Promise<void>>();

  // oxlint-disable-next-line max-params -- the parts that an engine is composed of, injected
  constructor(
    private readonly agents: AgentRegistry,
    private readonly sessions: SessionsService,
    private readonly runs: RunsRepository,
    private readonly model: LanguageModel,
    private readonly history: RunHistory,
    private readonly loop: AgentLoop,
    private readonly limits: RunLimits,
    private readonly settings: RunnerSettings,
  ) {
    sessions.onErase(({ tenant, session_id }) => {
      for (const run of this.#running) {
        const isOfSession = run.session.tenant === tenant && run.session.session_id === session_id;
        if (isOfSession) run.abort(new AgentError('run_cancelled', { detail: 'The session was deleted.' }));
      }
    });
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
  async run(request: RunRequest, options: RunOptions = {}): Promise<RunResponse> {
    const open = await this.#open(request, options, false);
    let response: RunResponse | undefined;
    for await (const event of this.#events(open, false)) {
      if (event.type === 'run.completed') response = event.response;
    }
    return response ?? raise(open.run.failure);
  }

  /**
   * Runs an agent and tells each event as it happens. What is wrong before the run starts is thrown by the
   * first step, what fails later is the last event: `run.failed`. Leaving the loop early cancels the run.
   *
   * @throws AgentError before the first event only.
   */
  async *stream(request: RunRequest, options: RunOptions = {}): AsyncGenerator<RunEvent> {
    yield* this.#events(await this.#open(request, options, true), true);
  }

  /**
   * Decides on a tool call that a run under way waits with.
   *
   * @param principal on whose behalf; a run of another tenant is not found.
   * @throws AgentError `run_not_found`, `not_found` or `approval_already_decided`.
   */
  decide({ runId, approvalId }: ApprovalKey, decision: Decision, principal: Principal = HOST_PRINCIPAL): void {
    const run = [...this.#running].find(({ id, session }) => id === runId && session.tenant === principal.tenant);
    if (!run) throw new AgentError('run_not_found');
    run.approvals.decide(approvalId, decision);
  }

  onModuleDestroy(): void {
    this.limits.drain();
  }

  /** Lets the runs under way finish for as long as the settings allow, then ends them. */
  async beforeApplicationShutdown(): Promise<void> {
    const timer = setTimeout(() => {
      for (const run of this.#running) run.abort(new AgentError('draining'));
    }, this.settings.shutdownTimeoutMs);
    await this.limits.idle();
    clearTimeout(timer);
    await Promise.all(this.#recordings);
  }

  /** Takes all that a run needs, or refuses it. */
  async #open(request: RunRequest, options: RunOptions, canWait: boolean): Promise<OpenRun> {
    const { principal = HOST_PRINCIPAL, requestId = randomUUID(), signal } = options;
    check(request);
    const agent = this.agents.get(request.agent_role ?? DEFAULT_ROLE);
    const session = await this.#hold(principal, request.session_id);
    const run = this.#begin(
      new Run(agent, session, { principal, requestId, signal, canWait }, this.settings.timeoutMs),
    );
    try {
      const transcript = new Transcript(request.message);
      await guard({ run, agent }, 'checkInput', request.message);
      return { run, agent, transcript, temperature: request.temperature ?? DEFAULT_TEMPERATURE, depth: 0 };
    } catch (failure) {
      if (run.signal.aborted) {
        // Its caller had left before there was a run to tell.
        this.#end(run, failure);
        throw run.signal.reason;
      }
      run.status = 'refused';
      this.#close(run);
      this.limits.leave();
      throw failure;
    }
  }

  async #hold(principal: Principal, sessionId: string | undefined): Promise<HeldSession> {
    this.limits.enter();
    try {
      return await this.sessions.hold(principal, sessionId);
    } catch (failure) {
      this.limits.leave();
      throw failure;
    }
  }

  /** From now on an abort ends the run at once, whether its reader goes on reading or not. */
  #begin(run: Run): Run {
    this.#running.add(run);
    run.signal.addEventListener('abort', () => this.#end(run, run.signal.reason), { once: true });
    return run;
  }

  async *#events(open: OpenRun, isStreamed: boolean): AsyncGenerator<RunEvent> {
    const { run } = open;
    const turns = this.loop.turns(open, isStreamed);
    try {
      yield run.event({
        type: 'run.started',
        session_id: run.session.session_id,
        agent_role: run.agent.role,
        model: this.model.nameFor(run.agent.model),
      });
      await this.history.recall(open);
      let step = await turns.next();
      for (; step.done !== true; step = await turns.next()) yield run.event(step.value);
      yield run.event({ type: 'run.completed', response: await this.#complete(open, step.value) });
    } catch (failure) {
      this.#end(run, failure);
      yield run.event(run.ending ?? raise());
    } finally {
      if (run.status === 'running') this.#leave(run, turns);
    }
  }

  /** The reader left the loop: there is nobody to go on for. */
  #leave(run: Run, turns: ReturnType<AgentLoop['turns']>): void {
    run.abort(new AgentError('client_closed_request'));
    void Promise.resolve(turns[Symbol.asyncDispose]()).catch(() => undefined);
  }

  async #complete({ run, transcript }: OpenRun, reply: ModelReply): Promise<RunResponse> {
    run.signal.throwIfAborted();
    // What is being written cannot be called back.
    run.status = 'completing';
    try {
      await this.runs.complete(run, transcript, reply.model);
    } catch (failure) {
      run.status = 'running';
      throw failure;
    }
    run.status = 'completed';
    const response = run.response(reply, transcript.usage);
    this.#logger.log({ ...logged(run), model: reply.model, tokens: response.tokens_used, msg: 'run finished' });
    this.#close(run);
    this.limits.leave();
    return response;
  }

  /** Ends a run that is under way: its session is free when this returns. */
  #end(run: Run, cause: unknown): void {
    if (run.status !== 'running') return;
    // What breaks because of the abort is not why the run failed.
    const failure = AgentError.from(run.signal.aborted ? run.signal.reason : cause);
    run.fail(failure);
    this.#close(run);
    // What still works for it has nothing to work for.
    run.abort(failure);
    const line = { ...logged(run), error: failure.code, cause: failure.cause, msg: 'run finished' };
    const { level } = ERROR_CODES[failure.code];
    if (level === 'error') this.#logger.error(line);
    else if (level === 'warn') this.#logger.warn(line);
    else this.#logger.log(line);
    this.limits.leave();
    const recording = this.#abandon(run, failure).finally(() => this.#recordings.delete(recording));
    this.#recordings.add(recording);
  }

  async #abandon(run: Run, failure: AgentError): Promise<void> {
    // The row of an erased session's run would outlive it.
    if (failure.code === 'run_cancelled') return;
    try {
      await this.runs.abandon(run, run.status === 'cancelled' ? 'cancelled' : 'failed', failure.code);
    } catch (cause) {
      this.#logger.error({ run_id: run.id, cause, msg: 'a failed run could not be recorded' });
    }
  }

  #close(run: Run): void {
    run.close();
    this.#running.delete(run);
    this.sessions.release(run.session);
  }
}

/** A door has checked more than this; the host's own code comes in without one. @throws AgentError */
function check({ message, temperature = DEFAULT_TEMPERATURE }: RunRequest): void {
  if (message === '') throw invalidField('message', 'message must not be empty');
  if (!(temperature >= 0 && temperature <= 2)) throw invalidField('temperature', 'temperature must be from 0 to 2');
}

function logged(run: Run): object {
  return {
    run_id: run.id,
    request_id: run.context.requestId,
    session_id: run.session.session_id,
    role: run.agent.role,
    status: run.status,
    duration_ms: run.elapsedMs(),
  };
}

/** @throws AgentError the failure of a run that ended without an answer. */
function raise(failure: AgentError = new AgentError('model_error')): never {
  throw failure;
}
