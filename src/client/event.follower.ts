import { createParser } from 'eventsource-parser';
import type { Check } from './answers.js';
import type { RunEvent, RunEventV2 } from './api.names.js';
import type { StreamCalls } from './calls.js';
import { pause } from './pause.js';
import { reasonOf, RookeryError } from './rookery.error.js';
import { retryDelayMs, type Call, type Transport } from './transport.js';

const FINAL: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);
/** The service sends at least a comment every 15 s. A connection that is silent for longer is dead. */
const IDLE_TIMEOUT_MS = 40_000;

/** Yields the events of a run, each once and in order. Reconnects if a connection breaks. */
export async function* follow<E extends RunEvent | RunEventV2>(
  transport: Transport,
  isEvent: Check<E>,
  { start, rejoin, ...position }: StreamCalls,
): AsyncGenerator<E, void, undefined> {
  let { after = 0 } = position;
  let runId: string | undefined;
  let cause: Error | undefined;
  for (let fruitless = 0; fruitless <= transport.maxRetries; fruitless += 1) {
    const call = runId === undefined ? start : rejoin(runId);
    if (fruitless > 0) await pause(retryDelayMs(fruitless), transport.signalOf(call.signal));
    for await (const event of connection(transport, call, after)) {
      if (event === undefined) return;
      if (event instanceof Error) {
        cause = event;
        // The call has used up its retries.
        if (event instanceof RookeryError) throw runId === undefined ? event : broken(event);
        break;
      }
      // Broken data or a gap: reconnect to read the missing events.
      if (!isEvent(event) || event.sequence > after + 1) break;
      if (event.sequence <= after) continue;
      [runId, after, fruitless] = [event.run_id, event.sequence, 0];
      yield event;
      if (FINAL.has(event.type)) return;
    }
  }
  throw broken(cause);
}

function broken(cause: Error | undefined): RookeryError {
  const reason = cause === undefined ? '.' : `: ${reasonOf(cause)}.`;
  const detail = `The stream broke and could not be rejoined${reason}`;
  return new RookeryError({ status: 0, code: 'stream_broken', detail }, { cause });
}

/**
 * Yields the events of one connection. Yields an error if the network fails, and undefined if there are no more events.
 */
async function* connection(transport: Transport, call: Call, after: number): AsyncGenerator {
  const ended = new AbortController();
  const callSignal = transport.signalOf(call.signal);
  const signal = AbortSignal.any([ended.signal, callSignal]);
  const headers = { ...call.headers, ...(after > 0 && { 'Last-Event-ID': String(after) }) };
  try {
    const response = await transport.send({ ...call, headers, signal }, (answer) => answer);
    if (response.status === 204 || response.body === null) yield undefined;
    else yield* eventsOf(response.body, ended);
  } catch (failure) {
    callSignal.throwIfAborted();
    if (failure instanceof RookeryError && !failure.isNetworkError) throw failure;
    yield failure instanceof Error ? failure : new Error(String(failure));
  } finally {
    ended.abort();
  }
}

async function* eventsOf(body: ReadableStream<Uint8Array>, ended: AbortController): AsyncGenerator {
  const read: unknown[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const event: unknown = JSON.parse(data);
      read.push(event);
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const silence = setTimeout(() => ended.abort(), IDLE_TIMEOUT_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield* read.splice(0);
  }
}
