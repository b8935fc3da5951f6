import { Injectable } from '@nestjs/common';
import { assertAccess } from '../auth/caller.access.js';
import type { Principal } from '../auth/principal.js';
import { RequestScope } from '../async/request.scope.js';
import type { ModelMessage } from '../models/language.model.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { newId } from '../storage/new.id.js';
import { headersOf } from '../telemetry/spans.js';
import { QuotaService } from '../usage/quota.service.js';
import type { RunRequest, StoredEvent } from './events/run.events.js';
import type { PlannedSession } from '../usage/quotas/session.quota.js';
import { effectKeyOf, type IdempotencyKey, keyOf } from './idempotency.js';
import type { AgentExecution } from './loop/agent.execution.js';
import { releaseColumns, type ResolvedAgent, ReleaseResolver } from './loop/release.resolver.js';
import { Transcript } from './loop/transcript.js';
import { Run, type RunContext, type RunOutputOptions } from './run.js';
import { RunRecordsFactory } from './run.records.js';
import { newRow, principalOfTask, type RunRow } from './run.row.js';
import { RunsRepository } from './runs.repository.js';
import { checkedTextOf } from './request/input.messages.js';
import { settingsOf } from './request/caller.settings.js';
import { RequestChecks } from './request/request.checks.js';
import { levelOf } from './request/request.level.js';
import { parseStoredRequest, serializeRequest } from './journal/stored.request.js';

/** The command to start a run or to submit a task. */
export interface RunCommand extends Pick<RunContext, 'principal' | 'requestId' | 'kind'> {
  readonly request: RunRequest;
  /** The caller's key for this request: a repeat gets the same run. */
  readonly idempotencyKey?: string | undefined;
  /** The scope of the key; default: the kind of the run. A stream in the same scope may repeat a chat. */
  readonly keySpace?: string | undefined;
  /** Aborts the preparation, and then the run. */
  readonly signal?: AbortSignal | undefined;
  /** The URL to which a finished task is posted. */
  readonly webhookUrl?: string | undefined;
}

/** The request to try a task again. */
export type RetryCommand = Pick<RunCommand, 'principal' | 'requestId' | 'idempotencyKey'>;

/** A row that is stored once its session is free. */
export interface PlannedRow {
  readonly command: Pick<RunCommand, 'kind' | 'signal'>;
  readonly key: IdempotencyKey | undefined;
  readonly row: RunRow;
  /** The run whose turn it must follow. */
  readonly after?: string | undefined;
  /** The lowest level of a replica that reads all parts of the request. */
  readonly level: number;
  /** The first event of a chat or stream whose events are stored. */
  readonly opening?: StoredEvent | undefined;
}

/** A run that may begin once its row is stored. */
export interface RunPlan extends PlannedRow {
  readonly command: RunCommand;
  readonly resolved: ResolvedAgent;
  readonly outputOptions: RunOutputOptions;
}

/** Plans runs from requests, and builds them from their rows. Every run of every entry point is made here. */
@Injectable()
export class RunFactory {
  constructor(
    private readonly releases: ReleaseResolver,
    private readonly sessions: SessionsService,
    private readonly quota: QuotaService,
    private readonly checks: RequestChecks,
    private readonly runs: RunsRepository,
    private readonly records: RunRecordsFactory,
  ) {}

