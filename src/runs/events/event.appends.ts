import type { Transaction } from 'kysely';
import { isSharedOutage } from '../../storage/database.unavailable.js';
import type { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statements/statement.js';
import { earlyRowsOf, isEarly } from './early.facts.js';
import type { StoredEvent } from './run.events.js';
import { rowOf } from './stored.body.js';

/** Inserts only for the newest attempt while it runs. The sequence is part of the key: two events cannot share it. */
const APPEND = new Statement(`
  insert into events (run_id, sequence, last_sequence, body)
  select run_id, cast(? as integer), cast(? as integer), cast(? as text) from runs
  where run_id = ? and attempt = ? and status = 'running'`);

/** The same for early facts. */
const APPEND_EARLY = new Statement(`
  insert into early_facts (run_id, sequence, part, last_part, body)
  select run_id, cast(? as integer), cast(? as integer), cast(? as integer), cast(? as text) from runs
  where run_id = ? and attempt = ? and status = 'running'`);

/** The same for many attempts in one network round trip. Returns the attempts that may write. */
const APPEND_ALL = new Statement<EventSource>(`
  with mine as (
    select told.* from json_to_recordset(cast(? as json))
      as told (id text, attempt integer, sequence integer, last_sequence integer, body text)
    join runs on runs.run_id = told.id and runs.attempt = told.attempt and runs.status = 'running'
  ), stored as (
    insert into events (run_id, sequence, last_sequence, body) select id, sequence, last_sequence, body from mine
  )
  select id, attempt from mine`);

const APPEND_ALL_EARLY = new Statement<EventSource>(`
  with mine as (
    select told.* from json_to_recordset(cast(? as json))
      as told (id text, attempt integer, sequence integer, part integer, last_part integer, body text)
    join runs on runs.run_id = told.id and runs.attempt = told.attempt and runs.status = 'running'
  ), stored as (
    insert into early_facts (run_id, sequence, part, last_part, body)
    select id, sequence, part, last_part, body from mine
  )
  select id, attempt from mine`);

/** The attempt that writes events. */
export interface EventSource {
  readonly id: string;
  readonly attempt: number;
}

/** Returns the events at commit time, so that later ones can join. Repeated calls return the same events. */
export type EventProvider = () => readonly StoredEvent[];

interface Append {
  readonly source: EventSource;
  readonly events: EventProvider;
  readonly resolve: (isStored: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/** Stores the events of attempts and groups concurrent appends into one commit. */
export class EventAppends {
  /** Appends that wait for the next commit. */
  #waiting: Append[] | undefined;

  constructor(
    private readonly database: Database,
    /** Whether all replicas read short deltas. */
    private readonly hasShortDeltas: () => boolean,
  ) {}

  /** Resolves to false if the attempt no longer owns the run. */
  append(source: EventSource, events: EventProvider): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const append = { source, events, resolve, reject };
      if (this.#waiting) this.#waiting.push(append);
      else void this.#write((this.#waiting = [append]));
    });
  }

  /** The same within the caller's transaction. */
  async appendIn(
    transaction: Transaction<Schema>,
    { id, attempt }: EventSource,
    events: readonly StoredEvent[],
  ): Promise<boolean> {
    const row = rowOf(events, this.hasShortDeltas());
    for (const { sequence, part, last_part, body } of earlyRowsOf(events)) {
      const isMine = await APPEND_EARLY.expect(transaction, sequence, part, last_part, body, id, attempt);
      if (!isMine) return false;
    }
    if (row === undefined) return true;
    return await APPEND.expect(transaction, row.sequence, row.last_sequence, row.body, id, attempt);
  }

  /** Stores an event within the caller's transaction if the attempt runs, and does not wait for the answer. */
  async appendIfRunning(
    transaction: Transaction<Schema>,
    { id, attempt }: EventSource,
    event: StoredEvent,
  ): Promise<void> {
    const row = rowOf([event], this.hasShortDeltas());
    if (row) await APPEND.execute(transaction, row.sequence, row.last_sequence, row.body, id, attempt);
  }

  async #write(appends: readonly Append[]): Promise<void> {
    try {
      const stored = await this.database.write(
        (transaction) => {
          this.#close(appends);
          return this.#store(transaction, appends);
        },
        { durability: 'process' },
      );
      appends.forEach(({ resolve }, index) => resolve(stored[index] === true));
    } catch (reason) {
      this.#close(appends);
      const isAlone = appends.length === 1 || isSharedOutage(reason);
      // One invalid append must not fail the others.
      for (const append of appends) void (isAlone ? append.reject(reason) : this.#write([append]));
    }
  }

  /** Closes the batch: later appends go into another commit. */
  #close(appends: readonly Append[]): void {
    if (this.#waiting === appends) this.#waiting = undefined;
  }

  /** Returns for each append whether it was stored. */
  async #store(transaction: Transaction<Schema>, appends: readonly Append[]): Promise<boolean[]> {
    if (this.database.dialect === 'postgres' && appends.length > 1) return await this.#storeAll(transaction, appends);
    const stored: boolean[] = [];
    for (const { source, events } of appends) stored.push(await this.appendIn(transaction, source, events()));
    return stored;
  }

  async #storeAll(transaction: Transaction<Schema>, appends: readonly Append[]): Promise<boolean[]> {
    const hasShortDeltas = this.hasShortDeltas();
    const values = appends.map(({ source: { id, attempt }, events }) => ({ id, attempt, events: events() }));
    const rows = values.flatMap(({ id, attempt, events }) => {
      const row = rowOf(events, hasShortDeltas);
      return row ? [{ id, attempt, ...row }] : [];
    });
    const early = values.flatMap(({ id, attempt, events }) =>
      earlyRowsOf(events).map((row) => Object.assign({ id, attempt }, row)),
    );
    // The attempt may be lost between the two. Then an event is missing, but never early facts that an event counts.
    const storedEarly = early.length > 0 ? await APPEND_ALL_EARLY.query(transaction, JSON.stringify(early)) : [];
    const stored = rows.length > 0 ? await APPEND_ALL.query(transaction, JSON.stringify(rows)) : [];
    const [earlyOwners, owners] = [new Set(storedEarly.map(attemptKey)), new Set(stored.map(attemptKey))];
    return values.map((value) => {
      if (value.events.length === 0) return true;
      return (value.events.every(isEarly) ? earlyOwners : owners).has(attemptKey(value));
    });
  }
}

function attemptKey({ id, attempt }: EventSource): string {
  return `${id} ${attempt}`;
}
