import type { ServerResponse } from 'node:http';
import type { HttpResponse } from './http.exchange.js';

/** What the wire needs of an event. */
export interface StreamedEvent {
  readonly type: string;
  /** 1, 2, 3 … */
  readonly sequence: number;
  /** The event as JSON, in one line. */
  readonly data: string;
  /** Nothing follows it. */
  readonly isFinal: boolean;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // Tells nginx not to hold events back.
  'X-Accel-Buffering': 'no',
};
const KEEP_ALIVE_MS = 15_000;
/** Node keeps the head of an answer back until something follows it; with the first event it goes in one write. */
const HEAD_MS = 20;
/** When a reader whose replica stops may come back. */
const COME_BACK_MS = 1000;
/** What a reader may lag behind, and for how long, before it is cut off. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const PATIENCE_MS = 2000;
/** What a reader has left to take the rest of a stream that ended. */
const LAST_READ_MS = 30_000;

/**
 * Answers with server-sent events, those that come together in one write: a write costs more than the event in it.
 *
 * What a reader leaves unread is bounded: a replay comes faster from the disk than any network takes it, so it waits for
 * the reader, but not for long.
 */
export async function sendEvents(
  response: HttpResponse,
  batches: AsyncIterable<readonly StreamedEvent[]>,
): Promise<void> {
  const stream = new EventStream(response);
  try {
    let last: StreamedEvent | undefined;
    for await (const batch of batches) {
      await stream.send(batch);
      last = batch.at(-1);
    }
    if (last?.isFinal !== true) stream.sendBack(last?.sequence ?? 0);
    stream.end();
  } finally {
    stream.close();
  }
}

/** Answers that there is nothing more to come. */
export function sendNothing(response: HttpResponse): void {
  if (response.raw === undefined) response.writeHead(204).end();
  else {
    response.hijack();
    response.raw.writeHead(204, { ...response.getHeaders() }).end();
  }
}

/** The answer begins with the first events, or a moment later without any: until then a failure is an ordinary error. */
class EventStream {
  readonly #keepAlive: NodeJS.Timeout;
  readonly #head: NodeJS.Timeout;
  #begun: ServerResponse | undefined;

  constructor(private readonly response: HttpResponse) {
    this.#keepAlive = setInterval(() => this.#begun?.write(': keep-alive\n\n'), KEEP_ALIVE_MS).unref();
    this.#head = setTimeout(() => this.#raw.flushHeaders(), HEAD_MS);
  }

  /** Begins the answer, unless it has begun. */
  get #raw(): ServerResponse {
    return (this.#begun ??= begin(this.response));
  }

  async send(events: readonly StreamedEvent[]): Promise<void> {
    clearTimeout(this.#head);
    this.#raw.write(events.map(framed).join(''));
    if (this.#raw.writableLength > MAX_UNREAD_BYTES) await this.#catchUp();
  }

  /** Until the reader has caught up; one that does not is cut off. */
  async #catchUp(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(() => this.#raw.destroy(), PATIENCE_MS);
    this.#raw.once('drain', resolve).once('close', resolve);
    await promise;
    clearTimeout(patience);
    this.#raw.off('drain', resolve).off('close', resolve);
  }

  /** Tells a reader whose stream ends before its time where to go on: browsers come back by themselves. */
  sendBack(lastSequence: number): void {
    if (!this.#raw.destroyed)
      this.#raw.write(`retry: ${COME_BACK_MS}\n: to be continued with Last-Event-ID: ${lastSequence}\n\n`);
  }

  /** Cuts off a stream that has begun, unless it has ended. */
  close(): void {
    clearInterval(this.#keepAlive);
    clearTimeout(this.#head);
    if (this.#begun?.writableEnded === false) this.#begun.destroy();
  }

  end(): void {
    this.#raw.end();
    if (this.#raw.writableLength > 0) this.#raw.setTimeout(LAST_READ_MS, () => this.#raw.destroy());
  }
}

function framed({ sequence, type, data }: StreamedEvent): string {
  return `id: ${sequence}\nevent: ${type}\ndata: ${data}\n\n`;
}

function begin(response: HttpResponse): ServerResponse {
  if (response.raw === undefined) return response.writeHead(200, HEADERS);
  response.hijack();
  const headers = response.getHeaders();
  return response.raw.writeHead(200, { ...headers, ...HEADERS });
}
