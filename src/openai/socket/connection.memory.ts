import type { Place } from '../responses/response.place.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';

/** Characters of a conversation as JSON. Images count. */
const MAX_CHARACTERS = 2 * 1024 * 1024;
/** Characters of all conversations of one caller. */
const MAX_OF_CALLER = 8 * 1024 * 1024;

/** A response that is not stored, and what the model needs to continue after it. */
export interface RememberedResponse {
  readonly id: string;
  /** The stored conversation that it continues, if it does. */
  readonly place: Place;
  /** The rest of the conversation. */
  readonly messages: readonly TranscriptMessage[];
}

/** The last response of a connection, if it is not stored. It can be continued on this connection alone. */
export class ConnectionMemory {
  #last: RememberedResponse | undefined;

  constructor(private readonly shared: CallerMemory) {}

  /** Returns the response with this id, and forgets it: it can be continued once. */
  take(id: unknown): RememberedResponse | undefined {
    if (this.#last === undefined || this.#last.id !== id) return undefined;
    const last = this.#last;
    this.forget();
    return last;
  }

  /** Remembers the newest response in place of the one before. A conversation that is too long is forgotten. */
  keep(response: RememberedResponse | undefined): void {
    this.forget();
    if (response === undefined) return;
    const characters = JSON.stringify(response.messages).length;
    if (characters > MAX_CHARACTERS) return;
    this.#last = response;
    this.shared.add(this, characters);
  }

  forget(): void {
    this.#last = undefined;
    this.shared.remove(this);
  }
}

/** The memory that the connections of one caller share. If it is full, the oldest response is forgotten first. */
export class CallerMemory {
  /** Characters, oldest first. */
  readonly #kept = new Map<ConnectionMemory, number>();
  #characters = 0;

  /** Connections that share it. */
  connections = 0;

  add(memory: ConnectionMemory, characters: number): void {
    this.#kept.set(memory, characters);
    this.#characters += characters;
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= MAX_OF_CALLER) return;
      oldest.forget();
    }
  }

  remove(memory: ConnectionMemory): void {
    this.#characters -= this.#kept.get(memory) ?? 0;
    this.#kept.delete(memory);
  }
}
