import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseObject, string, type Json } from '../json.js';
import { until } from '../until.js';
import type { Settings } from './child.environment.js';
import { ServiceHost } from './service.host.js';

const START_LIMIT_MS = 60_000;
/** It ends when its test is over, which must not wait for runs that a test has left. */
const ENDS_AT_ONCE = { SHUTDOWN_TIMEOUT_SECONDS: '0' };

export type { Settings };

/** Makes the folder of a service. */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'rookery-'));
}

/** The built service, with its own folder that lives as long as this object. */
export abstract class Service {
  url = '';
  /** The parsed log lines of every start so far. */
  readonly logs: Json[] = [];
  /** The log, and what its process has written beside it. */
  output = '';

  constructor(
    readonly folder: string,
    private readonly settings: Settings,
  ) {}

  get databaseUrl(): string {
    return this.settings.DATABASE_URL ?? `file:${join(this.folder, 'rookery.db')}`;
  }

  /** Returns the log lines of one request. */
  logsOf(requestId: string): Json[] {
    return this.logs.filter(({ request_id }) => request_id === requestId);
  }

  /** Ends the service and removes its folder. */
  async remove(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  protected abstract end(): Promise<void>;

  /** Starts beside others in one process. @returns what ends it, which a failed start needs too. */
  protected beginHosted(): { started: Promise<void>; end: () => Promise<void> } {
    const linesBefore = this.logs.length;
    let hasEnded = false;
    const host = ServiceHost.forNext();
    const id = host.start(
      { ...ENDS_AT_ONCE, ...this.variables() },
      {
        onLine: (line) => this.addLine(line),
        onOutput: (text) => (this.output += text),
        onEnd: () => (hasEnded = true),
      },
    );
    return { started: this.listening(linesBefore, () => hasEnded), end: () => host.stop(id) };
  }

  protected variables(): Settings {
    return {
      PORT: '0',
      RATE_LIMIT_REQUESTS: '0',
      AUTH_FAILURE_LIMIT: '0',
      DATABASE_URL: this.databaseUrl,
      ...this.settings,
    };
  }

  protected addLine(line: string): void {
    this.output += `${line}\n`;
    this.logs.push(parseObject(line));
  }

  /** @param linesBefore how many lines the log had before the start. @throws Error with the output if the start fails. */
  protected async listening(linesBefore: number, hasEnded: () => boolean): Promise<void> {
    const line = await until(
      'the service listens',
      () => this.logs.slice(linesBefore).find(({ msg }) => msg === 'listening') ?? (hasEnded() && 'ended'),
      START_LIMIT_MS,
    );
    if (line === 'ended') throw new Error(`The service ended during its start:\n${this.output}`);
    this.url = typeof line === 'object' ? string(line.url) : '';
  }
}
