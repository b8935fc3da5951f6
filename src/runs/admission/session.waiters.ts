import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { sql } from 'kysely';
import { endUserTarget } from '../../sessions/erasure.targets.js';
import type { ErasedKey, SessionKey } from '../../sessions/session.key.js';
import { Database } from '../../storage/database.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { WriteRetries } from '../../storage/write.retries.js';
import { ReplicaId } from '../recovery/replica.id.js';
import { RunControl } from '../recovery/run.control.js';
import { RunsModuleOptions } from '../runs.options.js';
import { hasEarlier, removeWaiter, type WaitingRun } from './waiting.runs.js';

const TOPIC = 'released';
/** A waiting run reads its session again after this time: a message may be lost. */
const POLL_INTERVAL_MS = 1000;
/** Older rows of dead processes are removed. A replica that only was slow may still serve younger ones. */
const MAX_AGE_MS = 86_400_000;

/**
 * The chats and streams that wait for their session under the policy `queue`. They are rows, so that runs of all replicas
 * and queued tasks begin in the order of their arrival. A waiting run only reads, when the session is released.
 */
@Injectable()
export class SessionWaiters implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(SessionWaiters.name);
  readonly #wakes = new Map<string, Set<() => void>>();
  readonly #unsubscribe: () => void;

  constructor(
    private readonly database: Database,
    private readonly replica: ReplicaId,
    private readonly control: RunControl,
    private readonly retries: WriteRetries,
    pubsub: PubSub,
    private readonly options: RunsModuleOptions,
  ) {
    this.#unsubscribe = pubsub.subscribe(TOPIC, (name) => this.#wake(name));
    if (options.sessionPolicy === 'queue') control.onReleased((key) => pubsub.publish(TOPIC, nameOf(key)));
  }

  /** Removes the rows of processes that have died. Nobody reads these. */
  async onModuleInit(): Promise<void> {
    await this.database.query
      .deleteFrom('session_waiters')
      .where('created_at', '<', Date.now() - MAX_AGE_MS - this.options.timeoutMs)
      .where('owner', '!=', this.replica.id)
      .where('owner', 'not in', (of) => of.selectFrom('replicas').select('replica_id'))
      .execute();
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /**
   * Waits until the session is free and the run is its oldest. Ends early if the run no longer waits, the signal aborts
   * or the time is over.
   *
   * @param limitMs milliseconds.
   */
  async untilNext(run: WaitingRun, limitMs: number, signal: AbortSignal): Promise<void> {
    const deadlineAt = performance.now() + limitMs;
    for (;;) {
      const woken = this.#subscribe(run, signal);
      try {
        if (signal.aborted || (await this.#mayBegin(run))) return;
        const leftMs = deadlineAt - performance.now();
        if (leftMs <= 0) return;
        woken.wakeAfter(Math.min(POLL_INTERVAL_MS, leftMs));
        await woken.promise;
      } catch (cause) {
        // The database may be back at the next read.
        this.#logger.debug({ run_id: run.run_id, cause, msg: 'a waiting run could not read its session' });
        woken.wakeAfter(Math.min(POLL_INTERVAL_MS, Math.max(0, deadlineAt - performance.now())));
        await woken.promise;
      } finally {
        woken.end();
      }
    }
  }

  /** Removes a run that does not begin, and lets the next one begin. */
  async leave(run: WaitingRun): Promise<void> {
    const remove = async (): Promise<void> => {
      await this.database.write((transaction) => removeWaiter(run, transaction), { durability: 'process' });
      this.control.announceReleased(run);
    };
    await remove().catch((cause: unknown) => {
      const msg = 'a run that waited for its session could not be removed';
      void this.retries.retry({ msg, cause }, remove);
    });
  }

  /**
   * Removes the runs that wait for a session which is being erased: they do not begin. With an end user only theirs, and
   * those of older replicas. Returns whether there were any.
   */
  async dismiss(key: ErasedKey): Promise<boolean> {
    const { tenant, session_id, endUser } = key;
    const { numDeletedRows } = await this.database.write((transaction) => {
      const waiting = transaction
        .deleteFrom('session_waiters')
        .where('tenant', '=', tenant)
        .where('session_id', '=', session_id);
      if (endUser === undefined) return waiting.executeTakeFirst();
      return waiting
        .where((of) => of.or([of('end_user', '=', endUser), of('end_user', 'is', null)]))
        .executeTakeFirst();
    });
    if (numDeletedRows > 0n) this.control.announceReleased(key);
    return numDeletedRows > 0n;
  }

  /** Removes the runs of an end user that wait for any session: they do not begin. */
  async dismissEndUser(tenant: string, endUser: string): Promise<void> {
    const removed = await this.database.write(async (transaction) => {
      const rows = await transaction
        .deleteFrom('session_waiters')
        .where('tenant', '=', tenant)
        .where('end_user', '=', endUser)
        .returning('session_id')
        .execute();
      if (rows.length > 0) await this.database.erasures.add(transaction, { target: endUserTarget(tenant, endUser) });
      return rows;
    });
    for (const { session_id } of removed) this.control.announceReleased({ tenant, session_id });
  }

  /** Whether it is the turn of the run, or it was dismissed. */
  async #mayBegin(run: WaitingRun): Promise<boolean> {
    const { query } = this.database;
    const own = await query
      .selectFrom('session_waiters')
      .select('run_id')
      .where('run_id', '=', run.run_id)
      .executeTakeFirst();
    if (own === undefined) return true;
    const holder = await query
      .selectFrom('runs')
      .select('run_id')
      .where('tenant', '=', run.tenant)
      .where('session_id', '=', run.session_id)
      .where('holds_session', '=', sql.lit(1))
      .executeTakeFirst();
    return holder === undefined && !(await hasEarlier(run, this.replica, query));
  }

  #subscribe(key: SessionKey, signal: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    const wake = (): void => resolve();
    const name = nameOf(key);
    const wakes = this.#wakes.get(name) ?? new Set();
    this.#wakes.set(name, wakes.add(wake));
    signal.addEventListener('abort', wake);
    const wakeAfter = (ms: number): void => void (timer = setTimeout(wake, ms));
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      wakes.delete(wake);
      if (wakes.size === 0) this.#wakes.delete(name);
    };
    return { promise, wakeAfter, end };
  }

  #wake(name: string): void {
    for (const wake of this.#wakes.get(name) ?? []) wake();
  }
}

function nameOf({ tenant, session_id }: SessionKey): string {
  return JSON.stringify([tenant, session_id]);
}
