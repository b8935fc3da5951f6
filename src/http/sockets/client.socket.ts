import type { WebSocket } from 'ws';
import { within } from '../../async/within.js';
import { AgentError, invalidField } from '../../errors/agent.error.js';

/** A socket closes if more than this stays unread for longer than `SLOW_READER_TIMEOUT_MS`. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const SLOW_READER_TIMEOUT_MS = 2000;
const PING_MS = 20_000;
/** Maximum concurrent streams of a socket. */
const MAX_STREAMS = 32;
/** Maximum frames under way. A socket with all its streams can still cancel and approve. */
const MAX_FRAMES = 2 * MAX_STREAMS;
/** The rate limit may refuse so many frames of a socket in a minute. */
const MAX_REFUSALS = 20;
const REFUSAL_WINDOW_MS = 60_000;
/** A socket without streams closes after that time without a frame. */
const IDLE_TIMEOUT_MS = 3_600_000;
/** Time limits for the last events at shutdown, and for the close handshake. */
const DRAIN_TIMEOUT_MS = 250;
const CLOSE_TIMEOUT_MS = 1000;

const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** Batches of events. Each has its JSON in one line. */
type Batches = AsyncIterable<readonly { readonly data: string }[]>;

/** Opens a stream. Returns undefined if it has no events. */
export type OpenStream = () => Promise<Batches | undefined>;

/** Limits of a socket. */
export interface ClientSocketOptions {
  /** Milliseconds without a stream or a frame after which the socket closes. Default: an hour. */
  readonly idleTimeoutMs?: number;
  /** Frames whose work is done at once. The others wait for their turn. Default: 64. */
  readonly maxAtOnce?: number;
  /** Frames under way or waiting, before the socket reads no more. Default: 64. */
  readonly maxFrames?: number;
}

/** One connection: limits its streams and frames, applies backpressure and detects dead clients. */
export class ClientSocket {
  readonly #client: WebSocket;
  readonly #disconnected = new AbortController();
  readonly #streams = new Map<string, Promise<void>>();
  readonly #closed = Promise.withResolvers<void>();
  #drained: PromiseWithResolvers<void> | undefined;
  #slowReaderTimer: NodeJS.Timeout | undefined;
  #isAlive = true;
  readonly #idleTimeoutMs: number;
  readonly #maxAtOnce: number;
  readonly #maxFrames: number;
  #usedMs = performance.now();
  /** Frames that wait because too many are under way. */
  readonly #waiting: (() => Promise<void>)[] = [];
  #underWay = 0;
  readonly #refusals: number[] = [];

