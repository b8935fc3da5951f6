import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseObject, string, type Json } from '../json.js';
import { until } from '../until.js';
import { Upstream, type ModelApi } from '../servers/upstream.js';
import { giveBack, takeProcess } from './warm.process.js';

const MAIN = fileURLToPath(new URL('../../../dist/app/main.js', import.meta.url));

/** For each process of the built service or its command line. They share Node's compile cache. */
export const CHILD_ENVIRONMENT = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/service', import.meta.url)),
} as const;

/** Flags of Node for processes that live briefly: they save a tenth of the CPU time of a start. */
export const SHORT_LIVED = ['--single-threaded-gc', '--min-semi-space-size=16'];
const STOP_LIMIT_MS = 10_000;

/** The whole environment of the process, except PATH and its own database; nothing is inherited. */
export type Settings = Record<string, string>;

export const API_KEY = 'sk-test-0123456789abcdef';

/** Returns the settings of a service that uses that upstream. */
export function modelAt({ url }: { url: string }): Settings {
  return { OPENAI_API_KEY: API_KEY, OPENAI_BASE_URL: `${url}/v1` };
}

const services = new Set<Service>();

/** Starts the built service and waits until it listens. If it fails, the file's other services end too. */
export async function startService(settings: Settings = {}): Promise<Service> {
  const service = await Service.create(settings);
  try {
    await service.start();
    return service;
  } catch (error) {
    await removeServices();
    throw error;
  }
}

/** A service and its provider. */
export interface Pair {
  api: ModelApi;
  upstream: Upstream;
  service: Service;
}

export async function startPair(api: ModelApi, settings: Settings = {}): Promise<Pair> {
  const upstream = await Upstream.start();
  const service = await startService({ ...modelAt(upstream), MODEL_API: api, ...settings });
  return { api, upstream, service };
}

/** Starts one pair for each API that a provider may speak. */
export function startPairs(settings: Settings = {}): Promise<[Pair, Pair]> {
  return Promise.all([startPair('chat', settings), startPair('responses', settings)]);
}

/** Starts the built service and expects it to end by itself; the exit code is null if it listened instead. */
export async function startToFail(settings: Settings): Promise<{ exitCode: number | null; output: string }> {
  const service = await Service.create(settings, { isCold: true });
  await service.start().catch(() => undefined);
  const exitCode = await service.stop('SIGKILL');
  return { exitCode, output: service.output };
}

/** Ends every service of this test file, failed starts too, and removes their folders. */
export async function removeServices(): Promise<void> {
  const started = [...services];
  services.clear();
  await Promise.all(started.map((service) => service.remove()));
}

/** These settings change the process itself, as the service does only once. */
function needsColdProcess(settings: Settings): boolean {
  return Object.keys(settings).some((name) => /^(OTEL_|NODE_|LOG_FORMAT$)/.test(name));
}

/** The service as a process, with its own folder that lives as long as this object. */
export class Service {
  url = '';
  /** The parsed log lines of every process so far. */
  readonly logs: Json[] = [];
  /** The stdout and stderr of all its processes. */
  output = '';
  exited: Promise<number | null> = Promise.resolve(null);
  private child: ChildProcess | undefined;
  /** The process that was asked to end. */
  private asked: ChildProcess | undefined;

  /** @param isCold whether its process starts as the image does. Default: only if its settings need that. */
  static async create(settings: Settings, { isCold = needsColdProcess(settings) } = {}): Promise<Service> {
    const service = new Service(await mkdtemp(join(tmpdir(), 'rookery-')), settings, isCold);
    services.add(service);
    return service;
  }

  private constructor(
    readonly folder: string,
    private readonly settings: Settings,
    private readonly isCold: boolean,
  ) {}

  get databaseUrl(): string {
    return this.settings.DATABASE_URL ?? `file:${join(this.folder, 'rookery.db')}`;
  }

  /** Resolves once the service listens. @throws Error with its output if it ends before. */
  async start(): Promise<void> {
    const linesBefore = this.logs.length;
    const env = {
      ...CHILD_ENVIRONMENT,
      PORT: '0',
      RATE_LIMIT_REQUESTS: '0',
      AUTH_FAILURE_LIMIT: '0',
      DATABASE_URL: this.databaseUrl,
      ...this.settings,
    };
    const child = this.isCold
      ? spawn(process.execPath, [...SHORT_LIVED, MAIN], { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      : takeProcess(CHILD_ENVIRONMENT, SHORT_LIVED);
    this.child = child;
    this.exited = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    let hasEnded = false;
    void this.exited.then(() => (hasEnded = true));
    if (!child.stdout || !child.stderr) throw new Error('The process has no output.');
    const log = createInterface(child.stdout).on('line', (line) => {
      this.output += `${line}\n`;
      this.logs.push(parseObject(line));
    });
    const onError = (chunk: Buffer): void => void (this.output += chunk.toString());
    const { stdout, stderr } = child.once('message', () => {
      // It has stopped. Its output is that of another service from now on.
      log.close();
      stdout?.resume();
      stderr?.off('data', onError).resume();
    });
    child.stderr.on('data', onError);
    if (!this.isCold) child.send({ folder: this.folder, settings: env });

    const listening = await until(
      'the service listens',
      () => this.logs.slice(linesBefore).find(({ msg }) => msg === 'listening') ?? (hasEnded && 'ended'),
      60_000,
    );
    if (listening === 'ended') throw new Error(`The service ended during its start:\n${this.output}`);
    this.url = typeof listening === 'object' ? string(listening.url) : '';
    void this.exited.then(() => this.reportUnasked(child));
  }

  /** Sends the signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    this.asked = this.child;
    this.child?.kill(signal);
  }

  /** Asks the service to end and returns its exit code; null if it had to be killed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(signal);
    const impatience = setTimeout(() => this.signal('SIGKILL'), STOP_LIMIT_MS);
    return this.exited.finally(() => clearTimeout(impatience));
  }

  async kill9(): Promise<void> {
    await this.stop('SIGKILL');
  }

  /** Stops the process, and starts a new one on the same folder and database. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends the service and removes its folder. */
  async remove(): Promise<void> {
    const { child } = this;
    if (this.isCold || child === undefined) await this.kill9();
    else {
      this.asked = child;
      await giveBack(child);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A service that dies during a test makes many tests fail: this reports why. */
  private reportUnasked(child: ChildProcess): void {
    if (this.asked !== child) process.stderr.write(`The service ended unexpectedly:\n${this.output.slice(-3000)}\n`);
  }

  /** Returns the log lines of one request. */
  logsOf(requestId: string): Json[] {
    return this.logs.filter(({ request_id }) => request_id === requestId);
  }
}
