import { reasonOf, RookeryError } from './rookery.error.js';

/** Yields the lines of a body. @throws RookeryError `network_error` if the connection breaks. */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      yield* lines.filter((line) => line !== '');
      if (done) return;
    }
  } catch (failure) {
    signal.throwIfAborted();
    const detail = `The answer broke off: ${reasonOf(failure)}.`;
    throw new RookeryError({ status: 0, code: 'network_error', detail }, { cause: failure });
  } finally {
    // Ends the request if the caller reads no further.
    await reader.cancel().catch(() => undefined);
  }
}

/** Parses a line; undefined if it is not JSON. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
