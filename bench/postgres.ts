import { fileURLToPath } from 'node:url';
import { emptyPostgres, hasPostgres } from '../test/support/storage/stores.ts';
import { checkChat } from './answers.ts';
import type { DistantStats } from './distant-postgres.ts';
import { number, print, table } from './report.ts';
import { Server } from './server.ts';
import { type Contestant, type Outcome, type Sample, Stage, type StageOptions } from './stage.ts';
import { median } from './statistics.ts';
import { HEAD, row } from './throughput.ts';
import { deltaTexts } from './wire.ts';

export interface PostgresOptions extends Omit<StageOptions, 'upstreamArgs' | 'names' | 'settings'> {
  rounds: number;
  /** How many times an aim is still no fault. Default: 1. */
  tolerance?: number;
}

interface Counts {
  readonly statements: number;
  readonly roundTrips: number;
}

const DISTANT = fileURLToPath(new URL('./distant-postgres.ts', import.meta.url));
/** In each direction: a statement and its answer take a millisecond in all. */
const DELAY_MS = 0.5;
const DELTAS = 100;
const CONCURRENCY = 32;
const WARM_UP_CHATS = 2000;
const CHATS = 1500;
const MIN_CHATS_PER_SECOND = 400;

/** Measures the chats of one process, and their statements, with a PostgreSQL that is a millisecond away. */
export async function measurePostgres({ rounds, tolerance = 1, ...options }: PostgresOptions): Promise<Outcome> {
  if (!hasPostgres) return { faults: [], warmedUpMs: 0 };
  const created = await emptyPostgres.create('bench');
  try {
    const upstreamArgs = ['--deltas', String(DELTAS)];
    const stage = await Stage.open({ ...options, names: [], upstreamArgs });
    const { hostname, port, pathname, username } = new URL(created.databaseUrl);
    const args = [DISTANT, '--host', hostname, '--port', port || '5432', '--delay-ms', String(DELAY_MS)];
    const distant = await Server.start({ name: 'distant', args }, stage.folder);
    const databaseUrl = `postgres://${username}@127.0.0.1:${(await statsOf(distant)).port}${pathname}`;
    const service = await stage.addService('service', { ...options, settings: { DATABASE_URL: databaseUrl } });

    await chats(stage, service, WARM_UP_CHATS);
    const warmedUpMs = stage.ageMs();
    const samples: Sample[] = [];
    const counts: Counts[] = [];
    for (let index = 0; index < rounds; index++) {
      const before = await statsOf(distant);
      samples.push(await chats(stage, service, CHATS));
      const after = await statsOf(distant);
      counts.push({
        statements: after.statements - before.statements,
        roundTrips: after.roundTrips - before.roundTrips,
      });
    }
    const rate = report(service, samples, counts);
    const faults = await stage.close();
    await distant.stop();
    const isMissed = rate * tolerance < MIN_CHATS_PER_SECOND;
    const fault = `postgres: ${number(rate)} chats a second, aim ≥ ${MIN_CHATS_PER_SECOND} / ${tolerance}`;
    return { faults: isMissed ? [fault, ...faults] : faults, warmedUpMs };
  } finally {
    await created.drop();
  }
}

function chats(stage: Stage, { server, paths }: Contestant, calls: number): Promise<Sample> {
  return stage.measure(server, {
    origin: server.url,
    path: paths.chat,
    calls,
    concurrency: CONCURRENCY,
    isPaced: false,
    check: checkChat(deltaTexts(DELTAS).join('')),
  });
}

/** Prints the figures, and returns the chats of a second. */
function report({ server }: Contestant, samples: Sample[], counts: Counts[]): number {
  const perChat = (read: (count: Counts) => number) => number(median(counts.map(read)) / CHATS, 2);
  print(
    `\npostgres: ${samples.length} rounds of ${number(CHATS)} chats, ${CONCURRENCY} at a time, a round trip to the database takes ${2 * DELAY_MS} ms`,
  );
  print(table([HEAD, row('service', server.peakMiB(), samples)]));
  print(
    `  a chat: ${perChat(({ statements }) => statements)} statements, ${perChat(({ roundTrips }) => roundTrips)} round trips, shared with other chats`,
  );
  const rate = median(samples.map(({ calls, seconds }) => calls / seconds));
  const verdict = rate >= MIN_CHATS_PER_SECOND ? 'met' : 'MISSED';
  print(`  chats a second: ${number(rate)}, aim ≥ ${MIN_CHATS_PER_SECOND}: ${verdict}`);
  return rate;
}

async function statsOf(distant: Server): Promise<DistantStats> {
  return JSON.parse(await (await fetch(distant.url)).text());
}
