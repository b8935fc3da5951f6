import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../agents/agent.definition.js';
import { AgentRegistry } from '../agents/agent.registry.js';
import { CallerSchemas } from '../agents/schemas/caller.schemas.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import type { SessionKey } from '../sessions/session.key.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Database } from '../storage/database.js';
import { newId } from '../storage/new.id.js';
import type { AgentExecution } from './loop/agent.loop.js';
import { EventLog } from './events/event.log.js';
import { EventWriter } from './events/event.writer.js';
import { guard } from './loop/guard.js';
import { ReplicaId } from './recovery/replica.id.js';
import { Run, type RunContext, type RunOutputOptions } from './run.js';
import { RunApprovals } from './journal/run.approvals.js';
import { RunControl } from './recovery/run.control.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE, type RunRequest } from './events/run.events.js';
import { NoopJournal } from './journal/run.journal.js';
import type { RunRow } from './run.row.js';
import { parseOutputOptions } from './run-output.options.js';
import { RejectedRuns } from './recovery/rejected.runs.js';
import { keyOf, assertSameRequest } from './keyed.request.js';
import { RunsRepository } from './runs.repository.js';
import { SessionQueue } from './recovery/session.queue.js';
import type { ResolvedAgents } from './loop/resolved.agents.js';
import { releaseColumns, ReleaseResolver } from './loop/release.resolver.js';
import { Transcript } from './loop/transcript.js';
import { QuotaService } from '../usage/quota.service.js';
import { Prices } from '../usage/prices.js';
import { UsageAccumulator } from '../usage/usage.accumulator.js';

/** The command to start a run. */
export interface StartCommand extends Omit<RunContext, 'isKeyed'> {
  readonly request: RunRequest;
  /** The caller's key for this request: a repeat gets the same run. */
  readonly idempotencyKey: string | undefined;
  /** The scope of the key; default: the kind of the run. */
  readonly keySpace?: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** The command with its resolved agent, releases and output options. */
interface ResolvedStart extends StartCommand {
  readonly agent: AgentDefinition;
  readonly releases: ResolvedAgents;
  readonly outputOptions: RunOutputOptions;
}

/** A run of an earlier request with the same key. */
export interface ExistingRun {
  readonly existingRunId: string;
}

/**
 * Acquires the agent, session and idempotency key that a run needs, or rejects the run. For chats and streams;
 * `TasksService` inserts tasks.
 */
@Injectable()
export class RunStarter {
  // oxlint-disable-next-line rookery/max-params -- every part that a new run needs
  constructor(
    private readonly agents: AgentRegistry,
    private readonly schemas: CallerSchemas,
    private readonly releases: ReleaseResolver,
    private readonly sessions: SessionsService,
    private readonly queue: SessionQueue,
    private readonly runs: RunsRepository,
    private readonly rejectedRuns: RejectedRuns,
    private readonly control: RunControl,
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly replica: ReplicaId,
    private readonly prices: Prices,
    private readonly quota: QuotaService,
  ) {}

  /** @throws AgentError if the run is rejected. Nothing of it is left then. */
  async open(command: StartCommand): Promise<AgentExecution | ExistingRun> {
    const { request, principal, signal } = command;
    const beganMs = performance.now();
    const agentAsCoded = this.#agentFor(request);
    const session = this.sessions.keyOf(principal, request.session_id);
    await this.sessions.assertOwn(principal, request.session_id);
    const resolved = await this.releases.resolve(agentAsCoded.role, request, session.session_id, principal);
    const agent = resolved.withRelease(agentAsCoded);
    const key = keyOf(command);
    await this.quota.assertAvailable(principal).catch((refusal: unknown) => this.runs.requireKnown(key, refusal));
    // Compiles the schema last: a caller without a budget must not use the compiler.
    const admit = (schema: object) => this.schemas.admit(schema, principal, signal);
    const outputOptions = await parseOutputOptions(request, admit).catch(orAbortReason(signal));
    const row = this.#row(command, resolved, agent, session);
    const result = await this.queue
      .begin(row, key, { signal, timeoutMs: command.timeoutMs })
      .catch(orAbortReason(signal));
    if (result !== 'begun') return { existingRunId: assertSameRequest(result, key) };
    let run: Run | undefined;
    try {
      const isNew = request.session_id === undefined;
      const waitedMs = performance.now() - beganMs;
      const timeoutMs = Math.max(1, command.timeoutMs - waitedMs);
      run = await this.#run({ ...command, timeoutMs, agent, releases: resolved, outputOptions }, row, isNew);
      this.control.register(run);
      await guard({ run, agent }, 'checkInput', request.message);
      return toExecution(run, request);
    } catch (failure) {
      await this.rejectedRuns.remove(row, key !== undefined, run);
      throw run?.signal.aborted === true ? run.signal.reason : failure;
    }
  }

