import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { outageIn } from '../../storage/database.unavailable.js';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statement.js';
import { bodyOf, EventAppends } from './event.appends.js';
import { type EventFrame, frame, frameOf, type RunEventPayload } from './run.events.js';

/** Rows per read. */
const PAGE = 100;
/** Poll interval of a reader while messages may be lost. Readers of an SQLite file do not poll. */
const LOOK_MS = 1000;
/** Poll interval of a reader while pub/sub is connected. */
const CALM_LOOK_MS = 5000;
/** How long a reader waits for a database that is down, after its first read. */
const OUTAGE_MS = 60_000;

/** For a transaction that has already locked the run. */
const INSERT = new Statement(`
  insert into events (run_id, sequence, last_sequence, body) values (?, ?, ?, ?)`);

/** Stores the events of all runs before it publishes them. Any replica can read them from any number on. */
@Injectable()
export class EventLog {
  /** Appends for active attempts. */
  readonly appends: EventAppends;

  constructor(
    private readonly database: Database,
    private readonly broadcast: PubSub,
  ) {
    this.appends = new EventAppends(database);
  }

  /** Stores the events in a transaction that has already locked the run. */
  async store(runId: string, frames: readonly EventFrame[], transaction: Transaction<Schema>): Promise<void> {
    const [first, last] = [frames[0], frames.at(-1)];
    if (first && last) await INSERT.run(transaction, runId, first.sequence, last.sequence, bodyOf(frames));
  }

  /** Stores the next event of a run that no process holds. */
  async storeNext(runId: string, fact: RunEventPayload, transaction: Transaction<Schema>): Promise<EventFrame> {
    const next = frame(runId, (await lastOf(runId, transaction)) + 1, fact);
    await this.store(runId, [next], transaction);
    return next;
  }

  /** Publishes stored events to readers. */
  show(runId: string, frames: readonly EventFrame[]): void {
    const [first] = frames;
    if (first) this.broadcast.publish(topicOf(runId), `${first.sequence}\n${bodyOf(frames)}`);
  }

  /** Makes the readers of a run check whether it still exists. */
  forget(runId: string): void {
    this.broadcast.publish(topicOf(runId), '');
  }

  /** The number of the last event; 0: none. */
  last(runId: string): Promise<number> {
    return lastOf(runId, this.database.query);
  }

