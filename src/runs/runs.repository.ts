import { Injectable } from '@nestjs/common';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { Database } from '../storage/database.js';
import { InsertStatement } from '../storage/insert.statement.js';
import type { RunTable } from '../storage/schema.js';
import type { Run } from './run.js';
import type { Transcript } from './transcript.js';

const INSERT_RUN = new InsertStatement<RunTable>((transaction, row) => transaction.insertInto('runs').values(row));

/** The rows of runs: what was asked, how it ended and what it cost. */
@Injectable()
export class RunsRepository {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
  ) {}

  /** One commit: the run, its usage and the turn in its session, all or nothing. */
  async complete(run: Run, transcript: Transcript, model: string): Promise<void> {
    const now = Date.now();
    const { tenant, session_id, nextPosition: position, createdAt = now } = run.session;
    const session = { tenant, session_id, agent_role: run.agent.role, created_at: createdAt, updated_at: now };
    const turn = transcript.rows({ tenant, session_id, run_id: run.id, position, created_at: now });
    const { inputTokens, outputTokens } = transcript.usage;
    const usage = { input_tokens: inputTokens, output_tokens: outputTokens };
    await this.database.write(async (transaction) => {
      await this.sessions.append(transaction, session, turn);
      await INSERT_RUN.run(transaction, { ...runRow(run, 'completed', now), ...usage, model });
    });
  }

  /** Keeps that a run came to nothing; its session stays as it was. */
  async abandon(run: Run, status: 'failed' | 'cancelled', error: string): Promise<void> {
    const row = { ...runRow(run, status, Date.now()), error };
    await this.database.write((transaction) => INSERT_RUN.run(transaction, row));
  }
}

function runRow(run: Run, status: RunTable['status'], finishedAt: number): RunTable {
  return {
    run_id: run.id,
    tenant: run.session.tenant,
    session_id: run.session.session_id,
    agent_role: run.agent.role,
    status,
    model: run.agent.model,
    input_tokens: 0,
    output_tokens: 0,
    error: null,
    created_at: run.createdAt,
    finished_at: finishedAt,
  };
}
