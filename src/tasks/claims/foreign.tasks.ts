import { Injectable, Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { AgentsModuleOptions } from '../../agents/agents.options.js';
import { Database } from '../../storage/database.js';
import { QUEUED } from './claim.queries.js';

/** Interval at which the log reports such tasks, as long as they wait. */
const REPORT_MS = 60_000;

/** While replicas have different versions, the right one takes a new task at once. */
const WAITED_MS = 5000;

/** Reports the tasks that this process leaves alone, because it has another version of their agent. */
@Injectable()
export class ForeignTasks {
  readonly #logger = new Logger(ForeignTasks.name);
  #reportedAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly agents: AgentsModuleOptions,
  ) {}

  /** Logs them once a minute, each role on a line of its own. Never throws. */
  async report(): Promise<void> {
    if (performance.now() - this.#reportedAtMs < REPORT_MS) return;
    this.#reportedAtMs = performance.now();
    try {
      const counts = await this.#count();
      // New ones are reported at the next look.
      if (counts.length === 0) this.#reportedAtMs = -Infinity;
      for (const { agent_role, tasks } of counts) {
        const msg = 'tasks wait for a process that has the version of their agent; this one has another';
        this.#logger.warn({ agent_role, tasks, msg });
      }
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'tasks with other versions of agents could not be counted' });
    }
  }

  async #count() {
    const own = Object.values(this.agents.versions);
    return await this.database.query
      .selectFrom('runs')
      .select((of) => ['agent_role', of.fn.countAll<number>().as('tasks')])
      .where('status', '=', QUEUED)
      // These terms are those of the index.
      .where('agent_version', 'is not', sql.lit(null))
      .where('agent_version', 'not in', [...own, ''])
      .where('created_at', '<', Date.now() - WAITED_MS)
      .groupBy('agent_role')
      .execute();
  }
}
