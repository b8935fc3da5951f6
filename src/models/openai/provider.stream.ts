import { createParser } from 'eventsource-parser';
import type { Readable } from 'node:stream';

/** How long the rest of an answer may take to arrive, so that its connection can be used again. */
const DRAIN_MS = 100;

/** The headers of an answer. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One server-sent event. */
export interface ServerEvent {
  /** The `event` field; undefined: none. */
  readonly name: string | undefined;
  readonly data: string;
}

/** The server-sent events of an answer. */
export class ProviderStream {
  readonly #chunks: AsyncIterator<unknown, unknown>;
  readonly #decoder = new TextDecoder();
  #arrived: ServerEvent[] = [];
  readonly #parser = createParser({
    onEvent: ({ event: name, data }) => void (data.trim() === '' || this.#arrived.push({ name, data })),
  });

  /** @param begin what was already read of the body, through `chunks`. */
  constructor(
    private readonly body: Readable,
    chunks: AsyncIterator<unknown, unknown> = body[Symbol.asyncIterator](),
    begin: Uint8Array = new Uint8Array(),
  ) {
    this.#chunks = chunks;
    this.#feed(begin);
  }

  /** Resolves with the events that have arrived; undefined at the end. @throws the failure of the connection. */
  async next(): Promise<readonly ServerEvent[] | undefined> {
    if (this.#arrived.length > 0) return this.#take();
    for (;;) {
      const step = await this.#chunks.next();
      if (step.done === true) return this.#rest();
      if (step.value instanceof Uint8Array) this.#feed(step.value);
      if (this.#arrived.length > 0) return this.#take();
    }
  }

  /** Lets the connection be used again if the answer ends soon; closes it otherwise. */
  release(): void {
    const timer = setTimeout(() => this.body.destroy(), DRAIN_MS).unref();
    void this.#drain()
      .catch(() => undefined)
      .finally(() => clearTimeout(timer));
  }

  /** Closes the connection. */
  destroy(): void {
    this.body.destroy();
  }

  #feed(bytes: Uint8Array): void {
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
  }

  async #drain(): Promise<void> {
    for (let step = await this.#chunks.next(); step.done !== true; step = await this.#chunks.next()) continue;
  }

  /** A last event may lack the empty line that ends it. */
  #rest(): readonly ServerEvent[] | undefined {
    this.#parser.feed(`${this.#decoder.decode()}\n\n`);
    return this.#arrived.length > 0 ? this.#take() : undefined;
  }

  #take(): readonly ServerEvent[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }
}
