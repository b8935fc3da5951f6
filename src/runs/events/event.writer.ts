import type { Transaction } from 'kysely';
import type { Database, WriteOptions } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { Durability } from '../../storage/engine.js';
import { afterEarly, earlyFacts, type EventPosition, positionOf } from './early.facts.js';
import type { EventSource } from './event.appends.js';
import type { EventLog } from './event.log.js';
import { type StoredEvent, serializeEvent, type RunEventPayload } from './run.events.js';
import type { RunFact } from './run.facts.js';

/** An attempt cannot continue, and neither the model nor a tool is at fault. */
export class RunInterrupted extends Error {
  override readonly name: string = 'RunInterrupted';
}

/** Another attempt owns the run now, or the run is over. */
export class AttemptLost extends RunInterrupted {
  override readonly name = 'AttemptLost';
}

/** Writes in one commit with events. Resolves to false if the attempt is lost. */
type Work = (transaction: Transaction<Schema>) => Promise<boolean>;

/** A pending event, work for its commit, or both. */
interface Entry {
  readonly event?: StoredEvent | undefined;
  readonly work?: Work;
  readonly durability: Durability;
  readonly resolve?: () => void;
  readonly reject?: (reason: RunInterrupted) => void;
}

/**
 * Numbers the events of one attempt, stores them, then publishes them, strictly in this order. Events that arrive
 * during a commit go into the next one together.
 */
export class EventWriter {
  #waiting: Entry[] = [];
  /** Facts that come with the next event. */
  #facts: RunFact[] = [];
  #at: EventPosition;
  #stored: EventPosition;
  #opening: StoredEvent | undefined;
  #writing: Promise<void> | undefined;

  /** @param stored the place of what is stored last, or the first event, which is stored and not published. */
  constructor(
    private readonly source: EventSource,
    stored: EventPosition | StoredEvent,
    private readonly store: { readonly database: Database; readonly log: EventLog },
    /** Called when a write fails. */
    private readonly onFailure: (cause: RunInterrupted) => void,
  ) {
    const isOpening = 'data' in stored;
    this.#opening = isOpening ? stored : undefined;
    this.#stored = isOpening ? positionOf(stored) : stored;
    this.#at = this.#stored;
  }

  /** True if no attempt has emitted an event yet. */
  get isEmpty(): boolean {
    return this.#at.sequence === 0;
  }

  /** Publishes the first event if the commit of the row has stored it. Returns false if nothing has stored it. */
  publishOpening(): boolean {
    if (this.#opening === undefined) return false;
    this.store.log.publish(this.source.id, [this.#opening]);
    this.#opening = undefined;
    return true;
  }

  /** Adds a fact to the next event. It is left out while a replica of an older release lives. */
  add(fact: RunFact): void {
    if (this.store.log.takesFacts(this.source.id)) this.#facts.push(fact);
  }

  /** Stores a fact and shows it before there is a next event. It is left out while a replica lives that does not read it. */
  show(fact: RunFact): void {
    if (!this.store.log.takesEarlyFacts(this.source.id)) return;
    this.#at = { ...this.#at, part: this.#at.part + 1 };
    this.#add({ event: earlyFacts(this.#at, [fact]), durability: 'process' });
  }

  emit(payload: RunEventPayload): void {
    this.#add({ event: this.#next(payload), durability: 'process' });
  }

  /**
   * Emits the fact in one commit with that work.
   *
   * @throws AttemptLost, or RunInterrupted with the failure of the database as its cause.
   */
  commit(work: Work, payload?: RunEventPayload, { durability = 'disk' }: WriteOptions = {}): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#add({ event: payload && this.#next(payload), work, durability, resolve, reject }),
    );
  }

  /** Resolves when all emitted events are stored and published, or cannot be. */
  async flushed(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Reloads the last stored sequence: a lost connection leaves the outcome of the commit unknown. */
  async resync(): Promise<void> {
    const { log } = this.store;
    // Readers of a run that is not stored have got each event that was written.
    if (log.isStored(this.source.id)) this.#stored = await log.position(this.source.id);
    this.#at = this.#stored;
  }

  /** The pending events and the last event, for the commit that ends the run. */
  finalEvents(payload: RunEventPayload): readonly StoredEvent[] {
    return [...eventsOf(this.#waiting), this.#eventOf(payload, this.#facts)];
  }

  #next(payload: RunEventPayload): StoredEvent {
    const facts = this.#facts;
    if (facts.length > 0) this.#facts = [];
    const event = this.#eventOf(payload, facts);
    this.#at = positionOf(event);
    return event;
  }

  /** The event at the next number. */
  #eventOf(payload: RunEventPayload, facts: readonly RunFact[]): StoredEvent {
    const { sequence, part } = this.#at;
    return afterEarly(serializeEvent(this.source.id, sequence + 1, payload, facts), part);
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
      const isMine = await this.#store(written);
      if (!isMine) throw new AttemptLost();
    } catch (cause) {
      this.#fail(written, cause);
      return;
    }
    const events = eventsOf(written);
    const last = events.at(-1);
    if (last) this.#stored = positionOf(last);
    this.store.log.publish(this.source.id, events);
    for (const { resolve } of written) resolve?.();
  }

  async #store(written: Entry[]): Promise<boolean> {
    if (this.#waiting.some(({ work }) => work)) return await this.#writeWork(written);
    if (this.store.log.isStored(this.source.id)) return await this.#append(written);
    written.push(...this.#waiting.splice(0));
    return true;
  }

  /** Writes the events first: the database rejects them after work that ends the run. */
  #writeWork(written: Entry[]): Promise<boolean> {
    const { database, log } = this.store;
    written.push(...this.#waiting.splice(0));
    const durability = written.some((entry) => entry.durability === 'disk') ? 'disk' : 'process';
    return database.write(
      async (transaction) => {
        if (!(await log.appends.appendIn(transaction, this.source, eventsOf(written)))) return false;
        for (const { work } of written) if (work && !(await work(transaction))) return false;
        return true;
      },
      { durability },
    );
  }

  /** Batches events without work with those of other runs and with events that arrive before the commit. */
  #append(written: Entry[]): Promise<boolean> {
    return this.store.log.appends.append(this.source, () => {
      if (written.length === 0) {
        const end = this.#waiting.findIndex(({ work }) => work);
        written.push(...this.#waiting.splice(0, end === -1 ? this.#waiting.length : end));
      }
      return eventsOf(written);
    });
  }

  /** Frees the numbers of events that were not stored: no reader has seen them. */
  #fail(written: readonly Entry[], cause: unknown): void {
    const reason =
      cause instanceof RunInterrupted ? cause : new RunInterrupted('An event could not be stored.', { cause });
    const lost = [...written, ...this.#waiting];
    this.#waiting = [];
    this.#at = this.#stored;
    for (const { reject } of lost) reject?.(reason);
    this.onFailure(reason);
  }
}

function eventsOf(entries: readonly Entry[]): readonly StoredEvent[] {
  return entries.flatMap((entry) => entry.event ?? []);
}
