import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { isString, type JsonObject } from '../../json/json.object.js';
import { httpTransport, isForgotten, type PendingCall, pendingCall, SessionForgotten } from './mcp.http.js';
import { type McpListing, readListing } from './mcp.listing.js';
import type { McpCallHeaders, McpServerOptions } from './mcp.options.js';
import { McpProcess } from './mcp.process.js';
import { raceAbort } from '../../async/abortable.js';
import { ToolError } from '../tool.error.js';
import { headersOf } from '../../telemetry/spans.js';

/** Disables the SDK's timeouts: the signal of a call ends it at its own deadline. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const PROBE_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;
/** Time in which the client reads the end of an answer. */
const ENDED_MS = 1000;
const MAX_PAGES = 100;
const MAX_LISTED = 1000;
/** The key of `_meta` for the idempotency key of a call. */
const IDEMPOTENCY_KEY = 'rookery/idempotencyKey';
/** Error codes that the SDK itself creates if the server does not answer. */
const NO_RESPONSE = new Set<number>([ErrorCode.ConnectionClosed, ErrorCode.RequestTimeout]);

/** A call of a tool, by the server's own name. */
export interface McpCall {
  readonly tool: string;
  readonly input: JsonObject;
  readonly idempotencyKey: string;
  /** Further headers of the call. */
  readonly headers?: McpCallHeaders | undefined;
}

/** One connection to an MCP server, from its handshake to its loss. */
export class McpSession {
  readonly #client: Client;
  readonly #transport: StreamableHTTPClientTransport | McpProcess;
  readonly #disconnected = Promise.withResolvers<unknown>();
  readonly #calls = new Set<Promise<unknown>>();
  #isOpen = false;
  /** The cause of its loss. */
  #cause: unknown;
  #probing: Promise<void> | undefined;

  constructor(
    private readonly server: McpServerOptions,
    onListChanged: () => void,
  ) {
    this.#transport = 'url' in server ? httpTransport(server) : new McpProcess(server);
    // The SDK's delay begins anew with each notification: a server that repeats them would never be asked.
    const listChanged = { tools: { autoRefresh: false, debounceMs: 0, onChanged: onListChanged } };
    this.#client = new Client({ name: 'rookery', version: '1' }, { listChanged });
    this.#client.onclose = () => this.#disconnect(new Error('The connection was closed.'));
    this.#client.onerror = () => void this.#probe();
  }

  /** The end of the server's standard error. */
  get lastStderr(): string | undefined {
    return this.#transport instanceof McpProcess ? this.#transport.lastStderr : undefined;
  }