  /**
   * Chooses the agent, the session and the key of a run. Stores nothing.
   *
   * @param isMoved it cannot continue its session, so it begins a new one.
   * @throws AgentError if the request is refused.
   */
  async plan(asked: RunCommand, isMoved = false): Promise<RunPlan> {
    const { principal, signal, webhookUrl } = asked;
    const { request, after } = placeOf(asked.request, isMoved);
    const command = { ...asked, request };
    this.checks.assertValid(request, command.kind);
    const session = this.sessions.keyOf(principal, request.session_id);
    await this.sessions.assertOwn(principal, request.session_id);
    await this.sessions.assertForkable(request.fork_from, principal);
    const resolved = await this.releases.resolve(request, session.session_id, principal);
    this.checks.assertSupported(request, resolved.agent);
    const key = keyOf({ ...asked, request: { ...asked.request, webhook_url: webhookUrl } });
    const run = { ...session, isNewSession: request.session_id === undefined };
    await this.#assertAllowed(principal, resolved, run).catch(this.#unlessRepeated(key));
    // Compiles the schema last: a caller without a budget must not use the compiler.
    const outputOptions = await this.checks.admitOutput(request, principal, signal);
    const now = Date.now();
    const row = newRow({
      run_id: newId(),
      ...session,
      ...columnsOf(command, now),
      ...releaseColumns(resolved, command.kind === 'task'),
      effect_key: key ? effectKeyOf(key) : null,
      created_at: now,
    });
    const level = levelOf(request);
    const opening = this.records.openingOf(row, resolved.agent);
    return { command, resolved, outputOptions, key, row, after, level, opening };
  }

  /**
   * Plans a task that continues from the journal of an earlier one. Stores nothing.
   *
   * @throws AgentError if the request is refused.
   */
  async planRetry(earlier: RunRow, command: RetryCommand): Promise<PlannedRow> {
    const { principal, requestId } = command;
    const { run_id, tenant, session_id, end_user, agent_role, model, release, releases, metadata, webhook_url } =
      earlier;
    await this.sessions.assertOwn(principal, session_id);
    const key = keyOf({ ...command, kind: 'task', request: { retry_of: run_id } });
    const resolved = this.releases.restore(earlier);
    const run = { tenant, session_id };
    await this.#assertAllowed(principal, resolved, run).catch(this.#unlessRepeated(key));
    const { trace: _, access: __, ...request } = parseStoredRequest(earlier);
    const now = Date.now();
    const row = newRow({
      run_id: newId(),
      tenant,
      session_id,
      agent_role,
      model,
      agent_version: resolved.agent.version ?? null,
      release,
      releases,
      ...columnsOf({ kind: 'task', request, principal, requestId }, now),
      // Its journal has data of the end user. They are exported and erased with it.
      end_user,
      metadata,
      webhook_url: isSameCaller(earlier.caller, principal) ? webhook_url : null,
      retry_of: run_id,
      // An unfinished call keeps its idempotency key.
      effect_key: earlier.effect_key ?? run_id,
      created_at: now,
    });
    return { command: { kind: 'task' }, key, row, level: levelOf(request) };
  }

  /** Whether the run repeats an earlier one: it gets that one's result, and does not begin. */
  async isRepeat({ key }: PlannedRow): Promise<boolean> {
    return await this.runs.isKnown(key);
  }

