import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnRedis, REDIS_SERVER } from '../../test/support/servers/own.redis.ts';
import { TcpProxy } from '../../test/support/servers/tcp.proxy.ts';
import { number, print, table } from '../report.ts';
import { faultsOf } from './chaos.ts';
import { post, submitTask } from './client.ts';
import type { Member } from './fleet.ts';
import { REPLY, TASK } from './ledger.ts';
import { runTasks } from './nothing-lost.ts';
import { clusterPlace, type Place, within } from './places.ts';

const TASKS = 50;
const MORE_TASKS = 6;
const CHATS = 6;
const REPLICAS = 2;
const CONCURRENCY = 4;
/** At this time some tasks have ended, some are in a turn, and most are queued. */
const WARM_UP_MS = 500;
const AWAY_MS = 20_000;
const POSTGRES_PORT = 5432;
const POLL_INTERVAL_MS = 20;
/** Longer than a service may take to report its readiness. */
const TIMEOUT_MS = 30_000;

/** One kind of outage, and whether the service accepts work meanwhile. */
interface Outage {
  readonly name: string;
  readonly awayMs: number;
  /** Whether the service still accepts chats and tasks; if not, it refuses them with an error body. */
  readonly isServing: boolean;
  begin(stores: Stores): Promise<void> | void;
  end(stores: Stores): Promise<void> | void;
}

interface Stores {
  readonly redis: OwnRedis;
  readonly postgres: TcpProxy;
}

interface Observation {
  readonly faults: string[];
  readonly chats: string[];
  notReadyMs: number;
  readyAgainMs: number;
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'Redis restarted, empty',
    awayMs: 0,
    isServing: true,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    name: `Redis away for ${AWAY_MS / 1000} s`,
    awayMs: AWAY_MS,
    isServing: true,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    name: `PostgreSQL away for ${AWAY_MS / 1000} s`,
    awayMs: AWAY_MS,
    isServing: false,
    begin: ({ postgres }) => postgres.cut(),
    end: ({ postgres }) => postgres.mend(),
  },
];

/**
 * Measures an outage of a store: whether an acknowledged task is lost, and the time until the service is ready again.
 */
export async function measureOutage(): Promise<string[]> {
  if (!existsSync(REDIS_SERVER)) {
    print(`outage: skipped, ${REDIS_SERVER} is not installed`);
    return [];
  }
  print(`\noutage: ${REPLICAS} replicas with ${TASKS} tasks and some chats lose a store`);
  const faults: string[] = [];
  const rows: string[][] = [];
  for (const outage of OUTAGES) {
    const place = await clusterPlace();
    if (place === undefined) return [];
    const { row, faults: found } = await within(place, (at) => measureOne(outage, at));
    rows.push(row);
    faults.push(...found.map((fault) => `${outage.name}: ${fault}`));
  }
  print(
    table([
      ['', 'tasks', 'completed', 'faults', 'unready after s', 'ready again after s', 'calls unknown', 's'],
      ...rows,
    ]),
  );
  print(`  aim all completed, 0 faults, ready again by itself: ${faults.length === 0 ? 'met' : 'MISSED'}`);
  return faults;
}

async function measureOne(outage: Outage, place: Place): Promise<{ row: string[]; faults: string[] }> {
  const stores = { redis: await OwnRedis.start(), postgres: await TcpProxy.to(POSTGRES_PORT) };
  const databaseUrl = new URL(place.databaseUrl);
  databaseUrl.port = String(stores.postgres.port);
  const seen: Observation = { faults: [], chats: [], notReadyMs: NaN, readyAgainMs: NaN };
  const work = { tasks: TASKS, replicas: REPLICAS, concurrency: CONCURRENCY, redisUrl: stores.redis.url };
  try {
    const report = await runTasks({ ...work, databaseUrl: databaseUrl.href }, (members) =>
      runOutage(outage, stores, members, seen),
    );
    const faults = [...faultsOf(report), ...seen.faults];
    const { acknowledged, completed, unknown, seconds } = report;
    const times = [seen.notReadyMs, seen.readyAgainMs].map((ms) => number(ms / 1000, 2));
    const counts = [acknowledged, completed, faults.length].map((count) => number(count));
    print(`  ${outage.name}: the chats meanwhile got ${[...new Set(seen.chats)].join(', ')}`);
    return { row: [outage.name, ...counts, ...times, number(unknown), number(seconds)], faults };
  } finally {
    await stores.redis.kill();
    await stores.postgres.close();
  }
}

async function runOutage(
  outage: Outage,
  stores: Stores,
  members: readonly Member[],
  seen: Observation,
): Promise<string[]> {
  await sleep(WARM_UP_MS);
  await outage.begin(stores);
  const beganMs = performance.now();
  const acknowledged: string[] = [];
  if (outage.awayMs > 0) {
    seen.notReadyMs = await until(members, 503, seen);
    if (outage.isServing) {
      for (let index = 0; index < MORE_TASKS; index++) {
        acknowledged.push(await submitTask(memberOf(members, index), `${TASK}${TASKS + index}`));
      }
    }
    for (let index = 0; index < CHATS; index++) await chat(memberOf(members, index), outage.isServing, seen);
    await sleep(Math.max(0, outage.awayMs - (performance.now() - beganMs)));
  }
  await outage.end(stores);
  seen.readyAgainMs = await until(members, 200, seen);
  for (const member of members) await chat(member, true, seen);
  return acknowledged;
}

/** Checks that a chat is answered, or refused with an error body. */
async function chat(member: Member, isServing: boolean, { faults, chats }: Observation): Promise<void> {
  const answer = await post(member, '/chat', { message: 'Hello' }).catch((cause: unknown) => String(cause));
  if (typeof answer === 'string') return void faults.push(`a chat got no answer: ${answer}`);
  const body: { reply?: string; error?: string } = JSON.parse(await answer.text());
  chats.push(`${answer.status}${body.error === undefined ? '' : ` ${body.error}`}`);
  const isAnswered = answer.status === 200 && body.reply === REPLY;
  const isRefused = !isServing && answer.status >= 500 && body.error !== undefined;
  if (!isAnswered && !isRefused) faults.push(`a chat got ${answer.status} ${JSON.stringify(body)}`);
}

/** Returns the milliseconds until every member has that readiness status. */
async function until(members: readonly Member[], status: number, { faults }: Observation): Promise<number> {
  const beganMs = performance.now();
  const waiting = new Set(members);
  while (waiting.size > 0) {
    for (const member of waiting) {
      const answer = await fetch(`${member.origin}/ready`);
      if (answer.status === status) waiting.delete(member);
    }
    if (performance.now() - beganMs > TIMEOUT_MS) {
      faults.push(`no readiness ${status} within ${TIMEOUT_MS / 1000} s`);
      return NaN;
    }
    await sleep(POLL_INTERVAL_MS);
  }
  return performance.now() - beganMs;
}

function memberOf(members: readonly Member[], index: number): Member {
  const member = members[index % members.length];
  if (!member) throw new Error('The cluster has no process.');
  return member;
}
