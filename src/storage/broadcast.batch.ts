/** Characters of what may wait to be published; beyond it messages are dropped. */
const CAPACITY = 8 * 1024 * 1024;

/** Messages that wait to be published together. What has the same topic goes as one. */
export class BroadcastBatch {
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

  /** Hands out what was added since the last time, by topic. */
  take(): Map<string, string> {
    const topics = this.#topics;
    this.#topics = new Map();
    this.#length = 0;
    return topics;
  }
}

/** The messages that were put together, from `start` on. */
export function* unpacked(packed: string, start: number): Generator<string> {
  for (let at = start; at < packed.length;) {
    const colon = packed.indexOf(':', at);
    const end = colon + 1 + Number(packed.slice(at, colon));
    // Whatever is not ours ends here.
    if (colon < 0 || !(end > colon)) return;
    yield packed.slice(colon + 1, end);
    at = end;
  }
}
