import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../http.types.js';

/** The media type of newline-delimited JSON. */
export const NDJSON = 'application/x-ndjson';

/** Lines are collected up to this size and written together. */
const CHUNK_CHARACTERS = 32 * 1024;
/** Time limit for a client to resume reading; after it the client is disconnected. */
const SLOW_READER_TIMEOUT_MS = 60_000;

/**
 * Answers with one JSON object per line. Waits for the client, so memory holds only a few lines.
 * A failure before the first line is an ordinary error response. A later failure destroys the connection, so that the
 * client cannot mistake a partial answer for a complete one.
 *
 * @param signal destroys the connection when it aborts.
 */
export async function sendLines(
  response: HttpResponse,
  lines: AsyncIterable<object>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = lines[Symbol.asyncIterator]();
  let next = await iterator.next();
  const raw = begin(response);
  const cut = (): void => void raw.destroy();
  signal.addEventListener('abort', cut, { once: true });
  try {
    let text = '';
    while (next.done !== true && !signal.aborted) {
      text += `${JSON.stringify(next.value)}\n`;
      if (text.length > CHUNK_CHARACTERS) {
        await write(raw, text);
        text = '';
      }
      next = await iterator.next();
    }
    if (!signal.aborted) raw.end(text);
  } finally {
    signal.removeEventListener('abort', cut);
    if (!raw.writableEnded) raw.destroy();
    await iterator.return?.();
  }
}

/** Writes and waits until the client can take more. */
async function write(raw: ServerResponse, text: string): Promise<void> {
  if (raw.write(text) || raw.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => raw.destroy(), SLOW_READER_TIMEOUT_MS);
  raw.once('drain', resolve).once('close', resolve);
  await promise;
  clearTimeout(timer);
  raw.off('drain', resolve).off('close', resolve);
}

function begin(response: HttpResponse): ServerResponse {
  const headers = { 'Content-Type': NDJSON, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };
  if (response.raw === undefined) return response.writeHead(200, headers);
  response.hijack();
  return response.raw.writeHead(200, { ...response.getHeaders(), ...headers });
}
