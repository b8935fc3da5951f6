import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicros, memoryMiB } from './usage.ts';

export interface Launch {
  name: string;
  /** Arguments of `node`. */
  args: string[];
  env?: Record<string, string>;
}

interface Running {
  name: string;
  url: string;
  startedMs: number;
  child: ChildProcess;
  pid: number;
}

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 40_000;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A server in its own process, which logs its address to a file. */
export class Server {
  readonly name: string;
  readonly url: string;
  readonly startedMs: number;
  private readonly child: ChildProcess;
  private readonly pid: number;

  private constructor({ name, url, startedMs, child, pid }: Running) {
    this.name = name;
    this.url = url;
    this.startedMs = startedMs;
    this.child = child;
    this.pid = pid;
  }

  static async start({ name, args, env = {} }: Launch, folder: string): Promise<Server> {
    const logPath = join(folder, `${name}.log`);
    const log = openSync(logPath, 'w');
    const startedMs = performance.now();
    // Passes only the given variables, so that the caller's shell does not affect the figures.
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', log, 'inherit'] });
    closeSync(log);
    running.add(child);
    const { pid } = child;
    if (pid === undefined) throw new Error(`Could not start ${name}.`);
    return new Server({ name, url: await listening(name, child, logPath), startedMs, child, pid });
  }

  /** @throws Error if the server has exited. */
  cpuMicros(): number {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) throw new Error(`${this.name} died: ${exitCode ?? signalCode}`);
    return cpuMicros(this.pid);
  }

  residentMiB(): number {
    return memoryMiB(this.pid).now;
  }

  peakMiB(): number {
    return memoryMiB(this.pid).peak;
  }

  /** Stops the server. Returns the fault of its exit, or undefined. */
  async stop(): Promise<string | undefined> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
      clearTimeout(late);
    }
    running.delete(this.child);
    const { exitCode, signalCode } = this.child;
    return exitCode === 0 ? undefined : `${this.name} ended with ${exitCode ?? signalCode}`;
  }
}

async function listening(name: string, child: ChildProcess, logPath: string): Promise<string> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const url = announcedUrl(readFileSync(logPath, 'utf8'));
    if (url !== undefined) return url;
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${name} did not start. Its output:\n${readFileSync(logPath, 'utf8').slice(-2000)}`);
}

function announcedUrl(log: string): string | undefined {
  const line = log.split('\n').find((text) => text.includes('"msg":"listening"'));
  return line === undefined ? undefined : /"url":"(http[^"]+)"/.exec(line)?.[1];
}
