import type { AgentDefinition } from '../agents/agent.definition.js';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { ModelReply, ModelUsage } from '../models/language.model.js';
import type { HeldSession } from '../sessions/sessions.service.js';
import { newId } from '../storage/new.id.js';
import { RunApprovals } from './run.approvals.js';
import type { RunEvent, RunFact, RunResponse } from './run.events.js';

/** Of all its agents: those that are asked have turns of their own. */
const MAX_MODEL_CALLS = 50;

/** Who asks, and what stops it. */
export interface RunContext {
  readonly principal: Principal;
  /** Joins the run to the request in logs and errors. */
  readonly requestId: string;
  /** Cancels the run when it aborts. */
  readonly signal: AbortSignal | undefined;
  /** The reader hears of what the run waits for. */
  readonly canWait: boolean;
}

/** `refused`: before it started; `completing`: its answer is being written, and an abort comes too late. */
export type RunStatus = 'running' | 'refused' | 'completing' | 'completed' | 'failed' | 'cancelled';

/** One run under way: its clock, its one signal, and the numbers of its events. */
export class Run {
  readonly id = newId();
  readonly createdAt = Date.now();
  readonly #startedMs = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #sequence = 0;
  #modelCalls = 0;

  status: RunStatus = 'running';
  /** Tool calls that wait for a decision. */
  readonly approvals = new RunApprovals();
  /** Why it did not complete. */
  failure: AgentError | undefined;
  /** The event that says so. */
  ending: RunFact | undefined;

  constructor(
    readonly agent: AgentDefinition,
    readonly session: HeldSession,
    readonly context: RunContext,
    timeoutMs: number,
  ) {
    this.deadlineAt = this.#startedMs + timeoutMs;
    this.#timer = setTimeout(() => this.abort(new AgentError('agent_timeout')), timeoutMs);
    if (context.signal?.aborted) this.#onCallerAbort();
    else context.signal?.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;

  /** Aborts with an AgentError as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the run: the provider's socket and the tools with it. The first reason stands. */
  abort(reason: AgentError): void {
    this.#controller.abort(reason);
  }

  /** @throws AgentError once all agents of the run together have asked models too often. */
  countModelCall(): void {
    if (++this.#modelCalls > MAX_MODEL_CALLS) {
      throw new AgentError('model_error', { detail: `The run needs more than ${MAX_MODEL_CALLS} model calls.` });
    }
  }

  /** Numbers an event. */
  event(fact: RunFact): RunEvent {
    return { ...fact, run_id: this.id, sequence: ++this.#sequence };
  }

  /** Milliseconds since the run began, to a tenth. */
  elapsedMs(): number {
    return Math.round((performance.now() - this.#startedMs) * 10) / 10;
  }

  response({ text, model, isTruncated }: ModelReply, usage: ModelUsage): RunResponse {
    const response = {
      session_id: this.session.session_id,
      run_id: this.id,
      reply: text,
      tokens_used: usage.inputTokens + usage.outputTokens,
      model,
      processing_time_ms: this.elapsedMs(),
    };
    return isTruncated ? { ...response, truncated: true } : response;
  }

  /** Notes how it failed. A run that its caller or its session gave up is cancelled, not failed. */
  fail(failure: AgentError): void {
    this.failure = failure;
    const isCancelled = failure.code === 'client_closed_request' || failure.code === 'run_cancelled';
    this.status = isCancelled ? 'cancelled' : 'failed';
    this.ending = isCancelled
      ? { type: 'run.cancelled', reason: failure.message }
      : { type: 'run.failed', error: failure.toBody(this.context.requestId) };
  }

  /** Lets go of the clock and of the caller's signal. */
  close(): void {
    clearTimeout(this.#timer);
    this.context.signal?.removeEventListener('abort', this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => {
    const { reason } = this.context.signal ?? {};
    this.abort(reason instanceof AgentError ? reason : new AgentError('client_closed_request', {}, { cause: reason }));
  };
}