  constructor(client: WebSocket, options: ClientSocketOptions = {}) {
    const { idleTimeoutMs = IDLE_TIMEOUT_MS, maxAtOnce = MAX_FRAMES, maxFrames = MAX_FRAMES } = options;
    this.#client = client;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#maxAtOnce = maxAtOnce;
    this.#maxFrames = maxFrames;
    const pingTimer = setInterval(() => this.#ping(), PING_MS).unref();
    const markAlive = (): void => {
      this.#isAlive = true;
    };
    client.on('pong', markAlive);
    client.on('message', () => {
      markAlive();
      this.#usedMs = performance.now();
    });
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

  /**
   * Executes the work of a frame. If too many frames are under way, it waits, and the socket reads no more. Work that
   * rejects is a bug.
   */
  accept(work: () => Promise<void>): void {
    this.#waiting.push(work);
    this.#startWork();
  }

  /** Counts a frame that the rate limit refused. Closes the socket after too many. */
  addRefusal(): void {
    const now = performance.now();
    this.#refusals.push(now);
    const since = this.#refusals.length < MAX_REFUSALS ? -Infinity : (this.#refusals.shift() ?? now);
    if (now - since > REFUSAL_WINDOW_MS) return;
    this.#close(POLICY_VIOLATION, 'Too many frames were refused.');
  }

  send(frame: object): void {
    this.#write(JSON.stringify(frame));
  }

  /**
   * Sends the events until the stream ends. Returns false if `open` returned no stream.
   *
   * @param id identifies the stream on this socket.
   * @param toFrame the frame of an event's JSON. Default: it has the id too.
   * @throws AgentError if the id is in use or the socket has too many streams; rethrows the errors of `open`.
   */
  async stream(id: string, open: OpenStream, toFrame = withId(id)): Promise<boolean> {
    if (this.#streams.has(id)) throw invalidField('id', `The id "${id}" is in use on this socket.`);
    if (this.#streams.size >= MAX_STREAMS) {
      throw new AgentError('overloaded', { detail: `A socket has at most ${MAX_STREAMS} chats and subscriptions.` });
    }
    const ended = Promise.withResolvers<void>();
    this.#streams.set(id, ended.promise);
    try {
      const batches = await open();
      if (batches) await this.#sendEvents(batches, toFrame);
      return batches !== undefined;
    } finally {
      this.#streams.delete(id);
      this.#usedMs = performance.now();
      ended.resolve();
    }
  }

  /** Closes the socket because the credentials of the client have ended. Cuts the connection of a client that stays. */
  revoke(): void {
    this.#close(POLICY_VIOLATION, 'The credentials have expired or were revoked.');
    const timer = setTimeout(() => this.#client.terminate(), CLOSE_TIMEOUT_MS);
    void this.#closed.promise.then(() => clearTimeout(timer));
  }

  /** Waits for the open streams, sends a last frame, and closes the socket. */
  async expire(last: object, reason: string): Promise<void> {
    await Promise.all(this.#streams.values());
    this.send(last);
    this.#close(GOING_AWAY, reason);
  }

  /** Sends the pending events, then closes the socket. */
  async end(): Promise<void> {
    await within(DRAIN_TIMEOUT_MS, Promise.all(this.#streams.values()));
    this.#close(GOING_AWAY, 'The service is shutting down.');
    await within(CLOSE_TIMEOUT_MS, this.#closed.promise);
  }

  #startWork(): void {
    // The frames of a closing socket would be executed for nobody.
    if (this.signal.aborted) this.#waiting.length = 0;
    while (this.#underWay < this.#maxAtOnce) {
      const work = this.#waiting.shift();
      if (work === undefined) break;
      this.#underWay++;
      void work().finally(() => {
        this.#underWay--;
        this.#startWork();
      });
    }
    this.#updateReading();
  }

  /** Reads only while the client reads too, and while few frames are under way. A closing socket waits for its answer. */
  #updateReading(): void {
    const isFull = this.#underWay + this.#waiting.length >= this.#maxFrames;
    const isBusy = this.#drained !== undefined || isFull;
    if (isBusy && !this.signal.aborted) return this.#client.pause();
    // Its pongs are still unread.
    if (this.#client.isPaused) this.#isAlive = true;
    this.#client.resume();
  }

  async #sendEvents(batches: Batches, toFrame: (data: string) => string): Promise<void> {
    for await (const batch of batches) {
      for (const { data } of batch) this.#write(toFrame(data));
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
    this.#updateReading();
    this.#slowReaderTimer = setTimeout(
      () => this.#close(TRY_AGAIN_LATER, 'The client reads too slowly.'),
      SLOW_READER_TIMEOUT_MS,
    );
  }

  #resume(): void {
    clearTimeout(this.#slowReaderTimer);
    this.#drained?.resolve();
    this.#drained = undefined;
    this.#updateReading();
  }

  #close(code: number, reason: string): void {
    this.#client.close(code, reason);
    // Nothing more is sent: let the runs lose their reader now, and release the waiting streams.
    this.#disconnected.abort(new AgentError('client_closed_request'));
    this.#resume();
  }

  #ping(): void {
    const isIdle = this.#streams.size === 0 && performance.now() - this.#usedMs > this.#idleTimeoutMs;
    if (isIdle) this.#close(GOING_AWAY, 'The socket was idle.');
    // A paused socket reads no pongs.
    if (this.#client.isPaused) return;
    if (!this.#isAlive) this.#client.terminate();
    this.#isAlive = false;
    if (this.#client.readyState === this.#client.OPEN) this.#client.ping();
  }
}

/** Puts the id before the fields of an event. */
function withId(id: string): (data: string) => string {
  const head = `{"id":${JSON.stringify(id)},`;
  return (data) => head + data.slice(1);
}
