import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../http.types.js';

/** The parts of an event that the stream sends. */
export interface StreamedEvent {
  readonly type: string;
  /** 1, 2, 3 … */
  readonly sequence: number;
  /** The event as JSON on one line. */
  readonly data: string;
  /** True if no event follows. */
  readonly isFinal: boolean;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // Disables buffering in nginx.
  'X-Accel-Buffering': 'no',
};
const KEEP_ALIVE_MS = 15_000;
/** Delay before the headers are sent alone. Until then, they share one write with the first event. */
const HEADERS_DELAY_MS = 20;
/** Reconnect delay for clients whose replica shuts down. */
const RECONNECT_DELAY_MS = 1000;
/** A client with more unread bytes than this, for longer than `SLOW_READER_TIMEOUT_MS`, is disconnected. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const SLOW_READER_TIMEOUT_MS = 2000;
/** Time limit for a client to read the rest of an ended stream. */
const FINAL_READ_TIMEOUT_MS = 30_000;

/**
 * Answers with server-sent events. Writes each batch at once, because a write costs more than the event in it.
 *
 * Unread output is bounded: a replay reads from disk faster than a network can send. It waits for the client, but only
 * briefly.
 */
export async function sendEvents(
  response: HttpResponse,
  batches: AsyncIterable<readonly StreamedEvent[]>,
): Promise<void> {
  const stream = new EventStream(response);
  try {
    let last: StreamedEvent | undefined;
    for await (const batch of batches) {
      await stream.send(batch.map(toSseText).join(''));
      last = batch.at(-1);
    }
    if (last?.isFinal !== true) stream.sendRetryHint(last?.sequence ?? 0);
    stream.end();
  } finally {
    stream.close();
  }
}

/** Sends the rest of a stream to a client that rejoins it. Answers 204 if nothing remains. */
export async function sendRemaining(
  response: HttpResponse,
  batches: AsyncIterable<readonly StreamedEvent[]> | undefined,
): Promise<void> {
  if (batches) await sendEvents(response, batches);
  else sendNoContent(response);
}

/** The same for texts of events, of an API with a framing of its own. */
export async function sendEventText(response: HttpResponse, texts: AsyncIterable<string>): Promise<void> {
  const stream = new EventStream(response);
  try {
    for await (const text of texts) await stream.send(text);
    stream.end();
  } finally {
    stream.close();
  }
}

/** Answers 204 No Content, which stops a browser's reconnects. */
function sendNoContent(response: HttpResponse): void {
  if (response.raw === undefined) response.writeHead(204).end();
  else {
    response.hijack();
    response.raw.writeHead(204, { ...response.getHeaders() }).end();
  }
}

/** Sends the headers with the first events, or after `HEADERS_DELAY_MS`. An earlier failure is an ordinary error response. */
class EventStream {
  readonly #keepAlive: NodeJS.Timeout;
  readonly #headersTimer: NodeJS.Timeout;
  #started: ServerResponse | undefined;

  constructor(private readonly response: HttpResponse) {
    this.#keepAlive = setInterval(() => this.#started?.write(': keep-alive\n\n'), KEEP_ALIVE_MS).unref();
    this.#headersTimer = setTimeout(() => this.#raw.flushHeaders(), HEADERS_DELAY_MS);
  }

  /** Starts the response on first access. */
  get #raw(): ServerResponse {
    return (this.#started ??= begin(this.response));
  }

  async send(text: string): Promise<void> {
    clearTimeout(this.#headersTimer);
    this.#raw.write(text);
    if (this.#raw.writableLength > MAX_UNREAD_BYTES) await this.#waitForDrain();
  }

  /** Waits until the client has read the backlog; disconnects it after `SLOW_READER_TIMEOUT_MS`. */
  async #waitForDrain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#raw.destroy(), SLOW_READER_TIMEOUT_MS);
    this.#raw.once('drain', resolve).once('close', resolve);
    await promise;
    clearTimeout(timer);
    this.#raw.off('drain', resolve).off('close', resolve);
  }

  /** Sends a retry hint if the stream ends before the run does. Browsers reconnect by themselves. */
  sendRetryHint(lastSequence: number): void {
    if (!this.#raw.destroyed)
      this.#raw.write(`retry: ${RECONNECT_DELAY_MS}\n: to be continued with Last-Event-ID: ${lastSequence}\n\n`);
  }

  /** Destroys a stream that started but did not end. */
  close(): void {
    clearInterval(this.#keepAlive);
    clearTimeout(this.#headersTimer);
    if (this.#started?.writableEnded === false) this.#started.destroy();
  }

  end(): void {
    this.#raw.end();
    if (this.#raw.writableLength > 0) this.#raw.setTimeout(FINAL_READ_TIMEOUT_MS, () => this.#raw.destroy());
  }
}

function toSseText({ sequence, type, data }: StreamedEvent): string {
  return `id: ${sequence}\nevent: ${type}\ndata: ${data}\n\n`;
}

function begin(response: HttpResponse): ServerResponse {
  if (response.raw === undefined) return response.writeHead(200, HEADERS);
  response.hijack();
  const headers = response.getHeaders();
  return response.raw.writeHead(200, { ...headers, ...HEADERS });
}
