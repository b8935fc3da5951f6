/** Maximum characters that wait to be published; further messages are dropped. */
const CAPACITY = 8 * 1024 * 1024;

/** Collects messages to publish together. Messages of one topic are packed into one. */
export class PubSubBatch {
  #topics = new Map<string, string>();
  #length = 0;

  get isEmpty(): boolean {
    return this.#topics.size === 0;
  }

  add(topic: string, message: string): void {
    if (this.#length + message.length > CAPACITY) return;
    this.#length += message.length;
    this.#topics.set(topic, `${this.#topics.get(topic) ?? ''}${message.length}:${message}`);
  }

  /** Removes and returns the messages that were added since the last call, by topic. */
  drain(): Map<string, string> {
    const topics = this.#topics;
    this.#topics = new Map();
    this.#length = 0;
    return topics;
  }
}

/** The messages of a packed batch, from offset `start` on. */
export function* unpacked(packed: string, start: number): Generator<string> {
  for (let at = start; at < packed.length;) {
    const colon = packed.indexOf(':', at);
    const end = colon + 1 + Number(packed.slice(at, colon));
    // Stops at content that has another format.
    if (colon < 0 || !(end > colon)) return;
    yield packed.slice(colon + 1, end);
    at = end;
  }
}
