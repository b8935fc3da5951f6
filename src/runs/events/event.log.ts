import { Injectable, Optional } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statements/statement.js';
import { EARLY_FACTS_LEVEL, FACTS_LEVEL, SHORT_DELTAS_LEVEL } from '../recovery/replica.id.js';
import { ReplicaLevels } from '../recovery/replica.levels.js';
import { LiveEvents } from './live.events.js';
import { EventAppends } from './event.appends.js';
import {
  afterEarly,
  comparePositions,
  contiguousAfter,
  earlyFactsIn,
  earlyRowsOf,
  type EventPosition,
  isAfter,
  positionOf,
} from './early.facts.js';
import { parseMessage, serializeMessage } from './event.messages.js';
import { lastSequenceOf, positionIn } from './event.position.js';
import { type StoredEvent, serializeEvent, type RunEventPayload } from './run.events.js';
import { parseBody, rowOf } from './stored.body.js';

/** Rows per read. */
const PAGE = 100;
/** Poll interval of a reader while messages may be lost. Readers of an SQLite file do not poll. */
const POLL_INTERVAL_MS = 1000;
/** Poll interval of a reader while no message is lost in transit, only if the connection breaks at a commit. */
const CONNECTED_POLL_INTERVAL_MS = 5000;

/** For a transaction that has already locked the run. */
const INSERT = new Statement(`
  insert into events (run_id, sequence, last_sequence, body) values (?, ?, ?, ?)`);

const INSERT_EARLY = new Statement(`
  insert into early_facts (run_id, sequence, part, last_part, body) values (?, ?, ?, ?, ?)`);

/** How events are followed. */
export interface FollowedEvents {
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
  /** The run has no event yet, so there is nothing to read. */
  readonly isNew?: boolean;
  /** With early facts, as events of the type `facts`. Default: without. */
  readonly withEarly?: boolean | undefined;
}

/** Stores the events of all runs before it publishes them. Any replica can read them from any number on. */
@Injectable()
export class EventLog {
  /** Appends for active attempts. */
  readonly appends: EventAppends;
  /** The readers of each run, if this is the only process: they need no messages. */
  readonly #followers = new Map<string, Set<LiveEvents>>();

