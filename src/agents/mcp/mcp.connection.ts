import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { Logger } from '@nestjs/common';
import { DEFAULT_TIMEOUT_MS, type McpServerOptions } from './mcp.options.js';
import { McpSession } from './mcp.session.js';
import { ToolError } from '../tool.error.js';

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/** Keeps a connection to an MCP server, and reconnects after each failure. */
export class McpConnection {
  readonly #logger = new Logger(McpConnection.name);
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;
  #session: McpSession | undefined;
  #refreshed: Promise<void> = Promise.resolve();
  #delayMs = FIRST_DELAY_MS;
  #isOut = false;

  /** Begins to connect. `onTools` receives the server's tools after each connect and each possible change. */
  constructor(
    private readonly server: McpServerOptions,
    private readonly role: string,
    private readonly onTools: (tools: readonly Tool[]) => void,
  ) {
    this.#kept = this.#keep();
  }

  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** @throws ToolError for a failure that the model should read. */
  async call(tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    if (this.#session === undefined) throw new ToolError(`${this.server.name} is not reachable.`);
    return await this.#session.call(tool, input, signal);
  }

  /** Resolves when the connection is closed and a child process has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#kept;
  }

  async #keep(): Promise<void> {
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
        this.#up(session);
        const cause = await session.lost(signal);
        if (performance.now() - openedAt > LONGEST_DELAY_MS) this.#delayMs = FIRST_DELAY_MS;
        this.#down(session, cause);
      } catch (cause) {
        this.#down(session, cause);
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

  #up(session: McpSession): void {
    this.#session = session;
    this.#isOut = false;
    this.#logger.log({ role: this.role, mcp_server: this.server.name, msg: 'MCP server connected' });
  }

  /** Logs one line for each outage, not for each attempt. */
  #down(session: McpSession, cause: unknown): void {
    this.#session = undefined;
    if (this.#isOut || this.#closing.signal.aborted) return;
    this.#isOut = true;
    this.#warn(session, cause, 'MCP server unreachable: its tools are not offered until it reconnects');
  }

  #warn({ lastWords }: McpSession, cause: unknown, msg: string): void {
    const said = lastWords ? { stderr: lastWords } : {};
    this.#logger.warn({ role: this.role, mcp_server: this.server.name, cause, ...said, msg });
  }

  async #pause(): Promise<void> {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS);
    await sleep(delayMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
  }
}