  /**
   * Yields the events after that number in batches: stored ones first, then live ones. Ends after the last one, or when
   * the signal aborts.
   *
   * @param isNew true if the run has no event yet, so there is nothing to read.
   * @throws AgentError `storage_unavailable` if the first read fails, or later reads fail for a minute.
   */
  async *follow(
    runId: string,
    after: number,
    signal?: AbortSignal,
    isNew = false,
  ): AsyncGenerator<readonly EventFrame[]> {
    const live = new LiveEvents();
    const ends = [
      this.broadcast.subscribe(
        topicOf(runId),
        (message) => (message === '' ? live.doubt() : live.push(framesIn(message))),
        // Earlier messages may have been missed.
        () => live.doubt(),
      ),
      this.broadcast.onReconnect(() => live.doubt()),
    ];
    const onAbort = (): void => live.stop();
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) live.stop();
    try {
      let last = after;
      let isBehind = !isNew;
      const reads = new PatientReads(live, isNew);
      while (!live.isStopped) {
        const found = isBehind ? await reads.make(() => this.#look(runId, last)) : live.take();
        if (found === undefined) return;
        const frames = following(last, found);
        if (frames.length > 0) {
          last += frames.length;
          yield frames;
          if (frames.at(-1)?.isFinal === true) return;
        }
        if (isBehind && frames.length === 0) {
          isBehind = await live.next(this.#patienceMs);
        } else if (!isBehind) {
          // If later events are left, an earlier one was missed.
          isBehind =
            live.isDoubtful || found.some(({ sequence }) => sequence > last) || (await live.next(this.#patienceMs));
        }
      }
    } finally {
      for (const end of ends) end();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Messages may be lost: in transit, or if the connection breaks at a commit. */
  get #patienceMs(): number | undefined {
    if (this.database.dialect !== 'postgres') return undefined;
    return this.broadcast.isConnected && this.broadcast.isShared ? CALM_LOOK_MS : LOOK_MS;
  }

  /** Reads the events after that number; undefined if the run no longer exists. */
  async #look(runId: string, after: number): Promise<readonly EventFrame[] | undefined> {
    const found = await this.#read(runId, after);
    return found.length > 0 || (await this.#isThere(runId)) ? found : undefined;
  }

  /** A rejected or erased run has no further events. */
  async #isThere(runId: string): Promise<boolean> {
    const row = await this.database.query
      .selectFrom('runs')
      .select('run_id')
      .where('run_id', '=', runId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async #read(runId: string, after: number): Promise<EventFrame[]> {
    const rows = await this.database.query
      .selectFrom('events')
      .select(['sequence', 'body'])
      .where('run_id', '=', runId)
      // The key holds the first number of a row. This finds the row with the reader's last event.
      .where('sequence', '>=', (of) =>
        of
          .selectFrom('events')
          .select((first) => first.fn.coalesce(first.fn.max('sequence'), sql.lit(0)).as('sequence'))
          .where('run_id', '=', runId)
          .where('sequence', '<=', after),
      )
      .where('last_sequence', '>', after)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    return rows.flatMap(({ sequence, body }) => framesOf(sequence, body)).filter(({ sequence }) => sequence > after);
  }
}

/** The frames that follow that number without a gap. */
function following(last: number, frames: readonly EventFrame[]): readonly EventFrame[] {
  const fresh = frames.filter(({ sequence }) => sequence > last);
  const end = fresh.findIndex(({ sequence }, index) => sequence !== last + 1 + index);
  return end === -1 ? fresh : fresh.slice(0, end);
}

/** Events published to one reader that it has not consumed. */
class LiveEvents {
  #frames: EventFrame[] = [];
  #isDoubtful = false;
  #wake: (() => void) | undefined;
  readonly #stopped = Promise.withResolvers<void>();
  isStopped = false;

  push(frames: readonly EventFrame[]): void {
    this.#frames.push(...frames);
    this.#wake?.();
  }

  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** Marks that an event may have been missed. */
  doubt(): void {
    this.#isDoubtful = true;
    this.#wake?.();
  }

  stop(): void {
    this.isStopped = true;
    this.#stopped.resolve();
    this.#wake?.();
  }

  /** Waits for that time or until the reader stops. New events do not end the wait. */
  async rest(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // A closed database never returns: the timer must not keep the process alive.
    const timer = setTimeout(resolve, ms).unref();
    await Promise.race([promise, this.#stopped.promise]);
    clearTimeout(timer);
  }

  take(): EventFrame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** Waits for more events. Resolves to true if the reader should read the database. */
  async next(patienceMs: number | undefined): Promise<boolean> {
    let isLate = false;
    if (this.#frames.length === 0 && !this.#isDoubtful && !this.isStopped) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = patienceMs === undefined ? undefined : setTimeout(() => ((isLate = true), resolve()), patienceMs);
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    }
    const isBetter = isLate || this.#isDoubtful;
    this.#isDoubtful = false;
    return isBetter;
  }
}

/** The database reads of one reader. Only the first fails at once; later ones wait while the database is down. */
class PatientReads {
  constructor(
    private readonly live: LiveEvents,
    private hasBegun: boolean,
  ) {}

  /** Resolves to undefined if the reader stops. @throws AgentError `storage_unavailable` */
  async make<T>(read: () => Promise<T>): Promise<T | undefined> {
    const deadline = performance.now() + OUTAGE_MS;
    while (!this.live.isStopped) {
      try {
        const found = await read();
        this.hasBegun = true;
        return found;
      } catch (failure) {
        if (!this.hasBegun || performance.now() > deadline || !outageIn(failure)) throw failure;
        await this.live.rest(LOOK_MS);
      }
    }
    return undefined;
  }
}

async function lastOf(runId: string, query: Pick<Transaction<Schema>, 'selectFrom'>): Promise<number> {
  const row = await query
    .selectFrom('events')
    .select('last_sequence')
    .where('run_id', '=', runId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.last_sequence ?? 0;
}

function topicOf(runId: string): string {
  return `run:${runId}`;
}

function framesOf(sequence: number, body: string): EventFrame[] {
  return body.split('\n').map((data, index) => frameOf(sequence + index, data));
}

function framesIn(message: string): EventFrame[] {
  const end = message.indexOf('\n');
  return framesOf(Number(message.slice(0, end)), message.slice(end + 1));
}
