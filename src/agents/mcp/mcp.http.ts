import { AsyncLocalStorage } from 'node:async_hooks';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { markLargeIntegers } from './mcp.numbers.js';
import type { McpHttpServer } from './mcp.options.js';

const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
const NOT_FOUND = 404;
const BAD_REQUEST = 400;
/** The words of the protocol's own libraries. Other texts may come from the tool, after the call was made. */
const NO_SESSION = /no valid session id|mcp-session-id/i;
const MAX_TEXT_CHARS = 500;
const DATA = 'data:';
/** The client resumes a stream whose events have ids. */
const ID = 'id:';

/** A call that waits for the answer to an HTTP request. */
interface PendingCall {
  /** It also closes the socket. */
  readonly signal: AbortSignal;
  /** The stream of the answer has ended, and the client does not resume it. */
  onEnded(): void;
}

/** The call that an HTTP request belongs to. */
export const pendingCall = new AsyncLocalStorage<PendingCall>();

/** The server does not know the session of a request any more, so it has not executed the request. */
export class SessionForgotten extends Error {}

export function httpTransport({ url, headers = {} }: McpHttpServer): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    async fetch(target, init = {}) {
      const call = pendingCall.getStore();
      const signals = [init.signal ?? [], call?.signal ?? []].flat();
      const response = await fetch(target, { ...init, signal: AbortSignal.any(signals) });
      return init.method === 'POST' ? readable(response, call) : response;
    },
  });
}

/** Whether the failure of a request with a session means that the server has forgotten the session. */
export function isForgotten(failure: unknown): boolean {
  if (!(failure instanceof StreamableHTTPError)) return false;
  // Many servers answer 400 although the protocol requires 404.
  return (
    failure.code === NOT_FOUND ||
    (failure.code === BAD_REQUEST && NO_SESSION.test(failure.message.slice(0, MAX_TEXT_CHARS)))
  );
}

/** The response with a limited body, and with all digits of its integers. */
function readable(response: Response, call: PendingCall | undefined): Response {
  if (response.body === null) return response;
  const { status, statusText, headers } = response;
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  const body = response.body.pipeThrough(limit()).pipeThrough(new TextDecoderStream());
  const marked = body.pipeThrough(isStream ? markEvents(call) : markWhole()).pipeThrough(new TextEncoderStream());
  return new Response(marked, { status, statusText, headers });
}

function limit(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_RESPONSE_BYTES) controller.enqueue(chunk);
      else controller.error(new Error(`A response is longer than ${MAX_RESPONSE_BYTES} bytes.`));
    },
  });
}

function markWhole(): TransformStream<string, string> {
  const chunks: string[] = [];
  return new TransformStream({
    transform: (chunk) => void chunks.push(chunk),
    flush: (controller) => controller.enqueue(markLargeIntegers(chunks.join(''))),
  });
}

/** Each event has its message in one line. */
function markEvents(call: PendingCall | undefined): TransformStream<string, string> {
  let pending: string[] = [];
  let isResumable = false;
  const onEnded = (): void => {
    if (!isResumable) call?.onEnded();
  };
  return new TransformStream({
    transform(chunk, controller) {
      const lines = chunk.split('\n');
      pending.push(lines.shift() ?? '');
      if (lines.length === 0) return;
      const complete = [pending.join(''), ...lines.slice(0, -1)];
      pending = lines.slice(-1);
      isResumable ||= complete.some((line) => line.startsWith(ID));
      for (const line of complete) controller.enqueue(`${markEvent(line)}\n`);
    },
    flush(controller) {
      controller.enqueue(markEvent(pending.join('')));
      onEnded();
    },
    cancel: onEnded,
  });
}

function markEvent(line: string): string {
  return line.startsWith(DATA) ? DATA + markLargeIntegers(line.slice(DATA.length)) : line;
}
