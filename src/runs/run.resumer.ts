import { Injectable } from '@nestjs/common';
import { AgentRegistry } from '../agents/agent.registry.js';
import { CallerSchemas } from '../agents/schemas/caller.schemas.js';
import { AgentError } from '../errors/agent.error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Database } from '../storage/database.js';
import type { AgentExecution } from './loop/agent.loop.js';
import { EventLog } from './events/event.log.js';
import { EventWriter, RunInterrupted } from './events/event.writer.js';
import { guard } from './loop/guard.js';
import { Run } from './run.js';
import { RunApprovals } from './journal/run.approvals.js';
import { RunControl } from './recovery/run.control.js';
import { parseOutputOptions } from './run-output.options.js';
import { principalOfTask, type RunRow } from './run.row.js';
import { DatabaseJournal } from './journal/database.journal.js';
import { parseStoredRequest } from './stored.request.js';
import { ReleaseResolver } from './loop/release.resolver.js';
import { Transcript } from './loop/transcript.js';
import { Prices } from '../usage/prices.js';
import { UsageAccumulator } from '../usage/usage.accumulator.js';

/** Opens an attempt of a claimed task. The journal replays the steps that earlier attempts finished. */
@Injectable()
export class RunResumer {
  // oxlint-disable-next-line rookery/max-params -- every part that a resumed run needs
  constructor(
    private readonly agents: AgentRegistry,
    private readonly schemas: CallerSchemas,
    private readonly releases: ReleaseResolver,
    private readonly sessions: SessionsService,
    private readonly control: RunControl,
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly prices: Prices,
  ) {}

  /**
   * Opens the run of a row that this process has just claimed. The engine handles later failures.
   *
   * @param timeoutMs remaining time of the run.
   * @param signal aborts the preparation, or the run if it already exists.
   */
  async open(row: RunRow, timeoutMs: number, signal: AbortSignal): Promise<AgentExecution> {
    const request = parseStoredRequest(row);
    const principal = principalOfTask(row);
    const resolved = this.releases.restore(row);
    const agent = resolved.withRelease(this.agents.get(row.agent_role));
    const release = resolved.releaseOf(agent.role);
    if (release !== row.release) await this.#storeRelease(row, release);
    const session = await this.sessions.open(row);
    const context = {
      kind: row.kind,
      principal,
      requestId: row.request_id,
      canWait: true,
      isKeyed: true,
      traceHeaders: request.trace,
    };
    const attempt = {
      id: row.run_id,
      attempt: row.attempt,
      createdAt: row.created_at,
      agent,
      releases: resolved,
      session,
      context,
      timeoutMs,
      outputOptions: await parseOutputOptions(request, (schema) => this.schemas.compile(schema, principal, signal)),
    };
    const store = { database: this.database, log: this.log };
    const events = new EventWriter(attempt, await this.log.lastSequence(row.run_id), store, (cause) =>
      run.abort(cause),
    );
    const journal = await DatabaseJournal.open({ ...attempt, crashes: row.crashes }, events, this.database);
    const requestedApprovals = await this.database.query
      .selectFrom('approvals')
      .selectAll()
      .where('run_id', '=', row.run_id)
      .execute();
    const approvals = new RunApprovals({
      runId: row.run_id,
      events,
      requested: requestedApprovals,
      isSuspendable: true,
    });
    const run = new Run(attempt, { events, journal, approvals, spending: new UsageAccumulator(this.prices) });
    this.control.register(run);
    const reason: unknown = signal.reason;
    if (signal.aborted) run.abort(reason instanceof RunInterrupted ? reason : AgentError.from(reason));
    const { temperature } = request;
    try {
      if (!journal.hasBegun) await guard({ run, agent }, 'checkInput', request.message);
    } catch (failure) {
      // The engine ends the run, as after any later failure.
      run.abort(AgentError.from(failure));
    }
    const transcript = new Transcript(request.message, undefined, request.parts);
    return { run, agent, handoffChain: [agent], transcript, temperature, stepPrefix: '' };
  }

  /** The release of the run no longer exists: stores the one that it continues with. */
  async #storeRelease({ run_id, attempt }: RunRow, release: string): Promise<void> {
    await this.database.write((transaction) =>
      transaction
        .updateTable('runs')
        .set({ release })
        .where('run_id', '=', run_id)
        .where('attempt', '=', attempt)
        .where('status', '=', 'running')
        .execute(),
    );
  }
}
