import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Kysely, sql, type RawBuilder, type Transaction } from 'kysely';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { singleFlight } from '../../async/single.flight.js';
import { runningRuns } from './locked.run.js';
import { OrphanedRuns } from './orphaned.runs.js';
import { REPLICA_LEVEL, ReplicaId } from './replica.id.js';
import { ReplicaLevels } from './replica.levels.js';
import { RunControl } from './run.control.js';

const HEARTBEAT_MS = 1000;
/** A replica without a heartbeat for this long counts as dead. Others then recover its runs. */
const LEASE_MS = 5000;
/** Checks in a row that must find a run without a holder before it is recovered. */
const MAX_MISSED_POLLS = 4;

/**
 * Renews this replica's heartbeat and recovers the runs of dead replicas. A replica wrongly declared dead loses its
 * attempts on its next write.
 */
@Injectable()
export class ReplicaHeartbeat implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(ReplicaHeartbeat.name);
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;
  /** Start of the current series of heartbeats without a pause. No replica can renew its own during an outage. */
  #steadySinceMs = Infinity;
  #lastHeartbeatMs = -Infinity;
  /** Runs that the database assigns to this replica but that it does not hold, and how often it found them. */
  #missedPolls = new Map<string, number>();
  readonly #reconcile = singleFlight(() => this.#reconcileOnce());
  /** Has its own guard: a heartbeat must not wait for a slow reconciliation. */
  readonly #heartbeatOnce = singleFlight(() => this.#renew());

  /** Without other processes, the heartbeat only shows after a crash for how long the tasks have run. */
  readonly #reconcileFile = singleFlight(async () => {
    const hasTasks = this.control.running.some(({ context }) => context.kind === 'task');
    if (hasTasks) await this.#writeHeartbeat().catch(() => undefined);
    await this.#reconcile();
  });

  constructor(
    private readonly database: Database,
    private readonly orphans: OrphanedRuns,
    private readonly control: RunControl,
    private readonly pubsub: PubSub,
    private readonly replica: ReplicaId,
    private readonly levels: ReplicaLevels,
  ) {}

  /** @throws Error if another process uses the database and Redis does not connect the two. */
  async onModuleInit(): Promise<void> {
    if (this.pubsub.isShared) await this.#writeHeartbeat();
    else await this.#startAlone(2 * LEASE_MS);
    // This is the only process, so all others have died.
    if (!this.pubsub.isShared) await this.#expireReplicas(sql`0 = 0`);
    await this.levels.look();
    // The lock on an SQLite file admits one process, which needs no heartbeat.
    const isFile = this.database.dialect === 'sqlite';
    this.#timer = setInterval(() => void (isFile ? this.#reconcileFile() : this.#heartbeatOnce()), HEARTBEAT_MS);
  }

  /** The number of replicas whose last heartbeat is recent, with this one. */
  async countAlive(): Promise<number> {
    const { alive } = await this.database.query
      .selectFrom('replicas')
      .select(({ fn }) => fn.countAll().as('alive'))
      .where('heartbeat_at', '>=', sql<number>`${this.#now()} - ${sql.lit(LEASE_MS)}`)
      .executeTakeFirstOrThrow();
    // Alone with a file, it stores no further heartbeats.
    return Math.max(1, Number(alive));
  }

  /** The replica owns its runs until here, although it accepts no new ones. */
  async onApplicationShutdown(): Promise<void> {
    this.#isEnded = true;
    clearInterval(this.#timer);
    const heartbeat = this.database.query.deleteFrom('replicas').where('replica_id', '=', this.replica.id);
    await heartbeat.execute().catch(() => undefined);
  }

  /** Waits, because the last heartbeat of a dead process stays valid for a moment. */
  async #startAlone(limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!(await this.database.write((transaction) => this.#registerAlone(transaction)))) {
      if (performance.now() > deadline) {
        throw new Error(
          'The database is in use by another process. Stop it, choose another DATABASE_URL, or set REDIS_URL in both to share it.',
        );
      }
      await sleep(HEARTBEAT_MS / 4);
    }
    this.#noteHeartbeat();
  }

  /** Stores the first heartbeat, unless another process is alive. The lock file of SQLite excludes others. */
  async #registerAlone(transaction: Transaction<Schema>): Promise<boolean> {
    if (this.database.dialect === 'postgres') {
      // Processes that start at once come one after the other, and see the heartbeat of the first.
      await sql`select pg_advisory_xact_lock(hashtext('rookery.start'))`.execute(transaction);
      const other = await transaction
        .selectFrom('replicas')
        .select('replica_id')
        .where('heartbeat_at', '>=', sql<number>`${this.#now()} - ${sql.lit(LEASE_MS)}`)
        .executeTakeFirst();
      if (other) return false;
    }
    await this.#storeHeartbeat(transaction);
    return true;
  }

  async #renew(): Promise<void> {
    try {
      await this.#writeHeartbeat();
      void this.#reconcile();
    } catch (cause) {
      this.#logger.warn({ cause, msg: 'failed to renew the heartbeat of this replica; retrying' });
    }
  }

  async #reconcileOnce(): Promise<void> {
    try {
      await this.control.reconcile();
      await this.#recoverUnowned();
      await this.levels.release();
      if (this.pubsub.isShared && performance.now() - this.#steadySinceMs > LEASE_MS) {
        await this.#expireReplicas(sql`heartbeat_at < ${this.#now()} - ${sql.lit(LEASE_MS)}`);
      }
    } catch (cause) {
      if (!this.#isEnded) this.#logger.warn({ cause, msg: 'failed to reconcile runs; retrying' });
    }
  }

  async #writeHeartbeat(): Promise<void> {
    // A heartbeat waits neither for reads nor for other writes.
    await this.#storeHeartbeat(this.database.urgent);
    this.#noteHeartbeat();
  }

  async #storeHeartbeat(db: Kysely<Schema>): Promise<void> {
    const heartbeat = { replica_id: this.replica.id, heartbeat_at: this.#now(), level: REPLICA_LEVEL };
    await db
      .insertInto('replicas')
      .values(heartbeat)
      .onConflict((conflict) => conflict.column('replica_id').doUpdateSet({ heartbeat_at: heartbeat.heartbeat_at }))
      .execute();
  }

  #noteHeartbeat(): void {
    const now = performance.now();
    if (now - this.#lastHeartbeatMs > LEASE_MS / 2) this.#steadySinceMs = now;
    this.#lastHeartbeatMs = now;
  }

  /** The clock of the database, because the clocks of machines differ. */
  #now(): RawBuilder<number> {
    return this.database.dialect === 'postgres'
      ? sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
      : sql<number>`${Date.now()}`;
  }

  /** Removes dead replicas and recovers their runs. */
  async #expireReplicas(isDead: RawBuilder<unknown>): Promise<void> {
    const dead = await this.database.write(
      async (transaction) => {
        const rows = await transaction
          .deleteFrom('replicas')
          .where('replica_id', '!=', this.replica.id)
          .where(sql<boolean>`${isDead}`)
          .returning(['replica_id', 'heartbeat_at'])
          .execute();
        for (const { replica_id } of rows) await this.orphans.recordDeath(replica_id, transaction);
        return rows;
      },
      { durability: 'process' },
    );
    for (const owner of await this.#ownersWithoutReplica()) {
      const heartbeat = dead.find(({ replica_id }) => replica_id === owner);
      await this.orphans.recoverAll(owner, heartbeat?.heartbeat_at);
    }
  }

  async #ownersWithoutReplica(): Promise<string[]> {
    const rows = await runningRuns(this.database.query)
      .select('owner')
      .distinct()
      .where('owner', 'not in', (of) => of.selectFrom('replicas').select('replica_id'))
      .execute();
    return rows.flatMap(({ owner }) => owner ?? []);
  }

  /**
   * Recovers runs that the database assigns to this replica but that it does not hold. The connection broke at the
   * commit that began them. Repeated checks exclude runs that are just beginning or ending.
   */
  async #recoverUnowned(): Promise<void> {
    const { heldIds } = this.control;
    const ownRuns = runningRuns(this.database.query).where('owner', '=', this.replica.id);
    const unheld = (await ownRuns.select('run_id').execute())
      .map(({ run_id }) => run_id)
      .filter((id) => !heldIds.has(id));
    const missedPolls = this.#missedPolls;
    this.#missedPolls = new Map(unheld.map((id) => [id, (missedPolls.get(id) ?? 0) + 1]));
    const lost = unheld.filter((id) => (this.#missedPolls.get(id) ?? 0) >= MAX_MISSED_POLLS);
    if (lost.length === 0) return;
    const orphans = await ownRuns.selectAll().where('run_id', 'in', lost).execute();
    await Promise.all(orphans.map((orphan) => this.orphans.recover(orphan)));
  }
}
