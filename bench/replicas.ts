import { checkChat } from './answers.ts';
import { clusterPlace, type Place, within } from './chaos/places.ts';
import type { Round } from './load.ts';
import { number, print } from './report.ts';
import { type Contestant, type Outcome, Stage, type StageOptions } from './stage.ts';
import { judgeRatio } from './throughput.ts';
import { deltaTexts } from './wire.ts';

export interface ReplicasOptions extends Omit<StageOptions, 'upstreamArgs' | 'names'> {
  rounds: number;
  /** How many times an aim is still no fault. Default: 1. */
  tolerance?: number;
}

const DELTAS = 100;
const CONCURRENCY = 32;
const WARM_UP_CHATS = 2000;
const CHATS = 1500;
/** The highest allowed CPU of a chat with two replicas, relative to one. */
const MAX_RATIO = 1.1;

/**
 * Measures the CPU of a chat with one replica and with two, on PostgreSQL and Redis. Each has the same load. If it is the same, a second machine carries
 * as much as the first one.
 */
export async function measureReplicas(options: ReplicasOptions): Promise<Outcome> {
  const [one, two] = [await clusterPlace(), await clusterPlace()];
  if (!one || !two) return { faults: [], warmedUpMs: 0 };
  return await within(one, () => within(two, () => compare(one, two, options)));
}

async function compare(one: Place, two: Place, { rounds, tolerance, ...options }: ReplicasOptions): Promise<Outcome> {
  const stage = await Stage.open({ ...options, names: [], upstreamArgs: ['--deltas', String(DELTAS)] });
  const start = (name: string, { databaseUrl, redisUrl = '' }: Place): Promise<Contestant> =>
    stage.addService(name, { ...options, settings: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } });
  const alone = [await start('alone', one)];
  const pair = [await start('first of two', two), await start('second of two', two)];
  for (const replicas of [alone, pair]) await chats(stage, replicas, WARM_UP_CHATS);
  const warmedUpMs = stage.ageMs();
  const micros = { alone: new Array<number>(), pair: new Array<number>() };
  const turns = [
    async () => micros.alone.push(await chats(stage, alone, CHATS)),
    async () => micros.pair.push(await chats(stage, pair, CHATS)),
  ];
  for (let index = 0; index < rounds; index++) {
    for (const turn of index % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  print(
    `\nreplicas: ${rounds} rounds of ${number(CHATS)} chats to each, ${CONCURRENCY} at a time, on PostgreSQL and Redis`,
  );
  for (const [name, values] of Object.entries(micros)) {
    print(`  ${name}: CPU µs a chat ${values.map((value) => number(value)).join(', ')}`);
  }
  const fault = judgeRatio('a chat with two replicas / with one', micros.pair, micros.alone, {
    aim: MAX_RATIO,
    tolerance,
  });
  return { faults: [...(fault === undefined ? [] : [fault]), ...(await stage.close())], warmedUpMs };
}

/** Sends that many chats to each replica, to all at once, and returns the CPU of a chat. */
async function chats(stage: Stage, replicas: readonly Contestant[], calls: number): Promise<number> {
  const check = checkChat(deltaTexts(DELTAS).join(''));
  const samples = await Promise.all(
    replicas.map(({ server, paths }) => {
      const round: Round = {
        origin: server.url,
        path: paths.chat,
        calls,
        concurrency: CONCURRENCY,
        isPaced: false,
        check,
      };
      return stage.measure(server, round);
    }),
  );
  return samples.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0) / (calls * replicas.length);
}
