import type { Transaction } from 'kysely';
import type { Database, WriteOptions } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { Durability } from '../storage/engine.js';
import type { EventSource } from './event.appends.js';
import type { EventLog } from './event.log.js';
import { type EventFrame, frame, type RunFact } from './run.events.js';

/** Why an attempt cannot go on, through no fault of the model or of a tool. */
export class RunInterrupted extends Error {
  override readonly name: string = 'RunInterrupted';
}

/** Another attempt has the run now, or the run is over. */
export class AttemptLost extends RunInterrupted {
  override readonly name = 'AttemptLost';
}

/** Something to be written in one commit with events; false: the attempt is lost. */
type Work = (transaction: Transaction<Schema>) => Promise<boolean>;

/** An event that waits to be stored, or work that goes with one, or both. */
interface Entry {
  readonly frame?: EventFrame | undefined;
  readonly work?: Work;
  readonly durability: Durability;
  readonly resolve?: () => void;
  readonly reject?: (reason: RunInterrupted) => void;
}

/**
 * Tells the events of one attempt: numbers them, has them stored, then shown, strictly in this order. What is told while
 * a commit is under way goes into the next one together.
 */
export class EventWriter {
  #waiting: Entry[] = [];
  #sequence: number;
  #writing: Promise<void> | undefined;

  /** @param stored the number of the last event that is stored. */
  constructor(
    private readonly source: EventSource,
    private stored: number,
    private readonly store: { readonly database: Database; readonly log: EventLog },
    /** Told when something could not be stored. */
    private readonly onFailure: (cause: RunInterrupted) => void,
  ) {
    this.#sequence = stored;
  }

  /** Nothing has been told of the run, by an earlier attempt neither. */
  get isEmpty(): boolean {
    return this.#sequence === 0;
  }

  tell(fact: RunFact): void {
    this.#add({ frame: this.#frame(fact), durability: 'process' });
  }

  /**
   * Tells the fact, in one commit with that work.
   *
   * @throws AttemptLost, or RunInterrupted with what kept the database from storing it as its cause.
   */
  commit(work: Work, fact?: RunFact, { durability = 'disk' }: WriteOptions = {}): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#add({ frame: fact && this.#frame(fact), work, durability, resolve, reject }),
    );
  }

  /** Resolves when all that was told is stored and shown, or cannot be. */
  async flushed(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Reads again what is stored: of a commit whose connection broke nobody knows whether it came about. */
  async resync(): Promise<void> {
    this.stored = await this.store.log.last(this.source.id);
    this.#sequence = this.stored;
  }

  /** What is not stored yet and the last event behind it, for the commit that ends the run. */
  closing(fact: RunFact): readonly EventFrame[] {
    return [...framesOf(this.#waiting), frame(this.source.id, this.#sequence + 1, fact)];
  }

  #frame(fact: RunFact): EventFrame {
    return frame(this.source.id, ++this.#sequence, fact);
  }

  #add(entry: Entry): void {
    this.#waiting.push(entry);
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#write();
    this.#writing = undefined;
  }

  async #write(): Promise<void> {
    const written: Entry[] = [];
    try {
      const isMine = this.#waiting.some(({ work }) => work)
        ? await this.#writeWork(written)
        : await this.#append(written);
      if (!isMine) throw new AttemptLost();
    } catch (cause) {
      this.#fail(written, cause);
      return;
    }
    const frames = framesOf(written);
    this.stored = frames.at(-1)?.sequence ?? this.stored;
    this.store.log.show(this.source.id, frames);
    for (const { resolve } of written) resolve?.();
  }

  /** The events first: they are refused where the work ends the run. */
  #writeWork(written: Entry[]): Promise<boolean> {
    const { database, log } = this.store;
    written.push(...this.#waiting.splice(0));
    const durability = written.some((entry) => entry.durability === 'disk') ? 'disk' : 'process';
    return database.write(
      async (transaction) => {
        if (!(await log.appends.appendIn(transaction, this.source, framesOf(written)))) return false;
        for (const { work } of written) if (work && !(await work(transaction))) return false;
        return true;
      },
      { durability },
    );
  }

  /** Events alone go with those of other runs, and with what is told until it is their turn. */
  #append(written: Entry[]): Promise<boolean> {
    return this.store.log.appends.append(this.source, () => {
      if (written.length === 0) {
        const end = this.#waiting.findIndex(({ work }) => work);
        written.push(...this.#waiting.splice(0, end === -1 ? this.#waiting.length : end));
      }
      return framesOf(written);
    });
  }

  /** Nobody has seen what was not stored, so its numbers are free. */
  #fail(written: readonly Entry[], cause: unknown): void {
    const reason =
      cause instanceof RunInterrupted ? cause : new RunInterrupted('An event could not be stored.', { cause });
    const lost = [...written, ...this.#waiting];
    this.#waiting = [];
    this.#sequence = this.stored;
    for (const { reject } of lost) reject?.(reason);
    this.onFailure(reason);
  }
}

function framesOf(entries: readonly Entry[]): readonly EventFrame[] {
  return entries.flatMap((entry) => entry.frame ?? []);
}
