import { AsyncLocalStorage } from 'node:async_hooks';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ErrorCode,
  ListToolsResultSchema,
  McpError,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpHttpServer, McpServerOptions } from './mcp.options.js';
import { McpProcess } from './mcp.process.js';
import { raceAbort } from '../../async/abortable.js';
import { ToolError } from '../tool.error.js';
import { headersOf } from '../../telemetry/spans.js';

/** Disables the SDK's timeouts: the signal of a call ends it at its own deadline. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const PROBE_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;
const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
const MAX_TOOLS = 128;
/** Error codes that the SDK itself creates if the server does not answer. */
const NO_RESPONSE = new Set<number>([ErrorCode.ConnectionClosed, ErrorCode.RequestTimeout]);

/** The signal of the call that an HTTP request belongs to. It also closes the socket. */
const callSignal = new AsyncLocalStorage<AbortSignal>();

/** One connection to an MCP server, from its handshake to its loss. */
export class McpSession {
  readonly #client: Client;
  readonly #transport: StreamableHTTPClientTransport | McpProcess;
  readonly #disconnected = Promise.withResolvers<unknown>();
  #isOpen = false;
  #probing: Promise<void> | undefined;

  constructor(
    private readonly server: McpServerOptions,
    onListChanged: () => void,
  ) {
    this.#transport = 'url' in server ? httpTransport(server) : new McpProcess(server);
    const listChanged = { tools: { autoRefresh: false, onChanged: onListChanged } };
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
  list(signal: AbortSignal): Promise<Tool[]> {
    return raceAbort(this.#pages(signal), signal);
  }

  /** @throws ToolError for a failure that the model should read. */
  async call(name: string, input: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    // The SDK listens to the signal even after the call; this one aborts only during the call.
    const call = new AbortController();
    const onAbort = (): void => call.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const request = { method: 'tools/call' as const, params: { name, arguments: input, _meta: headersOf() } };
      const options = { signal: call.signal, timeout: MAX_TIMEOUT_MS };
      return await callSignal.run(call.signal, () => this.#client.request(request, CallToolResultSchema, options));
    } catch (failure) {
      if (isAnswer(failure)) throw new ToolError(failure.message);
      await this.#probe();
      if (!this.#isOpen) throw new ToolError(`${this.server.name} is not reachable.`);
      throw failure;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
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

  async #pages(signal: AbortSignal): Promise<Tool[]> {
    if (this.#client.getServerCapabilities()?.tools === undefined) return [];
    const tools: Tool[] = [];
    let cursor: string | undefined;
    do {
      signal.throwIfAborted();
      const request = { method: 'tools/list' as const, params: cursor === undefined ? {} : { cursor } };
      const page = await this.#client.request(request, ListToolsResultSchema, { timeout: MAX_TIMEOUT_MS });
      tools.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor !== undefined && tools.length < MAX_TOOLS);
    return tools.slice(0, MAX_TOOLS);
  }

  /** Pings the server after a failure, to detect a lost connection. */
  async #probe(): Promise<void> {
    if (!this.#isOpen) return;
    this.#probing ??= this.#ping();
    await this.#probing;
  }

  async #ping(): Promise<void> {
    try {
      await raceAbort(this.#client.ping({ timeout: MAX_TIMEOUT_MS }), AbortSignal.timeout(PROBE_MS));
    } catch (failure) {
      if (!isAnswer(failure)) this.#disconnect(failure);
    } finally {
      this.#probing = undefined;
    }
  }

  #disconnect(cause: unknown): void {
    this.#isOpen = false;
    this.#disconnected.resolve(cause);
  }
}

function httpTransport({ url, headers = {} }: McpHttpServer): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    async fetch(target, init = {}) {
      const signals = [init.signal ?? [], callSignal.getStore() ?? []].flat();
      const response = await fetch(target, { ...init, signal: AbortSignal.any(signals) });
      return init.method === 'POST' ? limitBody(response) : response;
    },
  });
}

function limitBody(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_RESPONSE_BYTES) controller.enqueue(chunk);
      else controller.error(new Error(`A response is longer than ${MAX_RESPONSE_BYTES} bytes.`));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}

/** Whether the server itself answered with an error: then it is alive. */
function isAnswer(failure: unknown): failure is McpError {
  return failure instanceof McpError && !NO_RESPONSE.has(failure.code);
}
