import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, type Measured, type Round } from './load.ts';
import { Server } from './server.ts';

export interface StageOptions {
  /** The service's API to the upstream: chat or responses. The hop uses chat. */
  api: string;
  /** The selected ones of 'hop' and 'service'. */
  names: string[];
  upstreamArgs: string[];
  /** A second service with other settings. */
  variant?: Variant;
  /** A built checkout of another commit, measured beside this one. */
  against?: string | undefined;
  /** Whether the same service as a team writes it by hand takes part, called `by hand`. */
  hasPeer?: boolean;
  /** Folder of the CPU profiles of the service and the traced service; undefined: no profile. */
  profileFolder?: string;
}

export interface Contestant {
  server: Server;
  paths: { chat: string; stream: string };
  /** Headers of each call. */
  headers?: Record<string, string> | undefined;
}

/** The same service with other settings. */
export interface Variant extends Partial<ServiceOptions> {
  name: string;
  /** The highest allowed CPU of a call, relative to the service. */
  maxRatio: number;
}

export interface Sample extends Measured {
  cpuMicros: number;
}

export interface ServiceOptions {
  api: string;
  /** Default: this one. */
  checkout?: string;
  /** Folder of its CPU profile; undefined: no profile. */
  profileFolder?: string | undefined;
  settings?: Record<string, string> | undefined;
  /** Headers of each call. */
  headers?: Record<string, string> | undefined;
}

/** The result of a mode: its faults, and the age of the servers when the measurement began. */
export interface Outcome {
  faults: string[];
  warmedUpMs: number;
}

export interface UpstreamStats {
  json: number;
  streamed: number;
  aborted: number;
  peakOpen: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join('dist', 'app', 'main.js');
export const SERVICE = join(ROOT, MAIN);
const HOP = fileURLToPath(new URL('./hop.ts', import.meta.url));
const BY_HAND = fileURLToPath(new URL('./peer/nest.mjs', import.meta.url));
/** The name of a second hop. */
export const HOP_AGAIN = 'hop again';
const UPSTREAM = fileURLToPath(new URL('./upstream.ts', import.meta.url));
const SERVICE_PATHS = { chat: '/api/v1/agent/chat', stream: '/api/v1/agent/chat/stream' };
const SETTLE_MS = 150;

/** Returns the flags of Node in `npm start`. */
export function startFlags(checkout = ROOT): string[] {
  const manifest: { scripts: { start: string } } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  // The part before `exec` is for shells without it.
  return manifest.scripts.start.split('exec ').at(-1)?.match(/--\S+/g) ?? [];
}

/** One upstream and the servers that are measured against it. All are new and share a temporary folder. */
export class Stage {
  readonly contestants: Contestant[] = [];
  readonly faults: string[] = [];
  readonly folder: string;
  private readonly upstream: Server;
  private modelCalls = 0;

  private constructor(upstream: Server, folder: string) {
    this.upstream = upstream;
    this.folder = folder;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const { api, names, upstreamArgs, profileFolder, variant, against, hasPeer = false } = options;
    const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const stage = new Stage(
      await Server.start({ name: 'upstream', args: [UPSTREAM, ...upstreamArgs] }, folder),
      folder,
    );
    if (names.includes('hop')) await stage.#addHop('hop');
    if (names.includes('service')) {
      await stage.addService('service', { api, profileFolder });
      if (variant !== undefined) await stage.addService(variant.name, { api, profileFolder, ...variant });
    }
    if (against !== undefined) await stage.addService('against', { api, checkout: against });
    if (hasPeer) await stage.#addByHand();
    // A second hop shows the noise.
    if (names.includes('hop') && stage.contestants.length > 1) await stage.#addHop(HOP_AGAIN);
    return stage;
  }

  #addHop(name: string): Promise<void> {
    return this.#addPlain(name, HOP);
  }

  #addByHand(): Promise<void> {
    return this.#addPlain('by hand', BY_HAND);
  }

  async #addPlain(name: string, script: string): Promise<void> {
    const env = { OPENAI_BASE_URL: this.#baseUrl };
    const server = await Server.start({ name, args: [script], env }, this.folder);
    this.contestants.push({ server, paths: { chat: '/chat', stream: '/stream' } });
  }

  get #baseUrl(): string {
    return `${this.upstream.url}/v1`;
  }

  /** Starts a service with those settings. */
  async addService(
    name: string,
    { api, checkout = ROOT, profileFolder, settings, headers }: ServiceOptions,
  ): Promise<Contestant> {
    const main = join(checkout, MAIN);
    if (!existsSync(main)) throw new Error(`${main} does not exist. Run "npm run build" in that checkout.`);
    const env = { ...serviceEnvironment(join(this.folder, `${name}.db`), this.#baseUrl, api), ...settings };
    const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const server = await Server.start({ name, args: [...startFlags(checkout), ...profile, main], env }, this.folder);
    const contestant = { server, paths: SERVICE_PATHS, headers };
    this.contestants.push(contestant);
    return contestant;
  }

  /** Runs one round against one server and returns its cost; each call makes `modelCalls` model calls. */
  async measure(server: Server, round: Round, modelCalls = 1): Promise<Sample> {
    const before = server.cpuMicros();
    const measured = await load(round);
    // The server writes its log and collects garbage after the last answer; the round includes that.
    await sleep(SETTLE_MS);
    this.modelCalls += measured.calls * modelCalls;
    this.faults.push(...measured.faults.map((fault) => `${server.name}: ${fault}`));
    if (measured.calls < round.calls)
      this.faults.push(`${server.name}: gave up after ${measured.calls} of ${round.calls}`);
    return { ...measured, cpuMicros: server.cpuMicros() - before };
  }

  /** Returns the age of the youngest server, which is the service if it takes part. */
  ageMs(): number {
    return performance.now() - (this.contestants.at(-1)?.server.startedMs ?? NaN);
  }

  async upstreamStats(): Promise<UpstreamStats> {
    const response = await fetch(`${this.upstream.url}/stats`);
    return JSON.parse(await response.text());
  }

  /** Stops all servers and returns every fault. */
  async close(): Promise<string[]> {
    const { json, streamed } = await this.upstreamStats();
    if (json + streamed !== this.modelCalls)
      this.faults.push(`the upstream got ${json + streamed} requests, not ${this.modelCalls}`);
    const servers = [...this.contestants.map(({ server }) => server), this.upstream];
    for (const server of servers) {
      const fault = await server.stop();
      if (fault !== undefined) this.faults.push(fault);
    }
    return this.faults;
  }
}

/** Uses the shipped settings: validation, limits, commits and the log are on. No limit is ever reached. */
function serviceEnvironment(file: string, baseUrl: string, api: string): Record<string, string> {
  return {
    PORT: '0',
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: baseUrl,
    MODEL_API: api,
    DATABASE_URL: `file:${file}`,
    RATE_LIMIT_REQUESTS: '100000000',
    MAX_STREAMS_PER_CALLER: '0',
    MAX_CONCURRENT_RUNS: '6000',
  };
}
