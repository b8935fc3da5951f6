import type { AgentDefinition } from '../agents/agent.definition.js';
import type { ValueSchema } from '../agents/value.schema.js';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { ModelReply } from '../models/language.model.js';
import type { HeldSession } from '../sessions/sessions.service.js';
import { type EventWriter, RunInterrupted } from './event.writer.js';
import type { RunApprovals } from './run.approvals.js';
import { RunCalls } from './run.calls.js';
import type { RunFact } from './run.events.js';
import type { RunJournal } from './run.journal.js';
import { type RunMetadata, type RunOutcome, usageOf } from './run.outcome.js';
import type { Team } from './team.js';
import type { Spending } from '../usage/spending.js';
import type { SpanIds } from '../telemetry/spans.js';

/** Of all its agents: those that are asked have turns of their own. */
const MAX_MODEL_CALLS = 50;

/** Who asks, and how. */
export interface RunContext {
  readonly principal: Principal;
  /** Joins the run to the request in logs and errors. */
  readonly requestId: string;
  /** By which door it came. */
  readonly kind: 'chat' | 'stream' | 'task';
  /** Somebody hears of what the run waits for. */
  readonly canWait: boolean;
  /** How its end is kept: it has an idempotency key, or a webhook that waits for it. */
  readonly isKeyed: boolean;
  /** The trace that it goes on with; undefined: that of what is under way. */
  readonly traceHeaders?: Readonly<Record<string, string>> | undefined;
}

/** `completing`: its answer is being written, and an abort comes too late. `handed on`: another attempt will end it. */
export type RunStatus = 'running' | 'completing' | 'completed' | 'failed' | 'cancelled' | 'at rest' | 'handed on';

/** What a caller wants of a run beside an answer. */
export interface RunWishes {
  /** The shape of the answer; undefined: the agent's own, or any text. */
  readonly output: ValueSchema | undefined;
  readonly metadata: RunMetadata;
}

/** Which attempt at which run this is, and for whom. */
export interface Attempt {
  readonly id: string;
  readonly attempt: number;
  readonly createdAt: number;
  /** In its release. */
  readonly agent: AgentDefinition;
  readonly team: Team;
  readonly session: HeldSession;
  readonly context: RunContext;
  /** What is left of its time. */
  readonly timeoutMs: number;
  readonly wishes: RunWishes;
}

/** Where an attempt keeps what it does; without events nobody watches it. */
export interface RunRecords {
  readonly events?: EventWriter;
  readonly journal: RunJournal;
  readonly approvals: RunApprovals;
  readonly spending: Spending;
}

/** An answer, and its value where it was to have a shape. */
export interface ShapedReply extends ModelReply {
  readonly parsed?: unknown;
}

/** One attempt at a run, under way in this process: its clock, its one signal, and how it ended. */
export class Run {
  readonly #startedMs = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #ended = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #modelCalls = 0;
  #isPaused = false;

  readonly id: string;
  readonly attempt: number;
  readonly createdAt: number;
  readonly agent: AgentDefinition;
  readonly team: Team;
  readonly session: HeldSession;
  readonly context: RunContext;
  readonly events: EventWriter | undefined;
  readonly journal: RunJournal;
  readonly approvals: RunApprovals;
  /** What it has used of models so far, in all attempts. */
  readonly spending: Spending;
  readonly wishes: RunWishes;
  /** The tool calls that were made so far. */
  readonly calls = new RunCalls();
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;

  status: RunStatus = 'running';
  /** The model calls under way, as those see them who watch the service. */
  readonly openCalls = new Set<{ fail(failure: unknown): void }>();
  /** Of its span; undefined: it is not traced. */
  spanIds: SpanIds | undefined;
  /** What it will have answered, once that is stored. */
  answer: RunOutcome | undefined;
  /** What it answered. */
  result: RunOutcome | undefined;
  /** Why it did not complete. */
  failure: AgentError | undefined;

  constructor({ id, attempt, createdAt, agent, session, context, ...rest }: Attempt, records: RunRecords) {
    const { team, timeoutMs, wishes } = rest;
    this.id = id;
    this.attempt = attempt;
    this.createdAt = createdAt;
    this.agent = agent;
    this.team = team;
    this.session = session;
    this.context = context;
    this.events = records.events;
    this.journal = records.journal;
    this.approvals = records.approvals;
    this.spending = records.spending;
    this.wishes = wishes;
    this.deadlineAt = this.#startedMs + timeoutMs;
    this.#timer = setTimeout(() => this.abort(new AgentError('agent_timeout')), timeoutMs);
  }

  /** The name of its agent's release, or `code`. */
  get release(): string {
    return this.team.releaseOf(this.agent.role);
  }

  /** Its events are told one by one. */
  get isStreamed(): boolean {
    return this.events !== undefined;
  }

  /** Resolves when it has ended, and its end is stored or could not be stored at once. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Resolves when this process writes nothing more of it. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Aborts with an AgentError, or with a RunInterrupted, as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the attempt: the provider's socket and the tools with it. The first reason stands. */
  abort(reason: AgentError | RunInterrupted): void {
    this.#controller.abort(reason);
  }

  /** Leaves a task to another attempt as soon as a step is done. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Between two steps. @throws RunInterrupted where another attempt is to go on, or the abort reason. */
  throwIfPaused(): void {
    this.signal.throwIfAborted();
    if (this.#isPaused) throw new RunInterrupted('The service stops.');
  }

  /** @throws AgentError once all agents of the run together have asked models too often. */
  countModelCall(): void {
    if (++this.#modelCalls > MAX_MODEL_CALLS) {
      throw new AgentError('model_error', { detail: `The run needs more than ${MAX_MODEL_CALLS} model calls.` });
    }
  }

  /** Tells those who watch. What an attempt that has ended still tells is heard by nobody. */
  tell(fact: RunFact): void {
    if (this.status === 'running') this.events?.tell(fact);
  }

  /** Milliseconds since the run began, to a tenth. */
  elapsedMs(): number {
    return Math.round((performance.now() - this.#startedMs) * 10) / 10;
  }

  outcome({ text, parsed, model, isTruncated }: ShapedReply): RunOutcome {
    return {
      run_id: this.id,
      session_id: this.session.session_id,
      output: text,
      ...(parsed === undefined ? {} : { output_parsed: parsed }),
      usage: usageOf(this.spending.total),
      tool_calls: this.calls.list(),
      finish_reason: isTruncated ? 'length' : 'stop',
      model,
      release: this.release,
      processing_time_ms: this.elapsedMs(),
      metadata: this.wishes.metadata,
    };
  }

  /** Its answer is stored. */
  complete(): void {
    this.status = 'completed';
    this.result = this.answer;
  }

  /** Notes how it failed. A run that its caller or its session gave up is cancelled, not failed. */
  fail(failure: AgentError): void {
    this.failure = failure;
    const isCancelled = failure.code === 'client_closed_request' || failure.code === 'run_cancelled';
    this.status = isCancelled ? 'cancelled' : 'failed';
  }

  /** Lets go of the clock. */
  stopClock(): void {
    clearTimeout(this.#timer);
  }

  /** Lets go of what it holds in this process. Its end may still have to be stored. */
  letGo(): void {
    this.stopClock();
    this.#ended.resolve();
  }

  /** Nothing more will be written of it by this process. */
  close(): void {
    this.letGo();
    this.#closed.resolve();
  }
}
