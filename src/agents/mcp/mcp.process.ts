import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { markLargeIntegers } from './mcp.numbers.js';
import type { McpStdioServer } from './mcp.options.js';

const GRACE_MS = 1000;
const MAX_STDERR_CHARS = 500;
const MAX_LINE_CHARS = 10 * 1024 * 1024;

/**
 * Runs an MCP server as a child process. The SDK's own transport passes on more of our environment than `PATH`, and
 * leaves grandchildren running: with `npx` that is the server. This transport gives the child a process group, which
 * also keeps Ctrl-C from it while runs finish.
 */
export class McpProcess implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** The end of its standard error. */
  lastStderr = '';

  readonly #decoder = new StringDecoder();
  /** The beginning of a line. */
  #pending: string[] = [];
  #pendingChars = 0;
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(private readonly server: McpStdioServer) {}

  start(): Promise<void> {
    const { command, args = [], env = {}, cwd } = this.server;
    const { PATH = '' } = process.env;
    const child = spawn(command, args, { env: { PATH, ...env }, cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on('error', (error) => this.onerror?.(error));
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.lastStderr = (this.lastStderr + chunk.toString()).slice(-MAX_STDERR_CHARS);
    });
    // Grandchildren may outlive it and would hold its output open.
    child.once('exit', () => this.#kill('SIGKILL'));
    child.once('close', () => this.#closed());
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.on('error', reject);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child ?? {};
    if (!stdin?.writable) throw new Error('The process of the MCP server has ended.');
    await new Promise<void>((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when the process has ended. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    this.#closed();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || hasEnded(child)) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await Promise.race([ended, sleep(GRACE_MS)]);
      if (hasEnded(child)) return;
      this.#kill(signal);
    }
    await ended;
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The process group is empty.
    }
  }

  #read(chunk: Buffer): void {
    const [first = '', ...others] = this.#decoder.write(chunk).split('\n');
    this.#pendingChars += first.length;
    this.#pending.push(first);
    if (this.#pendingChars > MAX_LINE_CHARS) {
      // The rest of the line cannot be parsed either.
      this.onerror?.(new Error(`A message is longer than ${MAX_LINE_CHARS} characters.`));
      void this.close();
      return;
    }
    const rest = others.pop();
    if (rest === undefined) return;
    const lines = [this.#pending.join(''), ...others];
    this.#pending = [rest];
    this.#pendingChars = rest.length;
    for (const line of lines) this.#receive(line);
  }

  #receive(line: string): void {
    try {
      this.onmessage?.(deserializeMessage(markLargeIntegers(line)));
    } catch (error) {
      this.onerror?.(asError(error));
    }
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onclose?.();
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcessByStdio<Writable, Readable, Readable>): boolean {
  return exitCode !== null || signalCode !== null;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
