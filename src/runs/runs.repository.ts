import { Injectable } from '@nestjs/common';
import type { ModelReply } from '../models/language.model.js';
import { estimateTokens } from '../models/token.estimate.js';
import { type MessageRow, SessionsRepository } from '../sessions/sessions.repository.js';
import { Database } from '../storage/database.js';
import { InsertStatement } from '../storage/insert.statement.js';
import type { RunTable } from '../storage/schema.js';
import type { Run } from './run.js';

const INSERT_RUN = new InsertStatement<RunTable>((transaction, row) => transaction.insertInto('runs').values(row));

/** The rows of runs: what was asked, how it ended and what it cost. */
@Injectable()
export class RunsRepository {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
  ) {}

  /** One commit: the run, its usage and the turn in its session, all or nothing. */
  async complete(run: Run, message: string, reply: ModelReply): Promise<void> {
    const now = Date.now();
    const { tenant, session_id, createdAt = now } = run.session;
    const session = { tenant, session_id, agent_role: run.agent.role, created_at: createdAt, updated_at: now };
    const turn = [messageRow(run, 'user', message, now), messageRow(run, 'assistant', reply.text, now)];
    const row = { ...runRow(run, 'completed', now), ...usageOf(reply), model: reply.model };
    await this.database.write(async (transaction) => {
      await this.sessions.append(transaction, session, turn);
      await INSERT_RUN.run(transaction, row);
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

function usageOf({ usage }: ModelReply): Pick<RunTable, 'input_tokens' | 'output_tokens'> {
  return { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens };
}

function messageRow(run: Run, role: MessageRow['role'], content: string, createdAt: number): MessageRow {
  const { tenant, session_id, nextPosition } = run.session;
  return {
    message_id: `${run.id}-${role}`,
    tenant,
    session_id,
    position: role === 'user' ? nextPosition : nextPosition + 1,
    run_id: run.id,
    role,
    content,
    tool: null,
    call_id: null,
    tokens: estimateTokens(content),
    created_at: createdAt,
  };
}
