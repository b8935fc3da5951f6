import type { Transaction } from 'kysely';
import { isNobodysFault } from '../storage/database.away.js';
import type { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { Statement } from '../storage/statement.js';
import type { EventFrame } from './run.events.js';

/** Only while the attempt is the newest and under way. The number of an event is its place: two cannot take it. */
const APPEND = new Statement(`
  insert into events (run_id, sequence, last_sequence, body)
  select run_id, cast(? as integer), cast(? as integer), cast(? as text) from runs
  where run_id = ? and attempt = ? and status = 'running'`);

/** The same for many attempts, where each statement is a way over the network. Tells which of them may. */
const APPEND_ALL = new Statement<EventSource>(`
  with mine as (
    select told.* from json_to_recordset(cast(? as json))
      as told (id text, attempt integer, sequence integer, last_sequence integer, body text)
    join runs on runs.run_id = told.id and runs.attempt = told.attempt and runs.status = 'running'
  ), stored as (
    insert into events (run_id, sequence, last_sequence, body) select id, sequence, last_sequence, body from mine
  )
  select id, attempt from mine`);

/** An attempt of a run, as far as its events are concerned. */
export interface EventSource {
  readonly id: string;
  readonly attempt: number;
}

/** Gives the events when it is their turn: until then more may have come. Always the same once it was called. */
export type Take = () => readonly EventFrame[];

interface Append {
  readonly source: EventSource;
  readonly take: Take;
  readonly resolve: (isStored: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/** Stores what attempts tell, all that waits for the same commit together. */
export class EventAppends {
  /** Those that wait for their turn. */
  #waiting: Append[] | undefined;

  constructor(private readonly database: Database) {}

  /** False where the attempt is no longer the one that may. */
  append(source: EventSource, take: Take): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const append = { source, take, resolve, reject };
      if (this.#waiting) this.#waiting.push(append);
      else void this.#write((this.#waiting = [append]));
    });
  }

  /** The same in a commit with something else. */
  async appendIn(
    transaction: Transaction<Schema>,
    { id, attempt }: EventSource,
    frames: readonly EventFrame[],
  ): Promise<boolean> {
    const [first, last] = [frames[0], frames.at(-1)];
    if (first === undefined || last === undefined) return true;
    return await APPEND.hits(transaction, first.sequence, last.sequence, bodyOf(frames), id, attempt);
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
      // One that is bad must not take the others with it.
      for (const append of appends) void (isAlone ? append.reject(reason) : this.#write([append]));
    }
  }

  /** What comes later is for another commit. */
  #close(appends: readonly Append[]): void {
    if (this.#waiting === appends) this.#waiting = undefined;
  }

  /** Which of them are stored. */
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

/** The events as they are stored, one a line. */
export function bodyOf(frames: readonly EventFrame[]): string {
  return frames.map(({ data }) => data).join('\n');
}
