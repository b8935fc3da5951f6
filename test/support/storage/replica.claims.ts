import { sql } from 'kysely';
import { ReplicaId } from '../../../src/runs/recovery/replica.id.js';
import type { Database } from '../../../src/storage/database.js';
import type { RunTable } from '../../../src/storage/schema.js';
import { ClaimsRepository } from '../../../src/tasks/claims/claims.repository.js';
import { agentsWith, runRow, switchesOf } from './databases.js';

/** A row to insert. By default it is in its own session. */
export type TaskToInsert = Pick<RunTable, 'run_id'> & Partial<RunTable>;

export const QUEUED = { kind: 'task', status: 'queued', attempt: 0, finished_at: null } as const;
export const RUNNING = { kind: 'task', status: 'running', holds_session: 1, finished_at: null } as const;

/** The claims of one replica. */
export class ReplicaClaims extends ClaimsRepository {
  /** @param versions the versions of agents that the replica has. */
  constructor(
    readonly opened: Database,
    ...versions: readonly string[]
  ) {
    super(opened, new ReplicaId(), switchesOf(opened), agentsWith(...versions));
  }

  async insert(...tasks: readonly TaskToInsert[]): Promise<void> {
    await insertTasks(this.opened, ...tasks);
  }

  /** Queues tasks of a caller, each in its own session, older than any other. */
  async insertMany(count: number, caller = 'host'): Promise<void> {
    await sql`
      insert into runs (run_id, tenant, session_id, agent_role, kind, status, attempt, crashes, holds_session, caller,
        request_id, model, input_tokens, output_tokens, created_at, spent_ms)
      with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i < ${sql.lit(count - 1)})
      select 'many-' || cast(i as text), 'default', 'many-' || cast(i as text), 'assistant', 'task', 'queued', 0, 0, 0,
        ${sql.lit(caller)}, 'r', 'm', 0, 0, i, 0 from numbers`.execute(this.opened.query);
  }

  /** Claims in turn, and returns the ids. */
  async claimAll(perCaller?: number): Promise<string[]> {
    const ids: string[] = [];
    while ((await this.findNext(perCaller)) !== undefined) {
      const row = await this.claimNext(perCaller);
      if (row) ids.push(row.run_id);
    }
    return ids;
  }

  /** Claims so many tasks, each when it is found. Returns the ids. */
  async claimTurns(count: number, perCaller?: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const runId = await this.findNext(perCaller);
      if (runId === undefined) return ids;
      if (await this.claim(runId, perCaller)) ids.push(runId);
    }
    return ids;
  }
}

/** The row of a task that a worker runs. */
export function runningTask(run_id: string): RunTable {
  return { ...runRow(run_id), ...RUNNING, session_id: run_id };
}

export async function insertTasks(database: Database, ...tasks: readonly TaskToInsert[]): Promise<void> {
  const rows = tasks.map((task) => Object.assign(runRow(task.run_id), { session_id: task.run_id }, task));
  await database.write((transaction) => transaction.insertInto('runs').values(rows).execute());
}
