import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { McpStdioServer } from './mcp.options.js';

const GRACE_MS = 1000;
const MAX_STDERR_CHARS = 500;

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

  readonly #input = new ReadBuffer();
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
    try {
      this.#input.append(chunk);
    } catch (error) {
      // The line exceeds the buffer, so the rest of the output cannot be parsed either.
      this.onerror?.(asError(error));
      void this.close();
      return;
    }
    while (this.#next()) continue;
  }

  /** Reads one message. Returns false if the buffer has no complete one. */
  #next(): boolean {
    try {
      const message = this.#input.readMessage();
      if (message === null) return false;
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(asError(error));
    }
    return true;
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
