import type { AgentDefinition } from '../agents/agent.definition.js';
import type { ValueSchema } from '../agents/schemas/value.schema.js';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { statusOf } from './run.row.js';
import type { ModelReply, ModelToolCall } from '../models/language.model.js';
import type { AcquiredSession } from '../sessions/session.key.js';
import { type EventWriter, RunInterrupted } from './events/event.writer.js';
import type { RunApprovals } from './journal/run.approvals.js';
import type { PendingCall } from './request/caller.tools.js';
import { RunCalls } from './journal/run.calls.js';
import type { RunEventPayload } from './events/run.events.js';
import type { RunFact } from './events/run.facts.js';
import type { RunJournal } from './journal/run.journal.js';
import { type RunOutcome, usageOf } from './events/run.outcome.js';
import type { RunMetadata } from './events/run.events.js';
import type { ResolvedAgents } from './loop/resolved.agents.js';
import type { UsageAccumulator } from '../usage/usage.accumulator.js';
import type { SpanIds } from '../telemetry/spans.js';

/** Limit for all agents of a run together, because asked agents have their own turns. */
const MAX_MODEL_CALLS = 50;

/** The principal and the origin of a run. */
export interface RunContext {
  readonly principal: Principal;
  /** Links the run to the request in logs and errors. */
  readonly requestId: string;
  /** The entry point that started the run. Only a chat cannot wait for an approval: nobody learns of it. */
  readonly kind: 'chat' | 'stream' | 'task';
  /** True if its end must be stored for an idempotency key or a webhook. */
  readonly isKeyed: boolean;
  /** True: nothing of its content is stored. */
  readonly isUnstored?: boolean | undefined;
  /** The beginning of the idempotency keys of its tool calls; undefined: the id of the run. */
  readonly effectKey?: string | undefined;
  /** The trace to continue; undefined: the active one. */
  readonly traceHeaders?: Readonly<Record<string, string>> | undefined;
}

/** How an attempt ended. */
export type RunResult =
  | { readonly status: 'completed'; readonly outcome: RunOutcome }
  | { readonly status: 'failed' | 'cancelled'; readonly failure: AgentError }
  /** The run waits for an approval. Another attempt will continue it. */
  | { readonly status: 'suspended' }
  /** Another attempt will continue the run, after the wait if the provider failed. */
  | { readonly status: 'requeued'; readonly cause: unknown; readonly waitMs?: number | undefined };

/** `completing`: the answer is being stored; an abort is too late. */
type AttemptState = { readonly status: 'running' } | { readonly status: 'completing' } | RunResult;

export type RunStatus = AttemptState['status'];

/** The states that may follow each state. */
const NEXT: Record<RunStatus, readonly RunStatus[]> = {
  running: ['completing', 'failed', 'cancelled', 'suspended', 'requeued'],
  // The answer could not be stored.
  completing: ['completed', 'running'],
  completed: [],
  // Another process stored the end first.
  failed: ['completed', 'failed', 'cancelled'],
  cancelled: ['completed', 'failed', 'cancelled'],
  suspended: [],
  requeued: [],
};

/** The caller's options for the output of a run. */
export interface RunOutputOptions {
  /** The output schema; undefined: the agent's own, or any text. */
  readonly output: ValueSchema | undefined;
  readonly metadata: RunMetadata;
}

/** The identity, agent and limits of one attempt at a run. */
interface Attempt extends Pick<Run, 'id' | 'attempt' | 'agent' | 'releases' | 'session' | 'context' | 'outputOptions'> {
  /** Remaining time of the run. */
  readonly timeoutMs: number;
}

/** The records of an attempt. */
export type RunRecords = Pick<Run, 'events' | 'journal' | 'approvals' | 'spending'>;

/** An agent at work in a run. */
export interface ActiveAgent {
  readonly run: Run;
  readonly agent: AgentDefinition;
}

/** An answer with its parsed value, if it has an output schema. */
export interface ShapedReply extends ModelReply {
  readonly parsed?: unknown;
  /** The calls with which the run ends, because the caller makes them. */
  readonly pending?: readonly ModelToolCall[];
}

/** One attempt at a run in this process: its clock, its abort signal and its state. */
export class Run {
  readonly #startedMs = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #ended = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #modelCalls = 0;
  #isPaused = false;

  /** Aborts with an AgentError, or with a RunInterrupted, as its reason. */
  readonly signal: AbortSignal = this.#controller.signal;
  /** Resolves when the run has ended and its end is stored, or could not be stored at once. */
  readonly ended = this.#ended.promise;
  /** Resolves when this process writes nothing more for the run. */
  readonly closed = this.#closed.promise;
  readonly id: string;
  readonly attempt: number;
  /** The agent in its release. */
  readonly agent: AgentDefinition;
  readonly releases: ResolvedAgents;
  readonly session: AcquiredSession;
  readonly context: RunContext;
  /** Undefined: the run emits no events. */
  readonly events: EventWriter | undefined;
  readonly journal: RunJournal;
  readonly approvals: RunApprovals;
  /** Model usage of all attempts so far. */
  readonly spending: UsageAccumulator;
  readonly outputOptions: RunOutputOptions;
  /** The tool calls made so far. */
  readonly calls = new RunCalls();
  /** Deadline on the clock of `performance.now()`. */
  readonly deadlineAt: number;

