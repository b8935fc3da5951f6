import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { AgentsModuleOptions } from '../agents/agents.options.js';
import { MAX_CRASHES, SUSPECT_CRASHES } from '../runs/recovery/process.death.js';
import type { RunRow } from '../runs/run.row.js';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { Switches } from '../switches/switches.js';
import { claimableTasks, heldBackTasks } from './claims/claim.queries.js';

/** The rows of suspects, which are tasks whose processes died repeatedly. */
@Injectable()
export class SuspectsRepository {
  constructor(
    private readonly database: Database,
    private readonly switches: Switches,
    private readonly agents: AgentsModuleOptions,
  ) {}

  /**
   * The next suspect: first a blamed one, then one with a tool call that processes died in, then the last one that
   * started. Returns undefined while another suspect is blamed and held back. If a process dies meanwhile, that suspect
   * was not the cause.
   */
  async next(perCaller: number | undefined): Promise<string | undefined> {
    const versions = Object.values(this.agents.versions);
    const row = await claimableTasks({ perCaller, stopped: this.switches.names, versions }, this.database.query)
      .where('task.finished_at', 'is', null)
      .where('task.crashes', '>=', sql.lit(SUSPECT_CRASHES))
      .where((of) => of.not(of.exists(heldBackTasks(this.database.query))))
      .orderBy((of) => of.fn.coalesce('task.blamed_at', sql.lit(0)), 'desc')
      .orderBy(
        (of) =>
          of
            .selectFrom('steps')
            .select((call) => call.fn.coalesce(call.fn.max('steps.deaths'), sql.lit(0)).as('deaths'))
            .whereRef('steps.run_id', '=', 'task.run_id')
            .where('steps.state', '=', 'started'),
        'desc',
      )
      .orderBy('task.claimed_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.run_id;
  }

  /**
   * Records that a claimed task was the cause of the deaths.
   *
   * @returns true if the task continues without the fatal tool call; false if it has no such call and must end.
   */
  async recordCause({ run_id }: Pick<RunRow, 'run_id'>): Promise<boolean> {
    return await this.database.write(async (transaction) => {
      await this.#clearOthers(transaction);
      const call = await transaction
        .selectFrom('steps')
        .select('step')
        .where('run_id', '=', run_id)
        .where('state', '=', 'started')
        .where('deaths', '>=', MAX_CRASHES)
        .executeTakeFirst();
      // A task without such a call stays blamed until its end is stored.
      if (call === undefined) return false;
      await transaction.updateTable('runs').set({ blamed_at: null }).where('run_id', '=', run_id).execute();
      return true;
    });
  }

  /** Tasks that only ran at the same time need not run alone. Those with a tool call in progress may be a cause too. */
  async #clearOthers(transaction: Transaction<Schema>): Promise<void> {
    await transaction
      .updateTable('runs')
      .set({ crashes: SUSPECT_CRASHES - 1 })
      .where('status', '=', 'queued')
      .where('finished_at', 'is', null)
      .where('crashes', '=', sql.lit(SUSPECT_CRASHES))
      // This term belongs to the index of suspects; without it SQLite reads all open runs.
      .where('crashes', '>=', sql.lit(SUSPECT_CRASHES))
      .where((of) =>
        of.not(
          of.exists(
            of
              .selectFrom('steps')
              .select('step')
              .whereRef('steps.run_id', '=', 'runs.run_id')
              .where('state', '=', 'started')
              .where('deaths', '>', 0),
          ),
        ),
      )
      .execute();
  }
}
