import type { ServerResponse } from 'node:http';
import type { HttpResponse } from './http.exchange.js';

/** The media type of one JSON value a line. */
export const NDJSON = 'application/x-ndjson';

/** Lines go out together once they are so long. */
const CHUNK_CHARACTERS = 32 * 1024;
/** How long a reader may take to read on; then it is cut off. */
const PATIENCE_MS = 60_000;

/**
 * Answers with one JSON object a line, as fast as the reader takes them: there is never more in memory than a few.
 * What fails before the first line is an ordinary error; later the connection is cut, so that nobody takes a part for
 * the whole.
 *
 * @param signal cuts it off too.
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

/** Until the reader has room for more. */
async function write(raw: ServerResponse, text: string): Promise<void> {
  if (raw.write(text) || raw.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const patience = setTimeout(() => raw.destroy(), PATIENCE_MS);
  raw.once('drain', resolve).once('close', resolve);
  await promise;
  clearTimeout(patience);
  raw.off('drain', resolve).off('close', resolve);
}

function begin(response: HttpResponse): ServerResponse {
  const headers = { 'Content-Type': NDJSON, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };
  if (response.raw === undefined) return response.writeHead(200, headers);
  response.hijack();
  return response.raw.writeHead(200, { ...response.getHeaders(), ...headers });
}