  /** @throws the signal's reason, or the failure. */
  async open(signal: AbortSignal): Promise<void> {
    await raceAbort(this.#client.connect(this.#transport, { timeout: MAX_TIMEOUT_MS }), signal);
    this.#isOpen = true;
  }

  /** Resolves with the cause when the connection is lost. @throws the signal's reason. */
  disconnected(signal: AbortSignal): Promise<unknown> {
    return raceAbort(this.#disconnected.promise, signal);
  }

  /** Lists its tools, up to a limit. @throws the signal's reason, or the failure. */
  list(signal: AbortSignal): Promise<McpListing> {
    return raceAbort(this.#pages(signal), signal);
  }

  /**
   * @throws ToolError for a failure that the model should read.
   * @throws SessionForgotten if the server has not executed the call, because it has forgotten the session.
   */
  async call(call: McpCall, signal: AbortSignal): Promise<JsonObject> {
    if (this.#cause instanceof SessionForgotten) throw this.#cause;
    const result = this.#request(call, signal);
    this.#calls.add(result);
    try {
      return await result;
    } catch (failure) {
      if (isAnswer(failure)) throw new ToolError(failure.message);
      if (this.#hasSession && isForgotten(failure)) throw this.#forgotten(failure);
      await this.#probe();
      if (!this.#isOpen) throw new ToolError(`${this.server.name} is not reachable.`);
      throw failure;
    } finally {
      this.#calls.delete(result);
    }
  }

  /** Closes it when its calls have ended. */
  async closeIdle(): Promise<void> {
    await Promise.allSettled(this.#calls);
    await this.close();
  }

  /** Ends the session over HTTP, or the child process. */
  async close(): Promise<void> {
    const isOpen = this.#isOpen;
    this.#isOpen = false;
    if (isOpen && this.#transport instanceof StreamableHTTPClientTransport) {
      const farewell = this.#transport.terminateSession();
      await raceAbort(farewell, AbortSignal.timeout(CLOSE_TIMEOUT_MS)).catch(() => undefined);
    }
    await this.#transport.close();
  }

  async #request({ tool, input, idempotencyKey, headers = {} }: McpCall, signal: AbortSignal): Promise<JsonObject> {
    // The SDK listens to the signal even after the call; this one aborts only during the call.
    const call = new AbortController();
    const onAbort = (): void => {
      // The cancellation is a request too. Its server may ask for the credentials of the caller.
      pendingCall.run(cancellationWith(headers), () => call.abort(signal.reason));
    };
    let isDone = false;
    let timer: NodeJS.Timeout | undefined;
    const onEnded = (): void => {
      if (isDone) return;
      timer ??= setTimeout(() => call.abort(new Error('The answer ended without a result.')), ENDED_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const meta = { ...headersOf(), [IDEMPOTENCY_KEY]: idempotencyKey };
      const request = { method: 'tools/call' as const, params: { name: tool, arguments: input, _meta: meta } };
      const options = { signal: call.signal, timeout: MAX_TIMEOUT_MS };
      const pending = { headers, signal: call.signal, onEnded, onRefused: (cause: Error) => call.abort(cause) };
      // The SDK's schema of results would refuse the whole result for one odd block.
      return await pendingCall.run(pending, () => this.#client.request(request, ResultSchema, options));
    } finally {
      isDone = true;
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    }
  }

  async #pages(signal: AbortSignal): Promise<McpListing> {
    if (this.#client.getServerCapabilities()?.tools === undefined) return readListing([]);
    const entries: unknown[] = [];
    const cursors = new Set<string>();
    for (let page = 0, params = {}; page < MAX_PAGES && entries.length < MAX_LISTED; page++) {
      signal.throwIfAborted();
      const request = { method: 'tools/list' as const, params };
      // The SDK's schema of lists would refuse the whole list for one odd tool.
      const { tools, nextCursor } = await this.#client.request(request, ResultSchema, { timeout: MAX_TIMEOUT_MS });
      if (!Array.isArray(tools)) throw new Error('The answer to tools/list has no list of tools.');
      const listed: readonly unknown[] = tools.slice(0, MAX_LISTED);
      entries.push(...listed);
      if (!isString(nextCursor) || nextCursor === '' || cursors.has(nextCursor)) return readListing(entries);
      cursors.add(nextCursor);
      params = { cursor: nextCursor };
    }
    return readListing(entries, `The list of tools is cut after ${MAX_PAGES} pages or ${MAX_LISTED} tools.`);
  }

  /** Pings the server after a failure, to detect a lost connection. */
  async #probe(): Promise<void> {
    if (!this.#isOpen) return;
    this.#probing ??= this.#ping();
    await this.#probing;
  }

  async #ping(): Promise<void> {
    try {
      // The SDK's own ping refuses an answer with content.
      const answer = this.#client.request({ method: 'ping' }, ResultSchema, { timeout: MAX_TIMEOUT_MS });
      await raceAbort(answer, AbortSignal.timeout(PROBE_MS));
    } catch (failure) {
      if (this.#hasSession && isForgotten(failure)) this.#forgotten(failure);
      else if (!isAnswer(failure)) this.#disconnect(failure);
    } finally {
      this.#probing = undefined;
    }
  }

  #forgotten(cause: unknown): SessionForgotten {
    const forgotten = new SessionForgotten(`${this.server.name} has forgotten the session.`, { cause });
    this.#disconnect(forgotten);
    return forgotten;
  }

  #disconnect(cause: unknown): void {
    this.#isOpen = false;
    this.#cause ??= cause;
    this.#disconnected.resolve(cause);
  }

  get #hasSession(): boolean {
    return this.#transport instanceof StreamableHTTPClientTransport && this.#transport.sessionId !== undefined;
  }
}

function cancellationWith(headers: McpCallHeaders): PendingCall {
  return { headers, signal: AbortSignal.timeout(PROBE_MS), onEnded: ignore, onRefused: ignore };
}

function ignore(): void {
  // Nobody waits for the answer to a cancellation.
}

/** Whether the server itself answered with an error: then it is alive. */
function isAnswer(failure: unknown): failure is McpError {
  return failure instanceof McpError && !NO_RESPONSE.has(failure.code);
}