  #agentFor({ message, temperature = DEFAULT_TEMPERATURE, agent_role = DEFAULT_ROLE }: RunRequest): AgentDefinition {
    // Entry points check more than this, but host code calls without one.
    if (message === '') throw invalidField('message', 'message must not be empty');
    if (!(temperature >= 0 && temperature <= 2)) throw invalidField('temperature', 'temperature must be from 0 to 2');
    return this.agents.get(agent_role);
  }

  #row(command: StartCommand, resolved: ResolvedAgents, agent: AgentDefinition, session: SessionKey): RunRow {
    const { kind, principal, requestId, request } = command;
    const now = Date.now();
    return newRow({
      run_id: newId(),
      ...session,
      agent_role: agent.role,
      kind,
      status: 'running',
      attempt: 1,
      owner: this.replica.id,
      caller: principal.id,
      end_user: principal.endUser ?? null,
      request_id: requestId,
      metadata: request.metadata ? JSON.stringify(request.metadata) : null,
      model: agent.model,
      ...releaseColumns(resolved, agent, false),
      created_at: now,
      started_at: now,
    });
  }

  async #run(command: ResolvedStart, row: RunRow, isNew: boolean): Promise<Run> {
    const session = await this.sessions.open(row, isNew);
    const { kind, principal, requestId, canWait, signal, ...resolved } = command;
    const context = { kind, principal, requestId, canWait, isKeyed: command.idempotencyKey !== undefined };
    const { agent, releases, outputOptions, timeoutMs } = resolved;
    const identity = { id: row.run_id, attempt: 1, createdAt: row.created_at };
    const attempt = { ...identity, agent, releases, session, context, timeoutMs, outputOptions };
    const onFailure = (cause: Error): void => run.abort(AgentError.from(cause));
    const events = new EventWriter(attempt, 0, { database: this.database, log: this.log }, onFailure);
    const records = {
      journal: new NoopJournal((fact) => run.emit(fact)),
      approvals: new RunApprovals({ runId: row.run_id, events, requested: [], isSuspendable: false }),
      spending: new UsageAccumulator(this.prices),
    };
    const run = new Run(attempt, kind === 'chat' ? records : { ...records, events });
    if (signal) abortWith(run, signal);
    return run;
  }
}

function toExecution(run: Run, { message, parts, temperature }: RunRequest): AgentExecution {
  const { agent } = run;
  return {
    run,
    agent,
    handoffChain: [agent],
    transcript: new Transcript(message, undefined, parts),
    temperature,
    stepPrefix: '',
  };
}

type NewRow = Omit<
  RunRow,
  | 'crashes'
  | 'blamed_at'
  | 'holds_session'
  | 'input_tokens'
  | 'output_tokens'
  | 'cached_tokens'
  | 'reasoning_tokens'
  | 'cost'
  | 'error'
  | 'outcome'
  | 'cancel_reason'
  | 'claimed_at'
  | 'spent_ms'
  | 'finished_at'
  | 'request'
  | 'metadata'
  | 'end_user'
  | 'scopes'
  | 'webhook_url'
  | 'release'
  | 'releases'
> &
  Partial<RunRow>;

/** Builds the row of a new run. Sets every column in order, as the prepared statement requires. */
export function newRow(values: NewRow): RunRow {
  return {
    run_id: values.run_id,
    tenant: values.tenant,
    session_id: values.session_id,
    agent_role: values.agent_role,
    kind: values.kind,
    status: values.status,
    attempt: values.attempt,
    crashes: 0,
    blamed_at: null,
    owner: values.owner,
    holds_session: values.holds_session ?? 1,
    caller: values.caller,
    end_user: values.end_user ?? null,
    scopes: values.scopes ?? null,
    request_id: values.request_id,
    request: values.request ?? null,
    metadata: values.metadata ?? null,
    model: values.model,
    input_tokens: 0,
    output_tokens: 0,
    cached_tokens: 0,
    reasoning_tokens: 0,
    cost: 0,
    error: null,
    outcome: null,
    cancel_reason: null,
    webhook_url: values.webhook_url ?? null,
    created_at: values.created_at,
    started_at: values.started_at,
    claimed_at: values.started_at,
    spent_ms: 0,
    finished_at: null,
    release: values.release ?? null,
    releases: values.releases ?? null,
  };
}

/** Aborts the run with the command's signal. A run that outlives its caller has none. */
function abortWith(run: Run, signal: AbortSignal): void {
  const onAbort = (): void => run.abort(abortReason(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  void run.ended.then(() => signal.removeEventListener('abort', onAbort));
}

/** Rethrows the failure, or the abort reason if the signal caused it. */
function orAbortReason(signal: AbortSignal | undefined): (failure: unknown) => never {
  return (failure) => {
    throw signal?.aborted === true ? abortReason(signal) : failure;
  };
}

function abortReason({ reason }: AbortSignal): AgentError {
  return reason instanceof AgentError ? reason : new AgentError('client_closed_request', {}, { cause: reason });
}
