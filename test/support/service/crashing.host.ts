import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../servers/free.port.js';
import type { TestDatabase } from '../storage/stores.js';
import { until } from '../until.js';
import { bundledApp } from './bundled.app.js';
import { CHILD_ENVIRONMENT, SHORT_LIVED } from './child.environment.js';
import { Upstream } from '../servers/upstream.js';

const APP = fileURLToPath(new URL('./crashing.app.mjs', import.meta.url));
/** The supervisor gives up after more deaths than any test needs. */
const MAX_DEATHS = 14;
const START_LIMIT_MS = 60_000;

interface Parts {
  /** The file that starts the application. */
  readonly app: string;
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly modelUrl: string;
  readonly gates: string;
}

/** One process of the application, which a supervisor restarts after each death. */
class Replica {
  url = '';
  output = '';
  deaths = 0;
  isUp = false;
  #child: ChildProcess | undefined;
  #isEnding = false;
  #port = 0;

  constructor(private readonly parts: Parts) {}

  async start(): Promise<void> {
    this.#port = await freePort();
    this.url = `http://127.0.0.1:${this.#port}`;
    this.#spawn();
    await this.up();
  }

  async up(): Promise<void> {
    await until('the application listens', () => this.isUp, START_LIMIT_MS);
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    this.kill();
    await until('the application has ended', () => this.#child === undefined);
  }

  #spawn(): void {
    const { app, databaseUrl, redisUrl, modelUrl, gates } = this.parts;
    const env = {
      ...CHILD_ENVIRONMENT,
      PORT: String(this.#port),
      DATABASE_URL: databaseUrl,
      MODEL_URL: modelUrl,
      GATES: gates,
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    };
    const child = spawn(process.execPath, [...SHORT_LIVED, app], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const onOutput = (data: Buffer): void => {
      this.output += data.toString();
      this.isUp ||= data.toString().includes('listening\n');
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.once('exit', () => this.#exited());
  }

  #exited(): void {
    this.isUp = false;
    this.#child = undefined;
    if (this.#isEnding) return;
    this.deaths++;
    if (this.deaths < MAX_DEATHS) this.#spawn();
  }
}

/** An application whose tools kill it, with its supervisor and its provider. The provider outlives it. */
export class CrashingHost {
  private constructor(
    readonly upstream: Upstream,
    readonly replicas: readonly [Replica, ...Replica[]],
    private readonly database: TestDatabase,
    private readonly gates: string,
  ) {}

  /** @param redisUrl starts two replicas; undefined: one. */
  static async start(database: TestDatabase, redisUrl?: string): Promise<CrashingHost> {
    const app = await bundledApp(APP);
    const upstream = await Upstream.start();
    const gates = await mkdtemp(join(tmpdir(), 'rookery-gates-'));
    const parts = { app, databaseUrl: database.databaseUrl, redisUrl, modelUrl: upstream.url, gates };
    const first = new Replica(parts);
    const host = new CrashingHost(
      upstream,
      redisUrl === undefined ? [first] : [first, new Replica(parts)],
      database,
      gates,
    );
    for (const replica of host.replicas) await replica.start();
    return host;
  }

  get url(): string {
    return this.replicas[0].url;
  }

  get deaths(): number {
    return this.replicas.reduce((sum, { deaths }) => sum + deaths, 0);
  }

  get output(): string {
    return this.replicas.map(({ output }) => output).join('\n');
  }

  /** Opens the gate for the tools that wait for it. */
  async open(gate: 'die' | 'wait'): Promise<void> {
    await writeFile(join(this.gates, gate), '');
  }

  /** Returns the tool results that the model received, in all requests. */
  toolResults(): string[] {
    const toolResults = this.upstream.requests.flatMap(({ messages }) =>
      messages.filter(({ role }) => role === 'tool'),
    );
    return [...new Set(toolResults.map(({ content }) => content))];
  }

  async remove(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.end()));
    await this.upstream.close();
    await rm(this.gates, { recursive: true });
    await this.database.drop();
  }
}
