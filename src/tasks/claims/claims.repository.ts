import { setImmediate as nextTick } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Kysely, sql, type Transaction, type UpdateResult } from 'kysely';
import { AgentsModuleOptions } from '../../agents/agents.options.js';
import { isRevokedCaller, REVOKED_KEY } from '../../auth/key.revocation.js';
import { SUSPECT_CRASHES } from '../../runs/recovery/process.death.js';
import { ReplicaId } from '../../runs/recovery/replica.id.js';
import type { RunRow } from '../../runs/run.row.js';
import { Database, type WriteOptions } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { ignoreUniqueViolation } from '../../storage/unique.violation.js';
import { Switches } from '../../switches/switches.js';
import { countRunning, heldBackTasks, isFirstOfSession, isSessionFree, QUEUED } from './claim.queries.js';
import { type ClaimRules, MAX_READ, newOf, nextTurn, resumedOf, type TenantRange } from './fair.query.js';
import { HiddenTasks, type Turn } from './hidden.tasks.js';

/** The first turn belongs to the tenant of one of that many queued tasks. */
const MAX_FIRST = 1000;
/** Statements that look for the next turn, each at a limited number of tenants. Other writes wait for a write. */
const STATEMENTS = { read: 4, write: 2 } as const;

/**
 * Claims queued tasks for this process, the tenants in turn. Resumed tasks of a tenant come before its new ones, and
 * older tasks before newer ones. Suspects are left out: they run alone.
 */
@Injectable()
export class ClaimsRepository {
  /** The tenant that was served last. Undefined: none yet. */
  #lastTenant: string | undefined;
  readonly #hidden = new HiddenTasks();

  constructor(
    private readonly database: Database,
    private readonly replica: ReplicaId,
    private readonly switches: Switches,
    private readonly agents: AgentsModuleOptions,
  ) {}

