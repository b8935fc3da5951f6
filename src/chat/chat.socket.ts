import type { WebSocket } from 'ws';
import { within } from '../async/within.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import type { StreamedEvent } from '../http/streaming/event.stream.js';

/** A socket closes if more than this stays unread for longer than `SLOW_READER_TIMEOUT_MS`. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const SLOW_READER_TIMEOUT_MS = 2000;
const PING_MS = 20_000;
/** Maximum concurrent chats and subscriptions of a socket. */
const MAX_STREAMS = 32;
/** Time limits for the last events at shutdown, and for the close handshake. */
const DRAIN_TIMEOUT_MS = 250;
const CLOSE_TIMEOUT_MS = 1000;

const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

type Batches = AsyncIterable<readonly StreamedEvent[]>;

/** One connection: limits its streams, applies backpressure and detects dead clients. */
export class ChatSocket {
  readonly #client: WebSocket;
  readonly #disconnected = new AbortController();
  readonly #streams = new Map<string, Promise<void>>();
  readonly #closed = Promise.withResolvers<void>();
  #drained: PromiseWithResolvers<void> | undefined;
  #slowReaderTimer: NodeJS.Timeout | undefined;
  #isAlive = true;

  constructor(client: WebSocket) {
    this.#client = client;
    const pingTimer = setInterval(() => this.#ping(), PING_MS).unref();
    const markAlive = (): void => {
      this.#isAlive = true;
    };
    client.on('pong', markAlive);
    client.on('message', markAlive);
    client.once('close', () => {
      clearInterval(pingTimer);
      this.#resume();
      this.#disconnected.abort(new AgentError('client_closed_request'));
      this.#closed.resolve();
    });
  }

  /**
   * Aborts with `client_closed_request` when the socket begins to close. The client may still send frames, until it
   * answers the close frame.
   */
  get signal(): AbortSignal {
    return this.#disconnected.signal;
  }

  send(frame: object): void {
    this.#write(JSON.stringify(frame));
  }

  /**
   * Sends the events under this id until the stream ends. Returns false if `open` returned no stream.
   *
   * @throws AgentError if the id is in use or the socket has too many streams; rethrows the errors of `open`.
   */
  async stream(id: string, open: () => Promise<Batches | undefined>): Promise<boolean> {
    if (this.#streams.has(id)) throw invalidField('id', `The id "${id}" is in use on this socket.`);
    if (this.#streams.size >= MAX_STREAMS) {
      throw new AgentError('overloaded', { detail: `A socket has at most ${MAX_STREAMS} chats and subscriptions.` });
    }
    const ended = Promise.withResolvers<void>();
    this.#streams.set(id, ended.promise);
    try {
      const batches = await open();
      if (batches) await this.#sendEvents(id, batches);
      return batches !== undefined;
    } finally {
      this.#streams.delete(id);
      ended.resolve();
    }
  }

  /** Closes the socket because the credentials of the client have ended. Cuts the connection of a client that stays. */
  revoke(): void {
    this.#close(POLICY_VIOLATION, 'The credentials have expired or were revoked.');
    const timer = setTimeout(() => this.#client.terminate(), CLOSE_TIMEOUT_MS);
    void this.#closed.promise.then(() => clearTimeout(timer));
  }

  /** Sends the pending events, then closes the socket. */
  async end(): Promise<void> {
    await within(DRAIN_TIMEOUT_MS, Promise.all(this.#streams.values()));
    this.#close(GOING_AWAY, 'The service is shutting down.');
    await within(CLOSE_TIMEOUT_MS, this.#closed.promise);
  }

  async #sendEvents(id: string, batches: Batches): Promise<void> {
    const head = `{"id":${JSON.stringify(id)},`;
    for await (const batch of batches) {
      for (const { data } of batch) this.#write(head + data.slice(1));
      if (this.#drained) await this.#drained.promise;
    }
  }

  #write(text: string): void {
    if (this.#client.readyState !== this.#client.OPEN) return;
    this.#client.send(text, () => {
      if (this.#client.bufferedAmount <= MAX_UNREAD_BYTES) this.#resume();
    });
    if (this.#client.bufferedAmount > MAX_UNREAD_BYTES) this.#waitForDrain();
  }

  /** Stops reading frames, and closes the socket unless the reader catches up in time. */
  #waitForDrain(): void {
    if (this.#drained) return;
    this.#drained = Promise.withResolvers();
    this.#client.pause();
    this.#slowReaderTimer = setTimeout(
      () => this.#close(TRY_AGAIN_LATER, 'The client reads too slowly.'),
      SLOW_READER_TIMEOUT_MS,
    );
  }

  #resume(): void {
    clearTimeout(this.#slowReaderTimer);
    this.#client.resume();
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #close(code: number, reason: string): void {
    this.#client.close(code, reason);
    // Nothing more is sent: release the waiting streams, and let the runs lose their reader now.
    this.#resume();
    this.#disconnected.abort(new AgentError('client_closed_request'));
  }

  #ping(): void {
    if (!this.#isAlive) this.#client.terminate();
    this.#isAlive = false;
    if (this.#client.readyState === this.#client.OPEN) this.#client.ping();
  }
}
