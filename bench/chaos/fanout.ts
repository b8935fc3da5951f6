import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dispatcher, Pool } from 'undici';
import { number, print, table } from '../report.ts';
import { Server } from '../server.ts';
import { median, quantile } from '../statistics.ts';
import { submitTask } from './client.ts';
import { Member } from './fleet.ts';
import { clusterPlace, type Place, within } from './places.ts';

const UPSTREAM = fileURLToPath(new URL('../upstream.ts', import.meta.url));
const ROUNDS = 3;
const RUNS = 200;
const DELTAS = 300;
const FIRST_DELTA_MS = 1000;
const INTERVAL_MS = 20;
const PACE = ['--deltas', DELTAS, '--first-delta-ms', FIRST_DELTA_MS, '--interval-ms', INTERVAL_MS].map(String);
const AIM_MS = 100;
const STAMP = /@(\d{13})@/g;

/** Measures the lag of runs that are read at another replica: from the provider's delta to the reader. */
export async function measureFanout(profileFolder: string | undefined): Promise<string[]> {
  const place = await clusterPlace();
  if (place === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
  const upstream = await Server.start({ name: 'upstream', args: [UPSTREAM, ...PACE, '--stamped'] }, folder);
  try {
    return report(await within(place, (at) => lagsIn(at, upstream.url, profileFolder)));
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true });
    if (profileFolder !== undefined) print(`  CPU profiles of both: ${profileFolder}`);
  }
}

async function lagsIn(place: Place, modelUrl: string, profileFolder: string | undefined): Promise<Reader[][]> {
  const { databaseUrl, redisUrl } = place;
  const options = { databaseUrl, redisUrl, modelUrl, concurrency: RUNS, profileFolder };
  const door = await Member.start({ ...options, role: 'http' });
  const worker = await Member.start({ ...options, role: 'worker' });
  const pool = new Pool(door.origin, { connections: RUNS });
  const round = async (): Promise<Reader[]> => {
    const ids = await Promise.all(Array.from({ length: RUNS }, () => submitTask(door, 'Tell a story.')));
    const readers = ids.map((id) => new Reader(pool, id));
    await Promise.all(readers.map(({ ended }) => ended));
    return readers;
  };
  try {
    await round();
    const measured: Reader[][] = [];
    for (let index = 0; index < ROUNDS; index++) measured.push(await round());
    return measured;
  } finally {
    await pool.close();
    for (const member of [worker, door]) await member.end('SIGTERM');
  }
}

/** Reads one run with undici's bare handler, to keep the reader's own CPU cost low. */
class Reader implements Dispatcher.DispatchHandler {
  readonly lagsMs: number[] = [];
  readonly #ended = Promise.withResolvers<void>();
  fault: string | undefined;
  #hasEnded = false;

  constructor(pool: Pool, id: string) {
    pool.dispatch({ path: `/api/v1/agent/tasks/${id}/events`, method: 'GET' }, this);
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    if (status !== 200) this.fault = `HTTP ${status}`;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    const now = Date.now();
    const text = chunk.toString('latin1');
    // The last event repeats the whole text.
    this.#hasEnded ||= text.includes('event: run.completed');
    if (this.#hasEnded) return;
    for (const [, sentAt] of text.matchAll(STAMP)) this.lagsMs.push(now - Number(sentAt));
  }

  onResponseEnd(): void {
    if (!this.#hasEnded) this.fault ??= 'a stream ended without run.completed';
    if (this.lagsMs.length < DELTAS * 0.9) this.fault ??= `${this.lagsMs.length} deltas of ${DELTAS}`;
    this.#ended.resolve();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fault = `${error.name}: ${error.message}`;
    this.#ended.resolve();
  }
}

function report(rounds: readonly (readonly Reader[])[]): string[] {
  const lags = rounds.map((readers) => readers.flatMap(({ lagsMs }) => lagsMs));
  const faults = rounds.flat().flatMap(({ fault }) => (fault === undefined ? [] : [`fanout: ${fault}`]));
  const p99 = median(lags.map((each) => quantile(each, 0.99)));
  const pace = `${DELTAS} deltas each, ${1000 / INTERVAL_MS} a second`;
  print(
    `\nfanout: ${RUNS} runs of one replica with ${pace}, read at another over PostgreSQL and Redis, after a round to warm up`,
  );
  print(
    table([
      ['', 'deltas', 'lag ms p50', 'p90', 'p99', 'most'],
      ...lags.map((each, index) => [`round ${index + 1}`, number(each.length)].concat(quantiles(each))),
    ]),
  );
  print('  lag: from sending a delta at the provider to its arrival at the reader');
  print(`  aim p99 of the middle round < ${AIM_MS} ms: ${p99 < AIM_MS ? 'met' : 'MISSED'}`);
  return p99 < AIM_MS ? faults : [...faults, `fanout: p99 lag ${number(p99)} ms`];
}

function quantiles(lags: readonly number[]): string[] {
  return [0.5, 0.9, 0.99, 1].map((share) => number(quantile(lags, share)));
}
