import type { Transaction } from 'kysely';
import type { Database, WriteOptions } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { EventSource, Take } from './event.appends.js';
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

/** Tells the events of one attempt: numbers them, has them stored, then shown. What is told meanwhile goes together. */
export class EventWriter {
  #pending: EventFrame[] = [];
  #sequence: number;
  #writing: Promise<void> | undefined;

  /** @param stored the number of the last event that is stored. */
  constructor(
    private readonly source: EventSource,
    private stored: number,
    private readonly store: { readonly database: Database; readonly log: EventLog },
    /** Told when events could not be stored. */
    private readonly onFailure: (cause: RunInterrupted) => void,
  ) {
    this.#sequence = stored;
  }

  tell(fact: RunFact): void {
    this.#pending.push(this.#frame(fact));
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all that was told is stored and shown, or cannot be. */
  async flushed(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /**
   * Tells the fact, in one commit with that work.
   *
   * @throws AttemptLost, or RunInterrupted with what kept the database from storing it as its cause.
   */
  async commit(work: Work, fact?: RunFact, options?: WriteOptions): Promise<void> {
    if (fact) this.#pending.push(this.#frame(fact));
    const { database, log } = this.store;
    await this.#write((take) =>
      database.write(
        // The events come first: they are refused where the work ends the run.
        async (transaction) =>
          (await log.appends.appendIn(transaction, this.source, take())) && (await work(transaction)),
        options,
      ),
    );
  }

  /** What is not stored yet and the last event behind it, for the commit that ends the run. */
  closing(fact: RunFact): readonly EventFrame[] {
    return [...this.#pending, frame(this.source.id, this.#sequence + 1, fact)];
  }

  #frame(fact: RunFact): EventFrame {
    return frame(this.source.id, ++this.#sequence, fact);
  }

  async #writeAll(): Promise<void> {
    try {
      const { appends } = this.store.log;
      while (this.#pending.length > 0) await this.#write((take) => appends.append(this.source, take));
    } catch (cause) {
      if (cause instanceof RunInterrupted) this.onFailure(cause);
    } finally {
      this.#writing = undefined;
    }
  }

  async #write(store: (take: Take) => Promise<boolean>): Promise<void> {
    let frames: readonly EventFrame[] | undefined;
    // Tried again, it writes the same.
    const take = (): readonly EventFrame[] => (frames ??= this.#pending.splice(0));
    try {
      const isMine = await store(take);
      if (!isMine) throw new AttemptLost();
    } catch (cause) {
      // Nobody has seen them, so their numbers are free.
      this.#pending = [];
      this.#sequence = this.stored;
      throw cause instanceof RunInterrupted ? cause : new RunInterrupted('An event could not be stored.', { cause });
    }
    this.stored = frames?.at(-1)?.sequence ?? this.stored;
    this.store.log.show(this.source.id, frames ?? []);
  }
}
