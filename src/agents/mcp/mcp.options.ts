import type { ToolContext } from '../tool.decorator.js';

/** The headers of a call. */
export type McpCallHeaders = Readonly<Record<string, string>>;

/** Options of every MCP server. */
interface McpServerBase {
  /** 1–32 of A–Z a–z 0–9 _ -. Its tools have the names `<name>_<tool>`. */
  readonly name: string;
  /** The tools that the agent may use, by the server's own names. Default: all. */
  readonly tools?: readonly string[];
  /**
   * Tools whose calls need an approval, by the server's own names. Characters other than A–Z a–z 0–9 _ - count as `_`.
   * Default: none.
   */
  readonly needsApproval?: readonly string[];
  /**
   * Trust the server's hints that a tool only reads or is idempotent. Interrupted calls of such tools are repeated.
   * Default: false, so that no call is repeated.
   */
  readonly trustAnnotations?: boolean;
  /**
   * The digests of the tools that are offered, by the server's own names. A tool without its digest is not offered. The
   * log has the digests of such tools, so begin with `{}`. Default: tools are offered as the server listed them first.
   */
  readonly pin?: Readonly<Record<string, string>>;
  /**
   * Without `pin`: offers a tool whose name, description or schema changes while the service runs. Default: false, so
   * that the tool is withdrawn until a restart.
   */
  readonly allowChanges?: boolean;
  /** Longest call, and longest wait for a connection, in milliseconds. Default: 10 000. */
  readonly timeoutMs?: number;
}

/** An MCP server that is reached over streamable HTTP. */
export interface McpHttpServer extends McpServerBase {
  /** Redirects are followed within its origin only. */
  readonly url: string;
  /** Sent with every request: `authorization`, for example. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Returns the headers of one call, which replace those of `headers`: a token of `principal`, for example. All callers
   * share the session of the server. A failure fails the call.
   */
  readonly callHeaders?: (context: ToolContext) => Promise<McpCallHeaders> | McpCallHeaders;
}

/** An MCP server that runs as a child process and speaks over its standard input and output. */
export interface McpStdioServer extends McpServerBase {
  /** The program to start, such as `npx`: a path, or a name that is found in `PATH`. */
  readonly command: string;
  /** Arguments of the program. Default: none. */
  readonly args?: readonly string[];
  /** The child's environment, beside `PATH`. The child inherits nothing else. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the working directory of the service. */
  readonly cwd?: string;
}

/**
 * An MCP server whose tools an agent uses. Name it in `mcp` of `Agent`.
 *
 * @example
 * import { Agent } from 'rookery';
 *
 * \@Agent({
 *   role: 'clerk',
 *   description: 'Keeps the files.',
 *   instructions: 'Keep the files in order.',
 *   mcp: [
 *     { name: 'files', url: 'https://example.com/mcp', headers: { authorization: 'Bearer …' }, tools: ['read_file'] },
 *     { name: 'git', command: 'npx', args: ['-y', 'some-server'], needsApproval: ['push'], timeoutMs: 20_000 },
 *   ],
 * })
 * export class FilesAgent {}
 */
export type McpServerOptions = McpHttpServer | McpStdioServer;

export const DEFAULT_TIMEOUT_MS = 10_000;
/** The longest delay of a timer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const NAME = /^[A-Za-z0-9_-]{1,32}$/;
const DIGEST = /^sha256-[A-Za-z0-9+/]{43}=$/;
/** Tools of these servers could collide with the tools for other agents: `ask_<role>`, `transfer_to_<role>`. */
const RESERVED = /^(ask|transfer)(_|$)/;

/** The faults of an agent's MCP servers. */
export function mcpFaults(servers: readonly McpServerOptions[]): string[] {
  const names = servers.map(({ name }) => name);
  return servers.flatMap((server, index) => {
    const faults: string[] = [];
    const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = server;
    if (!NAME.test(name)) faults.push('its name must be 1–32 of A–Z a–z 0–9 _ -.');
    if (RESERVED.test(name)) faults.push('its name must not begin with the word "ask" or "transfer".');
    if (names.indexOf(name) !== index) faults.push('is declared twice.');
    if (!(timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS)) faults.push(`timeoutMs must be from 1 to ${MAX_TIMEOUT_MS}.`);
    faults.push(...pinFaults(server));
    if ('url' in server) faults.push(...httpFaults(server));
    else if (server.command.trim() === '') faults.push('its command is empty.');
    return faults.map((fault) => `MCP server "${name}": ${fault}`);
  });
}

function pinFaults({ pin = {} }: McpServerOptions): string[] {
  const invalid = Object.entries(pin).filter(([, digest]) => !DIGEST.test(digest));
  return invalid.map(([tool]) => `pin.${tool} must be "sha256-" and 44 characters of base64.`);
}

function httpFaults({ url, headers = {} }: McpHttpServer): string[] {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return ['its url must be an http or https URL.'];
  if (parsed.username !== '' || parsed.password !== '') return ['its url must not contain credentials: use headers.'];
  return areSendable(headers) ? [] : ['its headers are not valid.'];
}

/** Whether HTTP allows the headers. The error of `Headers` quotes them, and may have a secret. */
export function areSendable(headers: McpCallHeaders): boolean {
  try {
    void new Headers(headers);
    return true;
  } catch {
    return false;
  }
}