  /** The versions of agents that this process has. */
  get #versions(): readonly string[] {
    return Object.values(this.agents.versions);
  }

  /**
   * Finds the task whose turn it is. A tenant whose first tasks wait is searched for others in its turn. Returns undefined
   * if none is found. It looks at a limited number of tenants and tasks. The next call continues after them.
   *
   * @param perCaller maximum running tasks of a caller in all processes; undefined: no limit.
   * @param isThorough whether it looks at all tenants, and at more of their tasks.
   */
  async findNext(perCaller: number | undefined, isThorough = false): Promise<string | undefined> {
    const { query } = this.database;
    this.#lastTenant ??= await randomTenant(query);
    const [rules, hiding] = [this.#rulesOf(perCaller), new Set<string>()];
    const turn = await this.#findTurn(rules, query, isThorough ? Infinity : STATEMENTS.read, hiding);
    if (hiding.size === 0) return turn?.runId;
    const hidden = await this.#hidden.find([...hiding], rules, query, isThorough);
    if (hidden === undefined) return turn?.runId;
    this.#lastTenant = hidden.tenant;
    return hidden.runId;
  }

  /** Finds and claims the task whose turn it is. May miss tasks, which `findNext` finds. */
  async claimNext(perCaller: number | undefined): Promise<RunRow | undefined> {
    return await this.database.write(async (transaction) => {
      const rules = this.#rulesOf(perCaller);
      const turn = await this.#findTurn(rules, transaction, STATEMENTS.write);
      if (turn === undefined) return undefined;
      const row =
        (await this.#lock([turn.runId], transaction)) ?? (await this.#lockOther(turn.tenant, rules, transaction));
      return row && (await this.#claim(row, perCaller, transaction));
    }, this.#orderOf(perCaller));
  }

  /**
   * Claims a queued task for this process, under a new attempt number. The commit is on disk, because the number fences
   * earlier attempts. Returns undefined if another process has the task, its session is held, or its caller is at its
   * limit. A suspect is claimed only to run alone. A task that a process died with is claimed only while no other task
   * is blamed for deaths.
   */
  async claim(runId: string, perCaller: number | undefined, isAlone = false): Promise<RunRow | 'suspect' | undefined> {
    return await this.database.write(async (transaction) => {
      const row = await this.#lock([runId], transaction);
      if (row === undefined) return undefined;
      if (!isAlone) {
        if (row.crashes >= SUSPECT_CRASHES) return 'suspect';
        if (row.crashes > 0 && (await heldBackTasks(transaction).executeTakeFirst())) return undefined;
      }
      return await this.#claim(row, perCaller, transaction);
    }, this.#orderOf(perCaller));
  }

  /**
   * @param statements maximum number of statements; each looks at a limited number of tenants.
   * @param hiding gets the tenants whose first tasks wait, and that have others.
   */
  async #findTurn(
    rules: ClaimRules,
    db: Kysely<Schema>,
    statements: number,
    hiding?: Set<string>,
  ): Promise<Turn | undefined> {
    const first = this.#lastTenant ?? '';
    let range: TenantRange = { after: first };
    for (let count = 0; count < statements; count++) {
      // SQLite blocks the process while it reads.
      if (count >= STATEMENTS.write) await nextTick();
      const { rows } = await nextTurn(range, rules).execute(db);
      for (const { tenant, hides } of rows) if (tenant !== null && hides === 1) hiding?.add(tenant);
      const last = rows.at(-1);
      if (last?.tenant != null) {
        this.#lastTenant = last.tenant;
        if (last.run_id !== null) return { tenant: last.tenant, runId: last.run_id };
        range = { after: last.tenant, upTo: range.upTo };
      } else {
        if (range.upTo !== undefined || first === '') return undefined;
        range = { after: '', upTo: first };
      }
    }
    return undefined;
  }

  /** Reads the first of these tasks that is queued. On PostgreSQL, it locks it, and passes over those that are locked. */
  async #lock(runIds: readonly string[], transaction: Transaction<Schema>): Promise<RunRow | undefined> {
    const rows = transaction
      .selectFrom('runs')
      .selectAll()
      .where('run_id', 'in', runIds)
      .where('status', '=', 'queued');
    return await rows
      .limit(1)
      .$if(this.database.dialect === 'postgres', (query) => query.forUpdate().skipLocked())
      .executeTakeFirst();
  }

  /** Another replica is claiming the first task of the tenant: locks one of the next. */
  async #lockOther(tenant: string, rules: ClaimRules, transaction: Transaction<Schema>): Promise<RunRow | undefined> {
    if (this.database.dialect !== 'postgres') return undefined;
    for (const tasks of [resumedOf(tenant, rules, MAX_READ), newOf(tenant, rules, MAX_READ)]) {
      const { rows } = await tasks.execute(transaction);
      for (const { run_id } of rows) {
        const row = await this.#lock([run_id], transaction);
        if (row) return row;
      }
    }
    return undefined;
  }

  async #claim(
    row: RunRow,
    perCaller: number | undefined,
    transaction: Transaction<Schema>,
  ): Promise<RunRow | undefined> {
    const now = Date.now();
    if ((row.not_before ?? 0) > now || this.switches.refusalOfRun(row) !== undefined) return undefined;
    if (row.agent_version !== null && !this.#versions.includes(row.agent_version)) return undefined;
    if (perCaller !== undefined) {
      await this.#lockCaller(row, transaction);
      if ((await countRunning(row, transaction)) >= perCaller) return undefined;
    }
    // Nobody has cancelled a task that was submitted during the revocation. Its attempt ends before it begins.
    const isRevoked = row.cancel_reason === null && (await isRevokedCaller(row, transaction));
    const claim = {
      ...(isRevoked ? { cancel_reason: REVOKED_KEY } : {}),
      status: 'running' as const,
      attempt: row.attempt + 1,
      owner: this.replica.id,
      holds_session: 1,
      not_before: null,
      started_at: row.started_at ?? now,
      claimed_at: now,
    };
    const claiming = (): Promise<UpdateResult> =>
      transaction
        .updateTable('runs as task')
        .set(claim)
        .where('task.run_id', '=', row.run_id)
        .where('task.status', '=', QUEUED)
        .where('task.attempt', '=', row.attempt)
        .where(isSessionFree)
        .where(isFirstOfSession(this.replica.id))
        .executeTakeFirst();
    // A run that starts on another replica may take the session first.
    const updated = row.holds_session === 1 ? await claiming() : await ignoreUniqueViolation(transaction, claiming);
    return updated && updated.numUpdatedRows > 0n ? { ...row, ...claim } : undefined;
  }

  #rulesOf(perCaller: number | undefined): ClaimRules {
    return {
      perCaller,
      replicaId: this.replica.id,
      now: Date.now(),
      stopped: this.switches.names,
      versions: this.#versions,
    };
  }

  /** A group with the locks of several callers could deadlock with a group of another replica. */
  #orderOf(perCaller: number | undefined): WriteOptions {
    return { isAlone: perCaller !== undefined && this.database.dialect === 'postgres' };
  }

  /** Without a lock, two replicas that count at once would both claim the last slot. */
  async #lockCaller({ tenant, caller }: RunRow, transaction: Transaction<Schema>): Promise<void> {
    if (this.database.dialect !== 'postgres') return;
    await sql`select pg_advisory_xact_lock(hashtext(${`${tenant}/${caller}`}))`.execute(transaction);
  }
}

/** Replicas that start together would begin with the same tenant. */
async function randomTenant(db: Kysely<Schema>): Promise<string | undefined> {
  const row = await db
    .selectFrom('runs')
    .select('tenant')
    .where('status', '=', QUEUED)
    .orderBy('tenant')
    .limit(1)
    .offset(Math.floor(Math.random() * MAX_FIRST))
    .executeTakeFirst();
  return row?.tenant;
}
