import { setTimeout as sleep } from 'node:timers/promises';
import { number, print, table } from '../report.ts';
import { eventsOf, post, type SeenEvent, submitTask } from './client.ts';
import { type Member, memberOf, startFleet } from './fleet.ts';
import { judge, type Judgement, type SubmittedTask, watch } from './judgement.ts';
import { Ledger, REPLY, TASK } from './ledger.ts';
import { clusterPlace, type Place, within } from './places.ts';
import { buildRelease } from './release.ts';

const REPLICAS = 2;
const CONCURRENCY = 4;
const WATCHED = 10;
const STREAMS = 6;
const TURNS = 3;
/** The time in which both releases work on tasks. */
const BESIDE_MS = 1500;

export interface UpgradeOptions {
  /** The commit of the release before. */
  readonly from: string;
  readonly tasks: number;
}

type Fleet = readonly [Member, ...Member[]];

/** Replicas of two releases on one database. */
interface Fleets {
  readonly before: Fleet;
  readonly after: Fleet;
}

/**
 * Runs replicas of the release before and of this one beside each other. Ends the old ones while tasks are under way. Checks that no acknowledged task is lost or done twice, and that each release reads what
 * the other one writes.
 */
export async function measureUpgrade({ from, tasks }: UpgradeOptions): Promise<string[]> {
  const place = await clusterPlace();
  if (place === undefined) return [];
  print(`\nupgrade: ${REPLICAS} replicas of ${from}, beside ${REPLICAS} of this version on the same stores`);
  const release = buildRelease(from);
  const beganMs = performance.now();
  try {
    const { completed, attempts, unknown, faults } = await within(place, (at) => upgrade(at, release.app, tasks));
    const counts = [tasks, completed, faults.length, attempts, unknown, (performance.now() - beganMs) / 1000];
    print(
      table([['tasks', 'completed', 'faults', 'attempts', 'calls unknown', 's'], counts.map((each) => number(each))]),
    );
    print(`  aim all completed, 0 faults: ${faults.length === 0 ? 'met' : 'MISSED'}`);
    return faults.map((fault) => `upgrade: ${fault}`);
  } finally {
    release.remove();
  }
}

async function upgrade(place: Place, app: string, tasks: number): Promise<Judgement> {
  const { databaseUrl, redisUrl } = place;
  const ledger = await Ledger.start();
  const stores = { databaseUrl, redisUrl, modelUrl: ledger.url, concurrency: CONCURRENCY, replicas: REPLICAS };
  const running: Member[] = [];
  try {
    const before = await startFleet({ ...stores, app });
    running.push(...before);
    const half = Math.floor(tasks / 2);
    const submitted = await submitAll(before, 0, half);
    const after = await startFleet(stores);
    running.push(...after);
    const fleets = { before, after };
    submitted.push(...(await submitAll([...before, ...after], half, tasks)));
    const watched = submitted.slice(half - WATCHED / 2, half + WATCHED / 2).map((task) => watch(running, task));
    const shared = [await streamFaults(fleets), await sessionFaults(fleets)];
    await sleep(BESIDE_MS);
    // One replica leaves in order, and one dies.
    for (const [index, member] of before.entries()) await member.end(index === 0 ? 'SIGTERM' : 'SIGKILL');
    const judgement = await judge(after, submitted, ledger, await Promise.all(watched));
    return { ...judgement, faults: [...judgement.faults, ...shared.flat()] };
  } finally {
    await Promise.all(running.map((member) => member.end()));
    ledger.stop();
  }
}

async function submitAll(members: readonly Member[], first: number, end: number): Promise<SubmittedTask[]> {
  const indexes = Array.from({ length: end - first }, (_, index) => first + index);
  return await Promise.all(
    indexes.map(async (index) => {
      const id = await submitTask(memberOf(members, index), `${TASK}${index}`);
      return { id, key: undefined, isLimited: false };
    }),
  );
}

/** Streams runs with tools from each release, and reads the same runs at the other one. */
async function streamFaults({ before, after }: Fleets): Promise<string[]> {
  const streamed = Array.from({ length: STREAMS }, async (_, index) => {
    const [own, other] = index % 2 === 0 ? [before[0], after[0]] : [after[0], before[0]];
    const events = eventsOf(await post(own, '/chat/stream', { message: `${TASK}stream ${index}` }));
    const first = await events.next();
    if (first.done === true) return [`stream ${index} has no event`];
    const { run_id }: { run_id: string } = JSON.parse(first.value.data);
    const [live, followed] = await Promise.all([
      Array.fromAsync(events),
      fetch(`${other.url}/runs/${run_id}/events`).then((answer) => Array.fromAsync(eventsOf(answer))),
    ]);
    return [
      ...(live.at(-1)?.type === 'run.completed' ? [] : [`stream ${index} ended with ${live.at(-1)?.type}`]),
      ...(isSame([first.value, ...live], followed) ? [] : [`stream ${index} differs at the other release`]),
    ];
  });
  return (await Promise.all(streamed)).flat();
}

function isSame(events: readonly SeenEvent[], others: readonly SeenEvent[]): boolean {
  return JSON.stringify(events) === JSON.stringify(others);
}

/** Continues a session at each release in turn, and reads it at both. */
async function sessionFaults({ before, after }: Fleets): Promise<string[]> {
  const faults: string[] = [];
  const session_id = 'shared-by-releases';
  for (let turn = 0; turn < 2 * TURNS; turn++) {
    const answer = await post(memberOf([before[0], after[0]], turn), '/chat', { message: 'Hello', session_id });
    const { reply }: { reply?: string } = JSON.parse(await answer.text());
    if (reply !== REPLY) faults.push(`turn ${turn} of a shared session got ${answer.status}`);
  }
  for (const { url } of [before[0], after[0]]) {
    const answer = await fetch(`${url}/sessions/${session_id}/messages?limit=100`);
    const { items = [] }: { items?: unknown[] } = JSON.parse(await answer.text());
    if (items.length !== 4 * TURNS) faults.push(`a shared session has ${items.length} of ${4 * TURNS} messages`);
  }
  return faults;
}