  #state: AttemptState = { status: 'running' };
  /** The answer whose write failed. It may be stored nevertheless. */
  answer: RunOutcome | undefined;
  /** Epoch milliseconds, as this process has stored it. */
  finishedAt: number | undefined;
  /** The spans of active model calls. */
  readonly openCalls = new Set<{ fail(failure: unknown): void }>();
  /** Ids of the run's span; undefined: it is not traced. */
  spanIds: SpanIds | undefined;

  constructor({ id, attempt, agent, session, context, ...rest }: Attempt, open: (run: Run) => RunRecords) {
    const { releases, timeoutMs, outputOptions } = rest;
    this.id = id;
    this.attempt = attempt;
    this.agent = agent;
    this.releases = releases;
    this.session = session;
    this.context = context;
    this.outputOptions = outputOptions;
    const { events, journal, approvals, spending } = open(this);
    this.events = events;
    this.journal = journal;
    this.approvals = approvals;
    this.spending = spending;
    this.deadlineAt = this.#startedMs + timeoutMs;
    this.#timer = setTimeout(() => this.abort(new AgentError('agent_timeout')), timeoutMs);
  }

  get status(): RunStatus {
    return this.#state.status;
  }

  /** How the attempt ended; undefined while it is active. */
  get result(): RunResult | undefined {
    const state = this.#state;
    return state.status === 'running' || state.status === 'completing' ? undefined : state;
  }

  /** Moves to another state. @throws Error if it may not follow the current one. */
  enter(state: AttemptState): void {
    if (!NEXT[this.status].includes(state.status)) {
      throw new Error(`A run that is ${this.status} cannot become ${state.status}.`);
    }
    this.#state = state;
  }

  /** Records the failure. A run whose caller left, or that somebody cancelled, is cancelled, not failed. */
  fail(failure: AgentError): void {
    this.enter({ status: statusOf(failure), failure });
  }

  /** The name of its agent's release, or `code`. */
  get release(): string {
    return this.releases.releaseOf(this.agent.role);
  }

  /** Ends the attempt with its provider socket and its tools. The first reason counts. */
  abort(reason: AgentError | RunInterrupted): void {
    this.#controller.abort(reason);
  }

  /** Leaves a task to another attempt after the current step. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Called between two steps. @throws RunInterrupted if another attempt is to continue, or the abort reason. */
  throwIfPaused(): void {
    this.signal.throwIfAborted();
    if (this.#isPaused) throw new RunInterrupted('The service is shutting down.');
  }

  /** @throws AgentError if all agents of the run together have made too many model calls. */
  countModelCall(): void {
    if (++this.#modelCalls > MAX_MODEL_CALLS) {
      throw new AgentError('model_error', { detail: `The run needs more than ${MAX_MODEL_CALLS} model calls.` });
    }
  }

  /** Emits an event to readers. Drops events after the end of the attempt. */
  emit(payload: RunEventPayload): void {
    if (this.status === 'running') this.events?.emit(payload);
  }

  /** Adds a fact to the next event, if the run has events. */
  add(fact: RunFact): void {
    if (this.status === 'running') this.events?.add(fact);
  }

  /** Shows a fact before there is a next event, if the run has events. */
  show(fact: RunFact): void {
    if (this.status === 'running') this.events?.show(fact);
  }

  /** Milliseconds since the attempt began, to a tenth. */
  elapsedMs(): number {
    return Math.round((performance.now() - this.#startedMs) * 10) / 10;
  }

  outcome({ text, parsed, model, isTruncated, pending }: ShapedReply): RunOutcome {
    return {
      run_id: this.id,
      session_id: this.session.session_id,
      ...(this.session.fork ? { forked_from: this.session.fork.runId } : {}),
      output: text,
      ...(parsed === undefined ? {} : { output_parsed: parsed }),
      usage: usageOf(this.spending.total),
      tool_calls: this.calls.list(),
      finish_reason: pending ? 'tool_calls' : isTruncated ? 'length' : 'stop',
      ...(pending ? { pending_calls: pending.map(toPendingCall) } : {}),
      model,
      release: this.release,
      processing_time_ms: this.elapsedMs(),
      metadata: this.outputOptions.metadata,
    };
  }

  /** Stops the timer of the deadline. */
  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  /** Releases what the run holds in this process. Its end may still have to be stored. */
  finishAttempt(): void {
    this.stopTimer();
    this.#ended.resolve();
  }

  /** Marks that this process writes nothing more for the run. */
  close(): void {
    this.finishAttempt();
    this.#closed.resolve();
  }
}

function toPendingCall({ callId, name, arguments: text }: ModelToolCall): PendingCall {
  return { call_id: callId, tool: name, arguments: text };
}