  /** Runs of this process whose events are not stored. */
  readonly #unstored = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly pubsub: PubSub,
    @Optional() private readonly levels?: ReplicaLevels,
  ) {
    this.appends = new EventAppends(database, () => this.#areRead(SHORT_DELTAS_LEVEL));
  }

  /** Hands the events of a run on to the readers in this process, and stores none. */
  handOn({ id, closed }: { readonly id: string; readonly closed: Promise<void> }): void {
    this.#unstored.add(id);
    void closed.then(() => this.#unstored.delete(id));
  }

  /** Whether the events of the run are stored. */
  isStored(runId: string): boolean {
    return this.#unstored.size === 0 || !this.#unstored.has(runId);
  }

  /** False while a replica lives that would show the facts of the run as fields of its events. */
  takesFacts(runId: string): boolean {
    return this.#areRead(FACTS_LEVEL) || !this.isStored(runId);
  }

  /** False while a replica lives that would not show early facts of the run. */
  takesEarlyFacts(runId: string): boolean {
    return this.#areRead(EARLY_FACTS_LEVEL) || !this.isStored(runId);
  }

  /** Whether all live replicas read what replicas of that level store. */
  #areRead(level: number): boolean {
    return this.levels?.areRead(level) ?? true;
  }

  /** Whether the readers of the run are all in this process. */
  #isLocal(runId: string): boolean {
    return !this.pubsub.isShared || !this.isStored(runId);
  }

  /** Stores the events in a transaction that has already locked the run. */
  async store(runId: string, events: readonly StoredEvent[], transaction: Transaction<Schema>): Promise<void> {
    if (!this.isStored(runId)) return;
    const row = rowOf(events, this.#areRead(SHORT_DELTAS_LEVEL));
    if (row) await INSERT.execute(transaction, runId, row.sequence, row.last_sequence, row.body);
    for (const { sequence, part, last_part, body } of earlyRowsOf(events)) {
      await INSERT_EARLY.execute(transaction, runId, sequence, part, last_part, body);
    }
  }

  /** Stores the next event of a run that no process holds. */
  async storeNext(runId: string, payload: RunEventPayload, transaction: Transaction<Schema>): Promise<StoredEvent> {
    const { sequence, part } = await positionIn(runId, transaction);
    const next = afterEarly(serializeEvent(runId, sequence + 1, payload), part);
    await this.store(runId, [next], transaction);
    return next;
  }

  /** Publishes stored events to readers. */
  publish(runId: string, events: readonly StoredEvent[]): void {
    if (this.#isLocal(runId)) for (const live of this.#followers.get(runId) ?? []) live.push(events);
    else if (events.length > 0) {
      this.pubsub.publish(topicOf(runId), serializeMessage(events, this.#areRead(SHORT_DELTAS_LEVEL)));
    }
  }

  /** Makes the readers of a run read the database: an event was not published, or the run no longer exists. */
  publishGap(runId: string): void {
    if (this.#isLocal(runId)) for (const live of this.#followers.get(runId) ?? []) live.invalidate();
    else this.pubsub.publish(topicOf(runId), '');
  }

  /** The number of the last event; 0: none. */
  lastSequence(runId: string): Promise<number> {
    return lastSequenceOf(runId, this.database.query);
  }

  /** The place of what is stored last. */
  position(runId: string): Promise<EventPosition> {
    return positionIn(runId, this.database.query);
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
    { signal, isNew = false, withEarly = false }: FollowedEvents = {},
  ): AsyncGenerator<readonly StoredEvent[]> {
    const pollIntervalMs = this.isStored(runId) ? this.#pollIntervalMs : undefined;
    const live = new LiveEvents(isNew, signal);
    const end = this.#subscribe(runId, live, isNew);
    const onAbort = (): void => live.wake();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      let last: EventPosition = { sequence: after, part: 0 };
      let isBehind = !isNew;
      while (!live.isStopped) {
        const found = isBehind ? await live.read(() => this.#readIfExists(runId, last, withEarly)) : live.drain();
        if (found === undefined) return;
        const events = contiguousAfter(last, found, withEarly);
        const newest = events.at(-1);
        if (newest) {
          last = positionOf(newest);
          yield events;
          if (newest.isFinal) return;
        }
        if (isBehind && events.length === 0) {
          isBehind = await live.waitForMore(pollIntervalMs);
        } else if (!isBehind) {
          // If later events are left, an earlier one was missed.
          isBehind =
            live.mayHaveMissed ||
            found.some((event) => (withEarly || event.part === undefined) && isAfter(last, event)) ||
            (await live.waitForMore(pollIntervalMs));
        }
      }
    } finally {
      end();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Returns the unsubscribe function. */
  #subscribe(runId: string, live: LiveEvents, isNew: boolean): () => void {
    // Earlier events may have been missed. A new run has none, and this process publishes its events.
    const onOpen = isNew ? undefined : () => live.invalidate();
    if (this.#isLocal(runId)) {
      const followers = this.#followers.get(runId) ?? new Set();
      this.#followers.set(runId, followers.add(live));
      onOpen?.();
      return () => {
        if (followers.delete(live) && followers.size === 0) this.#followers.delete(runId);
      };
    }
    const ends = [
      this.pubsub.subscribe(
        topicOf(runId),
        // Anyone who reaches Redis may have sent a message that is not verified: the reader reads the database then.
        (message, isVerified) =>
          message === '' || !isVerified ? live.invalidate() : live.push(parseMessage(runId, message)),
        onOpen,
      ),
      this.pubsub.onReconnect(() => live.invalidate()),
    ];
    return () => ends.forEach((end) => end());
  }

  /** Messages may be lost: in transit, or if the connection breaks at a commit. */
  get #pollIntervalMs(): number | undefined {
    if (this.database.dialect !== 'postgres') return undefined;
    return this.pubsub.isConnected ? CONNECTED_POLL_INTERVAL_MS : POLL_INTERVAL_MS;
  }

  /** Reads the events after that number; undefined if the run no longer exists. */
  async #readIfExists(
    runId: string,
    after: EventPosition,
    withEarly: boolean,
  ): Promise<readonly StoredEvent[] | undefined> {
    const events = await this.#read(runId, after.sequence);
    const found = withEarly ? [...events, ...(await this.#readEarly(runId, after))].toSorted(comparePositions) : events;
    return found.length > 0 || (await this.#exists(runId)) ? found : undefined;
  }

  /** A rejected or erased run has no further events. */
  async #exists(runId: string): Promise<boolean> {
    const row = await this.database.query
      .selectFrom('runs')
      .select('run_id')
      .where('run_id', '=', runId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async #readEarly(runId: string, { sequence, part }: EventPosition): Promise<StoredEvent[]> {
    const rows = await this.database.query
      .selectFrom('early_facts')
      .select(['sequence', 'part', 'body'])
      .where('run_id', '=', runId)
      .where('sequence', '>=', sequence)
      .where((of) => of.or([of('sequence', '>', sequence), of('last_part', '>', part)]))
      .orderBy('sequence')
      .orderBy('part')
      .limit(PAGE)
      .execute();
    return rows.flatMap(earlyFactsIn);
  }

  async #read(runId: string, after: number): Promise<StoredEvent[]> {
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
    return rows
      .flatMap(({ sequence, body }) => parseBody(runId, sequence, body))
      .filter(({ sequence }) => sequence > after);
  }
}

function topicOf(runId: string): string {
  return `run:${runId}`;
}
