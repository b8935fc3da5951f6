import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { JsonObject } from '../../json/json.object.js';
import type { McpListing } from './mcp.listing.js';
import { DEFAULT_TIMEOUT_MS, type McpServerOptions } from './mcp.options.js';
import { type McpCall, McpSession } from './mcp.session.js';
import { ToolError } from '../tool.error.js';

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;

/** Keeps a connection to an MCP server, and reconnects after each failure. */
export class McpConnection {
  readonly #logger = new Logger(McpConnection.name);
  readonly #closing = new AbortController();
  readonly #finished: Promise<void>;
  #session: McpSession | undefined;
  #refreshed: Promise<void> = Promise.resolve();
  #delayMs = FIRST_DELAY_MS;
  #isOutageLogged = false;

  /** Begins to connect. `onTools` receives the server's tools after each connect and each change that the server announces. */
  constructor(
    private readonly server: McpServerOptions,
    private readonly role: string,
    private readonly onTools: (listing: McpListing) => void,
  ) {
    this.#finished = this.#reconnectLoop();
  }

  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** @throws ToolError for a failure that the model should read. */
  async call(call: McpCall, signal: AbortSignal): Promise<JsonObject> {
    if (this.#session === undefined) throw new ToolError(`${this.server.name} is not reachable.`);
    return await this.#session.call(call, signal);
  }

  /** Resolves when the connection is closed and a child process has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#finished;
  }

  async #reconnectLoop(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const session = new McpSession(this.server, () => {
        this.#refreshed = this.#refreshed.then(() => this.#refresh(session));
      });
      try {
        const deadline = this.#deadline();
        await session.open(deadline);
        this.onTools(await session.list(deadline));
        const openedAt = performance.now();
        this.#onConnected(session);
        const cause = await session.disconnected(signal);
        if (performance.now() - openedAt > MAX_DELAY_MS) this.#delayMs = FIRST_DELAY_MS;
        this.#onDisconnected(session, cause);
      } catch (cause) {
        this.#onDisconnected(session, cause);
      }
      await session.close();
      await this.#pause();
    }
  }

  async #refresh(session: McpSession): Promise<void> {
    try {
      const tools = await session.list(this.#deadline());
      if (this.#session === session) this.onTools(tools);
    } catch (cause) {
      if (this.#session === session) this.#warn(session, cause, 'listing the tools of an MCP server failed');
    }
  }

  #deadline(): AbortSignal {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this.server;
    return AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeoutMs)]);
  }

  #onConnected(session: McpSession): void {
    this.#session = session;
    this.#isOutageLogged = false;
    this.#logger.log({ role: this.role, mcp_server: this.server.name, msg: 'MCP server connected' });
  }

  /** Logs one line for each outage, not for each attempt. */
  #onDisconnected(session: McpSession, cause: unknown): void {
    this.#session = undefined;
    if (this.#isOutageLogged || this.#closing.signal.aborted) return;
    this.#isOutageLogged = true;
    this.#warn(session, cause, 'MCP server unreachable: its tools are not offered until it reconnects');
  }

  #warn({ lastStderr }: McpSession, cause: unknown, msg: string): void {
    const stderr = lastStderr ? { stderr: lastStderr } : {};
    this.#logger.warn({ role: this.role, mcp_server: this.server.name, cause, ...stderr, msg });
  }

  async #pause(): Promise<void> {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(2 * delayMs, MAX_DELAY_MS);
    await sleep(delayMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
  }
}
