import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../agents/agent.definition.js';
import { LanguageModel } from '../models/language.model.js';
import { Database } from '../storage/database.js';
import { Prices } from '../usage/prices.js';
import { UsageAccumulator } from '../usage/usage.accumulator.js';
import type { EventPosition } from './events/early.facts.js';
import { EventLog } from './events/event.log.js';
import { EventWriter } from './events/event.writer.js';
import { serializeEvent, type StoredEvent } from './events/run.events.js';
import { startOf } from './events/run.start.js';
import { DatabaseJournal } from './journal/database.journal.js';
import { RunApprovals } from './journal/run.approvals.js';
import { NoopJournal } from './journal/run.journal.js';
import type { Run, RunRecords } from './run.js';
import { hasEvents, type RunRow } from './run.row.js';
import { RunsModuleOptions } from './runs.options.js';
import { RunsRepository } from './runs.repository.js';

const HOUR_MS = 3_600_000;

/** Opens the event writer, the journal and the approvals of an attempt. */
@Injectable()
export class RunRecordsFactory {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly prices: Prices,
    private readonly runs: RunsRepository,
    private readonly options: RunsModuleOptions,
    private readonly model: LanguageModel,
  ) {}

  /** The first event of a chat or stream whose events are stored, for the commit of its row. */
  openingOf(row: RunRow, agent: AgentDefinition): StoredEvent | undefined {
    if (row.kind === 'task' || !hasEvents(row)) return undefined;
    return serializeEvent(row.run_id, 1, startOf(row.session_id, agent, this.model));
  }

  /** The records of a chat or a stream, which ends with its process. Without a first event it has none. */
  create(run: Run, opening: StoredEvent | undefined): RunRecords {
    const isHandedOn = run.context.isUnstored === true && run.context.kind === 'stream';
    if (isHandedOn) this.log.handOn(run);
    const events = this.#writer(run, opening ?? { sequence: 0, part: 0 });
    return {
      events: opening || isHandedOn ? events : undefined,
      journal: new NoopJournal(
        (fact) => run.emit(fact),
        async () => (run.context.isKeyed ? await this.runs.markEffects(run) : undefined),
      ),
      approvals: new RunApprovals({
        runId: run.id,
        tenant: run.session.tenant,
        events,
        requested: [],
        isSuspendable: false,
        timeoutMs: 0,
      }),
      spending: new UsageAccumulator(this.prices),
    };
  }

  /** The records of a task, with all that earlier attempts stored. */
  async restore({ run_id: runId, tenant, crashes, failures }: RunRow): Promise<(run: Run) => RunRecords> {
    const position = await this.log.position(runId);
    const { query } = this.database;
    const steps = await query.selectFrom('steps').selectAll().where('run_id', '=', runId).execute();
    const requested = await query.selectFrom('approvals').selectAll().where('run_id', '=', runId).execute();
    const timeoutMs = this.options.approvalTimeoutHours * HOUR_MS;
    return (run) => {
      const events = this.#writer(run, position);
      return {
        events,
        journal: new DatabaseJournal({ id: runId, attempt: run.attempt, crashes, failures }, events, steps),
        approvals: new RunApprovals({ runId, tenant, events, requested, isSuspendable: true, timeoutMs }),
        spending: new UsageAccumulator(this.prices),
      };
    };
  }

  #writer(run: Run, stored: EventPosition | StoredEvent): EventWriter {
    const { database, log } = this;
    return new EventWriter(run, stored, { database, log }, (cause) => run.abort(cause));
  }
}
