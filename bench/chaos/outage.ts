import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnRedis, REDIS_SERVER } from '../../test/support/servers/own.redis.ts';
import { TcpProxy } from '../../test/support/servers/tcp.proxy.ts';
import { number, print, table } from '../report.ts';
import type { AccountOptions } from './accounts.ts';
import { accountsText, faultsOf } from './chaos.ts';
import { post } from './client.ts';
import { type Member, memberOf } from './fleet.ts';
import { REPLY } from './ledger.ts';
import { runTasks, type Work } from './nothing-lost.ts';
import { clusterPlace, type Place, within } from './places.ts';

const TASKS = 50;
const MORE_TASKS = 6;
const CHATS = 6;
const REPLICAS = 2;
const CONCURRENCY = 4;
/** At this time some tasks have ended, some are in a turn, and most are queued. */
const WARM_UP_MS = 500;
const POSTGRES_PORT = 5432;
const POLL_INTERVAL_MS = 20;
/** Longer than a service may take to report its readiness. */
const TIMEOUT_MS = 30_000;

/** One kind of outage, and whether the service accepts work meanwhile. */
interface Outage {
  readonly name: string;
  /** 0: it is back at once. */
  readonly awayMs: number;
  readonly times: number;
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

export interface OutageSize extends AccountOptions {
  readonly awaySeconds: number;
  /** How often PostgreSQL is away. */
  readonly outages: number;
}

const outagesOf = ({ awaySeconds, outages }: OutageSize): readonly Outage[] => [
  {
    name: 'Redis restarted, empty',
    awayMs: 0,
    times: 1,
    isServing: true,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    name: `Redis away for ${awaySeconds} s`,
    awayMs: awaySeconds * 1000,
    times: 1,
    isServing: true,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    name: `PostgreSQL away for ${awaySeconds} s, ${outages} times`,
    awayMs: awaySeconds * 1000,
    times: outages,
    isServing: false,
    begin: ({ postgres }) => postgres.cut(),
    end: ({ postgres }) => postgres.mend(),
  },
];

/**
 * Measures an outage of a store: whether an acknowledged task is lost, and the time until the service is ready again.
 */
export async function measureOutage(size: OutageSize): Promise<string[]> {
  if (!existsSync(REDIS_SERVER)) {
    print(`outage: skipped, ${REDIS_SERVER} is not installed`);
    return [];
  }
  print(`\noutage: ${REPLICAS} replicas with ${TASKS} tasks and some chats lose a store${accountsText(size)}`);
  const faults: string[] = [];
  const rows: string[][] = [];
  for (const outage of outagesOf(size)) {
    const place = await clusterPlace();
    if (place === undefined) return [];
    const { row, faults: found } = await within(place, (at) => measureOne(outage, at, size));
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

async function measureOne(
  outage: Outage,
  place: Place,
  { auth, budgets }: AccountOptions,
): Promise<{ row: string[]; faults: string[] }> {
  const stores = { redis: await OwnRedis.start(), postgres: await TcpProxy.to(POSTGRES_PORT) };
  const databaseUrl = new URL(place.databaseUrl);
  databaseUrl.port = String(stores.postgres.port);
  const seen: Observation = { faults: [], chats: [], notReadyMs: NaN, readyAgainMs: NaN };
  const fleet = { replicas: REPLICAS, concurrency: CONCURRENCY, redisUrl: stores.redis.url };
  const work = { tasks: TASKS, ...fleet, auth, budgets, areCallsAborted: true };
  try {
    const report = await runTasks({ ...work, databaseUrl: databaseUrl.href }, async (running) => {
      for (let time = 0; time < outage.times; time++) {
        if (time > 0) await running.submit(TASKS);
        await runOutage(outage, stores, running, seen);
      }
    });
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

async function runOutage(outage: Outage, stores: Stores, work: Work, seen: Observation): Promise<void> {
  const { members } = work;
  await sleep(WARM_UP_MS);
  await outage.begin(stores);
  const beganMs = performance.now();
  if (outage.awayMs > 0) {
    seen.notReadyMs = await until(members, 503, seen);
    if (outage.isServing) await work.submit(MORE_TASKS);
    for (let index = 0; index < CHATS; index++) await chat(work, index, outage.isServing, seen);
    await sleep(Math.max(0, outage.awayMs - (performance.now() - beganMs)));
  }
  await outage.end(stores);
  seen.readyAgainMs = await until(members, 200, seen);
  for (const index of members.keys()) await chat(work, index, true, seen);
}

/** Checks that a chat is answered, or refused with an error body. */
async function chat(
  { members, key }: Work,
  index: number,
  isServing: boolean,
  { faults, chats }: Observation,
): Promise<void> {
  const member = memberOf(members, index);
  const answer = await post(member, '/chat', { message: 'Hello' }, key).catch((cause: unknown) => String(cause));
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
