import type { Place } from '../responses/response.place.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';

/** Characters of a conversation as JSON. Images count. */
const MAX_CHARACTERS = 2 * 1024 * 1024;

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

  /** Returns the response with this id, and forgets it: it can be continued once. */
  take(id: unknown): RememberedResponse | undefined {
    if (this.#last === undefined || this.#last.id !== id) return undefined;
    const last = this.#last;
    this.#last = undefined;
    return last;
  }

  /** Remembers the newest response in place of the one before. A conversation that is too long is forgotten. */
  keep(response: RememberedResponse | undefined): void {
    const isLong = response !== undefined && JSON.stringify(response.messages).length > MAX_CHARACTERS;
    this.#last = isLong ? undefined : response;
  }
}
