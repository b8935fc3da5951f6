import { Injectable, Logger } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { AgentError } from '../../errors/agent.error.js';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { EventLog } from '../events/event.log.js';
import { lockedRun, runningRuns } from './locked.run.js';
import { repeatedDeathError, SUSPECT_CRASHES, type DeathAssessment, assessDeath } from './process.death.js';
import { RunControl } from './run.control.js';
import type { StoredEvent } from '../events/run.events.js';
import { cancellationOf, type RunRow } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';

/** Recovers runs whose process no longer runs them: requeues tasks, fails other runs. */
@Injectable()
export class OrphanedRuns {
  readonly #logger = new Logger(OrphanedRuns.name);

  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly control: RunControl,
  ) {}

  /** Records a death in the commit that detects it. If the process held no task, all blamed tasks are cleared. */
  async recordDeath(owner: string, transaction: Transaction<Schema>): Promise<void> {
    const held = await runningRuns(transaction)
      .selectAll()
      .where('owner', '=', owner)
      .where('kind', '=', 'task')
      .executeTakeFirst();
    if (held === undefined) await this.#resetSuspects(transaction);
  }

  /**
   * Recovers all runs of a dead process.
   *
   * @param heartbeatAt its last heartbeat in epoch milliseconds. Until then its attempts used the time of their tasks.
   * undefined: not known.
   */
  async recoverAll(owner: string, heartbeatAt?: number): Promise<void> {
    // Tasks first, in one commit: all tasks of the process are judged together.
    const recovered = await this.database.write((transaction) =>
      this.#recoverTasks(owner, heartbeatAt ?? 0, transaction),
    );
    for (const each of recovered) this.#report(each);
    const others = await runningRuns(this.database.query)
      .selectAll()
      .where('owner', '=', owner)
      .where('kind', '!=', 'task')
      // Replicas that recover the same runs lock them in the same order.
      .orderBy('run_id')
      .execute();
    // Writes of one tick share their commits. One commit each would delay the last of a thousand by many seconds.
    await Promise.all(others.map((orphan) => this.recover(orphan)));
  }

  /** Recovers a run that did not harm its process: requeues a task, fails any other run. */
  async recover(orphan: RunRow): Promise<void> {
    const recovered = await this.database.write((transaction) => this.#recoverOne(orphan, transaction));
    if (recovered) this.#report(recovered);
  }

  /** Resolves to undefined if the run has changed since it was found. */
  async #recoverOne(
    { run_id, tenant, attempt, owner }: RunRow,
    transaction: Transaction<Schema>,
  ): Promise<RecoveredRun | undefined> {
    const run = await lockedRun(run_id, { tenant }, transaction);
    if (run?.status !== 'running' || run.attempt !== attempt || run.owner !== owner) return undefined;
    // Somebody may have cancelled it since it was found.
    const failure = failureOf(run);
    if (failure) return { run, failure, finalEvent: await this.runs.endIdle(run, failure, transaction) };
    await transaction.updateTable('runs').set({ status: 'queued', owner: null }).where('run_id', '=', run_id).execute();
    return { run, failure, finalEvent: undefined };
  }

  /** Another replica that does the same waits for the row locks and then finds no task. */
  async #recoverTasks(owner: string, heartbeatAt: number, transaction: Transaction<Schema>): Promise<RecoveredRun[]> {
    const isPostgres = this.database.dialect === 'postgres';
    const held = runningRuns(transaction).selectAll().where('owner', '=', owner).orderBy('run_id');
    const tasks = await held
      .where('kind', '=', 'task')
      .$if(isPostgres, (query) => query.forUpdate())
      .execute();
    if (tasks.length === 0) return [];
    const others = await held.where('kind', '!=', 'task').execute();
    const recovered: RecoveredRun[] = [];
    const all = [...tasks, ...others];
    for (const task of tasks) recovered.push(await this.#recoverTask(task, all, heartbeatAt, transaction));
    if (!recovered.some(({ assessment }) => assessment?.isCause === true)) await this.#resetSuspects(transaction);
    return recovered;
  }

  async #recoverTask(
    task: RunRow,
    held: readonly RunRow[],
    heartbeatAt: number,
    transaction: Transaction<Schema>,
  ): Promise<RecoveredRun> {
    const calls = await transaction
      .selectFrom('steps')
      .select(['step', 'deaths'])
      .where('run_id', '=', task.run_id)
      .where('state', '=', 'started')
      .where('attempt', '=', task.attempt)
      .execute();
    const assessment = assessDeath(task, calls, held);
    const { crashes, callDeaths } = assessment;
    const failure = failureOf(task, assessment);
    const steps = calls.map(({ step }) => step);
    if (steps.length > 0) {
      await transaction
        .updateTable('steps')
        .set({ deaths: callDeaths })
        .where('run_id', '=', task.run_id)
        .where('step', 'in', steps)
        .execute();
    }
    const blamed_at = assessment.isCause ? Date.now() : null;
    const spent_ms = task.spent_ms + Math.max(0, heartbeatAt - (task.claimed_at ?? heartbeatAt));
    await transaction
      .updateTable('runs')
      .set({ crashes, blamed_at, spent_ms, ...(failure ? {} : { status: 'queued', owner: null }) })
      .where('run_id', '=', task.run_id)
      .execute();
    const finalEvent = failure && (await this.runs.endIdle(task, failure, transaction));
    return { run: task, assessment, steps, failure, finalEvent };
  }

  /** Turns blamed tasks into suspects again, because a process died without them. */
  async #resetSuspects(transaction: Transaction<Schema>): Promise<void> {
    const causes = transaction
      .selectFrom('runs')
      .select('run_id')
      .where('status', '=', 'queued')
      .where('finished_at', 'is', null)
      .where('crashes', '>=', sql.lit(SUSPECT_CRASHES))
      .where('blamed_at', 'is not', null);
    await transaction
      .updateTable('steps')
      .set({ deaths: SUSPECT_CRASHES })
      .where('run_id', 'in', causes)
      .where('state', '=', 'started')
      .where('deaths', '>', SUSPECT_CRASHES)
      .execute();
    await transaction
      .updateTable('runs')
      .set({ crashes: SUSPECT_CRASHES, blamed_at: null })
      .where('run_id', 'in', causes)
      .execute();
  }

  #report({ run, assessment, steps, failure, finalEvent }: RecoveredRun): void {
    const { run_id } = run;
    const isGivenUp = assessment !== undefined && failure?.code === 'run_interrupted';
    this.#logger.warn({
      run_id,
      steps,
      deaths: assessment?.crashes,
      is_blamed: assessment?.isCause,
      error: failure?.code,
      msg: isGivenUp ? 'a task was given up: its process died again and again' : 'the process of a run has died',
    });
    if (finalEvent) this.log.publish(run_id, [finalEvent]);
    if (!failure) this.control.announceQueued(run_id);
    else this.control.announceReleased(run);
  }
}

/** A recovered run. */
interface RecoveredRun {
  readonly run: RunRow;
  /** Set for a task whose process died. */
  readonly assessment?: DeathAssessment;
  /** The tool calls in progress when the process died. */
  readonly steps?: readonly string[];
  /** The failure that ends the run; undefined: it continues. */
  readonly failure: AgentError | undefined;
  /** The last event of the run. */
  readonly finalEvent: StoredEvent | undefined;
}

/** The failure of a run whose process died; undefined if the run continues. */
function failureOf(run: RunRow, assessment?: DeathAssessment): AgentError | undefined {
  const cancellation = cancellationOf(run);
  if (cancellation) return cancellation;
  if (run.kind !== 'task') return new AgentError('run_interrupted');
  if (assessment?.isOver !== true) return undefined;
  return repeatedDeathError(assessment.crashes);
}
