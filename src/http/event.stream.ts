import type { ServerResponse } from 'node:http';
import type { HttpResponse } from './http.exchange.js';

/** What the wire needs of an event; all of it is sent as JSON. */
export interface StreamedEvent {
  readonly type: string;
  /** 1, 2, 3 … */
  readonly sequence: number;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // Tells nginx not to hold events back.
  'X-Accel-Buffering': 'no',
};
const KEEP_ALIVE_MS = 15_000;
/** What a reader may lag behind before it is cut off. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** What a reader has left to take the rest of a stream that ended. */
const LAST_READ_MS = 30_000;

/**
 * Answers with server-sent events. A failure before the first event is thrown, so that it becomes an ordinary
 * error answer.
 *
 * The events are always taken as they come: a slow reader must not hold up the run behind them, and is cut off
 * when too much lies unread.
 */
export async function sendEvents(response: HttpResponse, events: AsyncIterable<StreamedEvent>): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  let next = await iterator.next();
  const stream = new EventStream(response);
  try {
    while (next.done !== true) {
      stream.send(next.value);
      next = await iterator.next();
    }
    stream.end();
  } finally {
    stream.close();
  }
}

/** Frames events, and writes those that came together at once: a write costs more than the event in it. */
class EventStream {
  readonly #raw: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  #unsent = '';

  constructor(response: HttpResponse) {
    this.#raw = begin(response);
    this.#keepAlive = setInterval(() => this.#raw.write(': keep-alive\n\n'), KEEP_ALIVE_MS).unref();
  }

  send(event: StreamedEvent): void {
    // Not setImmediate, which waits for every other socket that is ready: in a crowd, for a second.
    if (this.#unsent === '') process.nextTick(() => this.#flush());
    this.#unsent += `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  /** Cuts the stream off, unless it has ended. */
  close(): void {
    clearInterval(this.#keepAlive);
    if (!this.#raw.writableEnded) this.#raw.destroy();
  }

  end(): void {
    this.#raw.end(this.#unsent);
    this.#unsent = '';
    if (this.#raw.writableLength > 0) this.#raw.setTimeout(LAST_READ_MS, () => this.#raw.destroy());
  }

  #flush(): void {
    if (this.#unsent === '') return;
    this.#raw.write(this.#unsent);
    this.#unsent = '';
    if (this.#raw.writableLength > MAX_UNREAD_BYTES) this.#raw.destroy();
  }
}

function begin(response: HttpResponse): ServerResponse {
  if (response.raw === undefined) return response.writeHead(200, HEADERS);
  response.hijack();
  const headers = response.getHeaders();
  return response.raw.writeHead(200, { ...headers, ...HEADERS });
}
