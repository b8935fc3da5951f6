import { AsyncLocalStorage } from 'node:async_hooks';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { markLargeIntegers } from './mcp.numbers.js';
import type { McpCallHeaders, McpHttpServer } from './mcp.options.js';

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
export interface PendingCall {
  readonly headers: McpCallHeaders;
  /** It also closes the socket. */
  readonly signal: AbortSignal;
  /** The stream of the answer has ended, and the client does not resume it. */
  onEnded(): void;
  /** The answer is refused. The client would ask for it again. */
  onRefused(cause: Error): void;
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
      const response = await fetch(target, {
        ...init,
        headers: withHeaders(init.headers, call?.headers),
        // The SDK follows those within the origin. This code must not rely on it: the headers hold credentials.
        redirect: 'manual',
        signal: AbortSignal.any(signals),
      });
      return init.method === 'GET' ? readableStream(response, call) : readable(response, call);
    },
  });
}

function withHeaders(headers: RequestInit['headers'], others: McpCallHeaders = {}): Headers {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(others)) all.set(name, value);
  return all;
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

/** The answer to a request, with a limited body, and with all digits of its integers. */
function readable(response: Response, call: PendingCall | undefined): Response {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return piped(response, limit(call), isStream ? markEvents(call) : markWhole());
}

/** A resumed answer, treated like the answer itself; or the stream of a session, which has no end. */
function readableStream(response: Response, call: PendingCall | undefined): Response {
  return piped(response, call === undefined ? new TransformStream() : limit(call), markEvents());
}

function piped(
  response: Response,
  limited: TransformStream<Uint8Array, Uint8Array>,
  marked: TransformStream<string, string>,
): Response {
  if (response.body === null) return response;
  const { status, statusText, headers } = response;
  const text = response.body.pipeThrough(limited).pipeThrough(new TextDecoderStream());
  return new Response(text.pipeThrough(marked).pipeThrough(new TextEncoderStream()), { status, statusText, headers });
}

function limit(call: PendingCall | undefined): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_RESPONSE_BYTES) {
        controller.enqueue(chunk);
        return;
      }
      const failure = new Error(`A response is longer than ${MAX_RESPONSE_BYTES} bytes.`);
      call?.onRefused(failure);
      controller.error(failure);
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

/** Each event has its message in one line, and is limited even in a stream that is not. */
function markEvents(call?: PendingCall): TransformStream<string, string> {
  let pending: string[] = [];
  let eventChars = 0;
  let isResumable = false;
  const onEnded = (): void => {
    if (!isResumable) call?.onEnded();
  };
  return new TransformStream({
    transform(chunk, controller) {
      const lines = chunk.split('\n');
      pending.push(lines.shift() ?? '');
      const complete = lines.length === 0 ? [] : [pending.join(''), ...lines.slice(0, -1)];
      if (lines.length > 0) pending = lines.slice(-1);
      isResumable ||= complete.some((line) => line.startsWith(ID));
      // An empty line ends an event.
      eventChars = complete.some((line) => line === '' || line === '\r') ? chunk.length : eventChars + chunk.length;
      if (eventChars > MAX_RESPONSE_BYTES) throw new Error(`An event is longer than ${MAX_RESPONSE_BYTES} characters.`);
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