  #unlessRepeated(key: IdempotencyKey | undefined): (refusal: unknown) => Promise<void> {
    return async (refusal) => {
      if (!(await this.runs.isKnown(key))) throw refusal;
    };
  }

  /** @throws AgentError `forbidden`, `stopped`, `rate_limited`, `token_budget_exhausted` or `quota_exceeded`. */
  async #assertAllowed(principal: Principal, resolved: ResolvedAgent, run: PlannedSession): Promise<void> {
    assertAccess(principal, resolved.agent);
    this.releases.assertRunning(resolved, principal);
    await this.quota.assertAvailable(principal, run);
  }

  /** Builds the run of a chat or stream whose row is stored. */
  async create(
    { command, resolved, outputOptions, key, row, opening }: RunPlan,
    timeoutMs: number,
  ): Promise<AgentExecution> {
    const { request, principal, requestId, kind } = command;
    const { run_id: id, attempt } = row;
    const place = { isNew: request.session_id === undefined, forkFrom: request.fork_from };
    const session = await this.sessions.open(row, place);
    // A late read must not leave a run behind.
    RequestScope.current?.throwIfLate();
    const input = this.checks.inputOf(request, session);
    const isUnstored = request.store === false;
    const effectKey = row.effect_key ?? undefined;
    const context = { principal, requestId, kind, isKeyed: key !== undefined, isUnstored, effectKey };
    const run = new Run({ id, attempt, ...resolved, session, context, timeoutMs, outputOptions }, (each) =>
      this.records.create(each, opening),
    );
    return executionOf(run, request, input);
  }

  /**
   * Builds the run of a task that this process has claimed. Its journal has the steps of earlier attempts.
   *
   * @param timeoutMs remaining time of the run.
   * @param signal aborts the preparation.
   */
  async resume(row: RunRow, timeoutMs: number, signal: AbortSignal): Promise<AgentExecution> {
    const { trace: traceHeaders, access, ...request } = parseStoredRequest(row);
    const principal = { ...principalOfTask(row), access };
    const resolved = this.releases.restore(row);
    const release = resolved.releases.releaseOf(row.agent_role);
    // The release of the run may no longer exist.
    if (release !== row.release) await this.runs.storeRelease(row, release);
    const session = await this.sessions.open(row, { forkFrom: request.fork_from });
    const input = this.checks.inputOf(request, session);
    const context = {
      principal,
      requestId: row.request_id,
      kind: row.kind,
      isKeyed: true,
      effectKey: row.effect_key ?? undefined,
      traceHeaders,
    };
    const outputOptions = await this.checks.restoreOutput(request, principal, signal);
    const openRecords = await this.records.restore(row);
    const { run_id: id, attempt } = row;
    const run = new Run({ id, attempt, ...resolved, session, context, timeoutMs, outputOptions }, openRecords);
    return executionOf(run, request, input);
  }
}

/** The request with its session, and the run whose turn it must follow there. */
function placeOf({ continue_after: after, ...request }: RunRequest, isMoved: boolean) {
  if (after === undefined || !isMoved) return { request, after };
  const { session_id: _, ...rest } = request;
  return { request: { ...rest, fork_from: after }, after: undefined };
}

/** The receiver of another caller must not learn of a retry: its key may be revoked later. Nobody can revoke an address. */
function isSameCaller(caller: string, { id }: Principal): boolean {
  return caller === id || (caller.startsWith('ip:') && id.startsWith('ip:'));
}

/** The columns of a new run that its kind decides. A task keeps its request and the rights of its caller for later attempts. */
function columnsOf({ kind, request, principal, requestId, keySpace, ...command }: RunCommand, now: number) {
  const { id: caller, endUser: end_user = null, scopes, access } = principal;
  const isUnstored = request.store === false;
  const metadata = request.metadata && !isUnstored ? JSON.stringify(request.metadata) : null;
  const columns = { kind, caller, end_user, request_id: requestId, metadata };
  if (kind === 'task') {
    const stored = serializeRequest({ ...request, trace: headersOf(), access });
    const { webhookUrl: webhook_url = null } = command;
    return {
      ...columns,
      status: 'queued',
      attempt: 0,
      request: stored,
      scopes: scopes?.join(' ') ?? null,
      webhook_url,
    } as const;
  }
  // A stream in the same key space may repeat a chat.
  const isShared = kind === 'chat' && command.idempotencyKey !== undefined && keySpace !== undefined;
  const has_events = isUnstored ? 0 : isShared ? 1 : null;
  return { ...columns, status: 'running', attempt: 1, started_at: now, claimed_at: now, has_events } as const;
}

function executionOf(run: Run, request: RunRequest, input: readonly ModelMessage[]): AgentExecution {
  const { agent } = run;
  const { temperature } = request;
  const [settings, checkedText] = [settingsOf(request), checkedTextOf(request)];
  const start = { transcript: new Transcript(input), handoffChain: [agent], turn: 1, callCount: 0, stepPrefix: '' };
  return { run, agent, temperature, settings, checkedText, ...start };
}
