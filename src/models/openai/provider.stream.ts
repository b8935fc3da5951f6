import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { ProviderBody } from './provider.body.js';

/** How long the rest of an answer may take to arrive, so that its connection can be used again. */
const DRAIN_MS = 100;

/** One server-sent event. */
export interface ServerEvent {
  /** The `event` field; undefined: none. */
  readonly name: string | undefined;
  readonly data: string;
}

/** The server-sent events of an answer. */
export class ProviderStream {
  readonly #decoder = new StringDecoder('utf8');
  #arrived: ServerEvent[] = [];
  readonly #parser = createParser({
    onEvent: ({ event: name, data }) => void (data.trim() === '' || this.#arrived.push({ name, data })),
  });

  /** @param begin what was already read of the body. */
  constructor(
    private readonly body: ProviderBody,
    begin: readonly Uint8Array[],
  ) {
    for (const chunk of begin) this.#feed(chunk);
  }

  /** Resolves with the events that have arrived; undefined at the end. @throws the failure of the connection. */
  async next(): Promise<readonly ServerEvent[] | undefined> {
    if (this.#arrived.length > 0) return this.#take();
    for (;;) {
      const chunks = await this.body.next();
      if (chunks.length === 0) return this.#rest();
      for (const chunk of chunks) this.#feed(chunk);
      if (this.#arrived.length > 0) return this.#take();
    }
  }

  /** Lets the connection be used again if the answer ends soon; closes it otherwise. */
  release(): void {
    const timer = setTimeout(() => this.body.destroy(), DRAIN_MS).unref();
    void this.#drain().finally(() => clearTimeout(timer));
  }

  /** Closes the connection. */
  destroy(): void {
    this.body.destroy();
  }

  #feed(bytes: Uint8Array): void {
    this.#parser.feed(this.#decoder.write(bytes));
  }

  /** The answer is complete, so a failure of what follows it changes nothing. */
  async #drain(): Promise<void> {
    try {
      await this.body.rest();
    } catch {
      this.body.destroy();
    }
  }

  /** A last event may lack the empty line that ends it. */
  #rest(): readonly ServerEvent[] | undefined {
    this.#parser.feed(`${this.#decoder.end()}\n\n`);
    return this.#arrived.length > 0 ? this.#take() : undefined;
  }

  #take(): readonly ServerEvent[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }
}
