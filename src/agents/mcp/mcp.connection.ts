import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import { raceAbort } from '../../async/abortable.js';
import { coalesce } from '../../async/coalesce.js';
import type { JsonObject } from '../../json/json.object.js';
import { SessionForgotten } from './mcp.http.js';
import type { McpListing } from './mcp.listing.js';
import { DEFAULT_TIMEOUT_MS, type McpServerOptions } from './mcp.options.js';
import { type McpCall, McpSession } from './mcp.session.js';
import { ToolError } from '../tool.error.js';

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** Some servers announce a change each time that their tools are listed. */
const REFRESH_PAUSE_MS = 300;
/** Time in which a lost server may return before its tools are no longer offered: about three attempts. */
const GRACE_MS = 5000;

/** Keeps a connection to an MCP server, and reconnects after each failure. */
export class McpConnection {
  readonly #logger = new Logger(McpConnection.name);
  readonly #closing = new AbortController();
  readonly #finished: Promise<void>;
  readonly #retired = new Set<McpSession>();
  #session: McpSession | undefined;
  /** Resolves with the session that follows the current one, or undefined if connecting fails. */
  #next = Promise.withResolvers<McpSession | undefined>();
  /** The server may have one new session without a pause. */
  #mayRenew = true;
  #lostAt = -Infinity;
  #listing: McpListing | undefined;
  #delayMs = FIRST_DELAY_MS;
  #isOutageLogged = false;

  /** Begins to connect. `onTools` receives the server's tools after the first connect and after each change. */
  constructor(
    private readonly server: McpServerOptions,
    private readonly role: string,
    private readonly onTools: (listing: McpListing) => void,
  ) {
    this.#finished = this.#reconnectLoop();
  }

  /** It is connected, or was a moment ago. */
  get isReachable(): boolean {
    return this.#session !== undefined || performance.now() - this.#lostAt < GRACE_MS;
  }

  /** Makes the call, again in a new session if the server has forgotten the old one. @throws ToolError */
  async call(call: McpCall, signal: AbortSignal): Promise<JsonObject> {
    const next = this.#next.promise;
    const result = await this.#callIn(this.#session, call, signal);
    if (result !== undefined) return result;
    const renewed = await raceAbort(next, signal);
    const repeated = await this.#callIn(renewed, call, signal);
    if (repeated !== undefined) return repeated;
    throw this.#unreachable();
  }

  /** Resolves when the connection is closed and a child process has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#finished;
  }

  /** The result; undefined if the session is forgotten, so that nothing was executed. */
  async #callIn(session: McpSession | undefined, call: McpCall, signal: AbortSignal): Promise<JsonObject | undefined> {
    if (session === undefined) throw this.#unreachable();
    try {
      const result = await session.call(call, signal);
      this.#mayRenew = true;
      return result;
    } catch (failure) {
      if (failure instanceof SessionForgotten) return undefined;
      throw failure;
    }
  }

  #unreachable(): ToolError {
    return new ToolError(`${this.server.name} is not reachable.`);
  }

  async #reconnectLoop(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const refresh = coalesce(() => this.#refresh(session));
      const session = new McpSession(this.server, refresh);
      const cause = await this.#serve(session);
      // The forgotten session stays the current one meanwhile: calls wait for the next.
      const isRenewed = cause instanceof SessionForgotten && this.#mayRenew;
      if (isRenewed) {
        this.#mayRenew = false;
        void this.#retire(session);
        continue;
      }
      this.#onDisconnected(session, cause);
      await session.close();
      await this.#pause();
    }
    this.#next.resolve(undefined);
    await Promise.all([...this.#retired].map((session) => session.close()));
  }

  /** Connects, and resolves with the cause when the connection is lost. */
  async #serve(session: McpSession): Promise<unknown> {
    try {
      const deadline = this.#deadline();
      await session.open(deadline);
      this.#offer(await session.list(deadline));
      const openedAt = performance.now();
      this.#onConnected(session);
      const cause = await session.disconnected(this.#closing.signal);
      const isStable = performance.now() - openedAt > MAX_DELAY_MS;
      if (isStable) this.#delayMs = FIRST_DELAY_MS;
      this.#mayRenew ||= isStable;
      return cause;
    } catch (cause) {
      return cause;
    }
  }

  async #refresh(session: McpSession): Promise<void> {
    if (this.#closing.signal.aborted) return;
    try {
      const listing = await session.list(this.#deadline());
      if (this.#session === session) this.#offer(listing);
    } catch (cause) {
      if (this.#session === session) this.#warn(session, cause, 'listing the tools of an MCP server failed');
    }
    await this.#sleep(REFRESH_PAUSE_MS);
  }

  /** Offers the tools, unless nothing has changed. */
  #offer(listing: McpListing): void {
    if (isDeepStrictEqual(listing, this.#listing)) return;
    this.#listing = listing;
    this.onTools(listing);
  }

  #deadline(): AbortSignal {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this.server;
    return AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeoutMs)]);
  }

  #onConnected(session: McpSession): void {
    this.#session = session;
    this.#advance(session);
    this.#isOutageLogged = false;
    this.#logger.log({ role: this.role, mcp_server: this.server.name, msg: 'MCP server connected' });
  }

  /** Logs one line for each outage, not for each attempt. */
  #onDisconnected(session: McpSession, cause: unknown): void {
    if (this.#session !== undefined) this.#lostAt = performance.now();
    this.#session = undefined;
    this.#advance(undefined);
    if (this.#isOutageLogged || this.#closing.signal.aborted) return;
    this.#isOutageLogged = true;
    this.#warn(session, cause, 'MCP server unreachable: its tools cannot be called until it reconnects');
  }

  /** Closes a forgotten session after its calls, which the server may still answer. */
  async #retire(session: McpSession): Promise<void> {
    this.#retired.add(session);
    await session.closeIdle();
    this.#retired.delete(session);
  }

  #advance(session: McpSession | undefined): void {
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers();
    resolve(session);
  }

  #warn({ lastStderr }: McpSession, cause: unknown, msg: string): void {
    const stderr = lastStderr ? { stderr: lastStderr } : {};
    this.#logger.warn({ role: this.role, mcp_server: this.server.name, cause, ...stderr, msg });
  }

  async #pause(): Promise<void> {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(2 * delayMs, MAX_DELAY_MS);
    await this.#sleep(delayMs);
  }

  /** Resolves after that time, or when the connection is closed. */
  async #sleep(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
  }
}
