import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type ApiKeyRow, KEYS_TOPIC } from '../../auth/api-key.cache.js';
import { callerOfKey, REVOKED_KEY, UNFINISHED, unfinishedTasks } from '../../auth/key.revocation.js';
import { singleFlight } from '../../async/single.flight.js';
import { ignoreCodes } from '../../errors/agent.error.js';
import { Database } from '../../storage/database.js';
import { loggedCause } from '../../storage/database.unavailable.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { RunLimits } from '../run.limits.js';
import { RunControl } from './run.control.js';

const SWEEP_INTERVAL_MS = 1000;
/** Keys per query. */
const KEYS = 100;
/** Tasks per query. Their cancellations share a commit, for which other writes wait. */
const TASKS = 25;
/** A request that was admitted just before the revocation may still be on its way to the database. */
const LATE_MS = 60_000;
/** The run has ended meanwhile. */
const ignoreEndedRun = ignoreCodes('run_not_found', 'task_already_finished');

/** A revoked key whose runs are not all known to have ended. */
type RevokedKey = Pick<ApiKeyRow, 'key_id' | 'tenant' | 'tasks_kept' | 'revoked_at'>;

/** A run, by its id. */
interface TenantRun {
  readonly run_id: string;
  readonly tenant: string;
}

/**
 * Ends the runs of revoked keys: the chats and streams of this process, and all unfinished tasks. Finds the keys in the
 * database, so it continues what a dead replica or the command line has begun. Each replica does so.
 */
@Injectable()
export class RevokedRuns implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(RevokedRuns.name);
  readonly #sweepOnce = singleFlight(() => this.sweep());
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe = (): void => undefined;
  #isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly control: RunControl,
    private readonly limits: RunLimits,
    private readonly pubsub: PubSub,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#sweepOnce(), SWEEP_INTERVAL_MS);
    this.#unsubscribe = this.pubsub.subscribe(KEYS_TOPIC, () => void this.#sweepOnce());
  }

  onModuleDestroy(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#unsubscribe();
  }

  /** Ends all runs of revoked keys. Never throws. */
  async sweep(): Promise<void> {
    try {
      let after = '';
      for (let count = KEYS; count >= KEYS && !this.#isStopped;) {
        const keys = await this.#keysAfter(after);
        await this.#end(keys);
        after = keys.at(-1)?.key_id ?? after;
        count = keys.length;
      }
    } catch (cause) {
      this.#logger.warn({ ...loggedCause(cause), msg: 'failed to end the runs of revoked keys; trying again' });
    }
  }

  async #keysAfter(keyId: string): Promise<RevokedKey[]> {
    return await this.database.query
      .selectFrom('api_keys')
      .select(['key_id', 'tenant', 'tasks_kept', 'revoked_at'])
      .where('revoked_at', 'is not', null)
      .where('runs_ended_at', 'is', null)
      .where('key_id', '>', keyId)
      .orderBy('key_id')
      .limit(KEYS)
      .execute();
  }

  async #end(keys: readonly RevokedKey[]): Promise<void> {
    await this.#cancel(this.#repliesTo(keys));
    const cancelled = Map.groupBy(
      keys.filter(({ tasks_kept }) => tasks_kept === null),
      ({ tenant }) => tenant,
    );
    for (const [tenant, ofTenant] of cancelled) await this.#endTasks(tenant, ofTenant);
    // A chat that waits for its session begins until then.
    const before = Date.now() - this.limits.timeoutMs - LATE_MS;
    const old = keys.filter(({ revoked_at }) => (revoked_at ?? 0) < before);
    if (old.length > 0) await this.#settle(old);
  }

  /** The chats and streams of the keys in this process. */
  #repliesTo(keys: readonly RevokedKey[]): TenantRun[] {
    const tenants = new Map(keys.map(({ key_id, tenant }) => [callerOfKey(key_id), tenant]));
    return this.control.running
      .filter(({ context: { principal, kind } }) => kind !== 'task' && tenants.get(principal.id) === principal.tenant)
      .map(({ id, session: { tenant } }) => ({ run_id: id, tenant }));
  }

  async #endTasks(tenant: string, keys: readonly RevokedKey[]): Promise<void> {
    const callers = keys.map(({ key_id }) => callerOfKey(key_id));
    for (const status of UNFINISHED) {
      for (let count = TASKS; count >= TASKS && !this.#isStopped;) {
        const rows = await unfinishedTasks({ tenant, callers, status }, this.database.query)
          .select(['run_id', 'tenant'])
          // The replica of a running task finds its mark.
          .$if(status === 'running', (query) => query.where('cancel_reason', 'is', null))
          .limit(TASKS)
          .execute();
        // Replicas that end the same tasks lock them in the same order.
        const areEnded = await this.#cancel(rows.toSorted((one, other) => (one.run_id < other.run_id ? -1 : 1)));
        count = areEnded ? rows.length : 0;
      }
    }
  }

  /** Returns whether all were cancelled, or had ended. One that cannot be cancelled must not keep the others. */
  async #cancel(runs: readonly TenantRun[]): Promise<boolean> {
    const cancelling = runs.map(({ run_id, tenant }) =>
      this.control.cancel(run_id, { tenant }, REVOKED_KEY).catch(ignoreEndedRun),
    );
    const failed = (await Promise.allSettled(cancelling)).find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return true;
    this.#logger.warn({ ...loggedCause(failed.reason), msg: 'a run of a revoked key could not be cancelled' });
    return false;
  }

  /** Ends the search for runs of these keys. */
  async #settle(keys: readonly RevokedKey[]): Promise<void> {
    await this.database.write(
      async (transaction) => {
        for (const { key_id, tasks_kept } of keys) {
          await transaction
            .updateTable('api_keys')
            .set({ runs_ended_at: Date.now() })
            .where('key_id', '=', key_id)
            // Meanwhile, an operator may have cancelled tasks that were kept.
            .where('tasks_kept', tasks_kept === null ? 'is' : 'is not', null)
            .execute();
        }
      },
      { durability: 'process' },
    );
  }
}
