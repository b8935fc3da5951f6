import type { Transaction } from 'kysely';
import { isNobodysFault } from '../../storage/database.unavailable.js';
import type { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statement.js';
import type { EventFrame } from './run.events.js';

/** Inserts only for the newest attempt while it runs. The sequence is part of the key: two events cannot share it. */
const APPEND = new Statement(`
  insert into events (run_id, sequence, last_sequence, body)
  select run_id, cast(? as integer), cast(? as integer), cast(? as text) from runs
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

/** The attempt that writes events. */
export interface EventSource {
  readonly id: string;
  readonly attempt: number;
}

/** Returns the events at commit time, so that later ones can join. Repeated calls return the same events. */
export type Take = () => readonly EventFrame[];

interface Append {
  readonly source: EventSource;
  readonly take: Take;
  readonly resolve: (isStored: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/** Stores the events of attempts and groups concurrent appends into one commit. */
export class EventAppends {
  /** Appends that wait for the next commit. */
  #waiting: Append[] | undefined;

  constructor(private readonly database: Database) {}

  /** Resolves to false if the attempt no longer owns the run. */
  append(source: EventSource, take: Take): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const append = { source, take, resolve, reject };
      if (this.#waiting) this.#waiting.push(append);
      else void this.#write((this.#waiting = [append]));
    });
  }

  /** The same within the caller's transaction. */
  async appendIn(
    transaction: Transaction<Schema>,
    { id, attempt }: EventSource,
    frames: readonly EventFrame[],
  ): Promise<boolean> {
    const [first, last] = [frames[0], frames.at(-1)];
    if (first === undefined || last === undefined) return true;
    return await APPEND.executeAffected(transaction, first.sequence, last.sequence, bodyOf(frames), id, attempt);
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
      const isAlone = appends.length === 1 || isNobodysFault(reason);
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
    if (this.database.dialect === 'postgres' && appends.length > 1) return await storeAll(transaction, appends);
    const stored: boolean[] = [];
    for (const { source, take } of appends) stored.push(await this.appendIn(transaction, source, take()));
    return stored;
  }
}

async function storeAll(transaction: Transaction<Schema>, appends: readonly Append[]): Promise<boolean[]> {
  const told = appends.flatMap(({ source: { id, attempt }, take }) => {
    const frames = take();
    const [first, last] = [frames[0], frames.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ id, attempt, sequence: first.sequence, last_sequence: last.sequence, body: bodyOf(frames) }];
  });
  const { rows } = await APPEND_ALL.run(transaction, JSON.stringify(told));
  const stored = new Set(rows.map(nameOf));
  return appends.map(({ source, take }) => take().length === 0 || stored.has(nameOf(source)));
}

function nameOf({ id, attempt }: EventSource): string {
  return `${id} ${attempt}`;
}

/** The events as they are stored, one per line. */
export function bodyOf(frames: readonly EventFrame[]): string {
  return frames.map(({ data }) => data).join('\n');
}
