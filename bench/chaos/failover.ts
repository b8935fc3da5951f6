import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { number, print } from '../report.ts';
import { Server } from '../server.ts';
import { eventOf, eventsOf, post, submitTask } from './client.ts';
import { type Member, startFleet } from './fleet.ts';
import { clusterPlace, within } from './places.ts';

const UPSTREAM = fileURLToPath(new URL('../upstream.ts', import.meta.url));
/** A turn takes half a minute, so each process is killed before its turn ends. */
const TURN = ['--deltas', '600', '--first-delta-ms', '50', '--interval-ms', '50'];
const ROUNDS = 5;
const AIM_MS = 10_000;

/** Measures the delay of runs whose process dies: until another process resumes a task, and until a stream fails. */
export async function measureFailover(): Promise<string[]> {
  const place = await clusterPlace();
  if (place === undefined) return [];
  print('\nfailover: a cluster of 2 processes; the owner of the run is killed (kill -9) during a turn');
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
  const upstream = await Server.start({ name: 'upstream', args: [UPSTREAM, ...TURN] }, folder);
  try {
    return await within(place, async ({ databaseUrl, redisUrl }) => {
      const members = await startFleet({ databaseUrl, redisUrl, modelUrl: upstream.url, concurrency: 8, replicas: 2 });
      try {
        const tasks = await rounds(() => restart(members, databaseUrl));
        const streams = await rounds(() => interrupt(members));
        return [
          ...rowsOf('another process resumes a task', tasks),
          ...rowsOf('a stream reports run_interrupted and its session is free', streams),
        ];
      } finally {
        await Promise.all(members.map((member) => member.end()));
      }
    });
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true });
  }
}

async function rounds(round: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < ROUNDS; index++) times.push(await round());
  return times;
}

/** Returns the milliseconds until another process resumes the task of a killed worker. */
async function restart(members: readonly [Member, ...Member[]], databaseUrl: string): Promise<number> {
  const id = await submitTask(members[0], 'Tell a long story.');
  await eventOf(eventsOf(await fetch(`${members[0].url}/tasks/${id}/events`)), 'message.delta');
  const owner = await ownerOf(id, databaseUrl);
  const victim = members.find(({ replicaId }) => replicaId === owner);
  const other = members.find(({ replicaId }) => replicaId !== owner);
  if (!victim || !other) throw new Error(`${owner}, the owner of the task, is not in the cluster.`);
  const events = eventsOf(await fetch(`${other.url}/tasks/${id}/events`));
  await eventOf(events, 'message.delta');
  const beganMs = performance.now();
  await victim.end();
  await eventOf(events, 'run.restarted');
  const tookMs = performance.now() - beganMs;
  await post(other, `/tasks/${id}/cancel`);
  await eventOf(events, 'run.cancelled');
  await victim.start();
  return tookMs;
}

/**
 * Returns the milliseconds until a reader on another process learns that a stream's process died. Its session then
 * accepts the next run.
 */
async function interrupt(members: readonly Member[]): Promise<number> {
  const [victim, other] = members;
  if (!victim || !other) throw new Error('The cluster needs two processes.');
  const request = { message: 'Tell a long story.', session_id: `failover-${performance.now()}` };
  const id = await runOf(await post(victim, '/chat/stream', request));
  const events = eventsOf(await fetch(`${other.url}/runs/${id}/events`));
  await eventOf(events, 'message.delta');
  const beganMs = performance.now();
  await victim.end();
  const { data } = await eventOf(events, 'run.failed');
  if (!data.includes('"run_interrupted"')) throw new Error(`The stream did not report run_interrupted: ${data}`);
  const next = await post(other, '/chat/stream', request);
  if (next.status !== 200) throw new Error(`The session is not free: ${await next.text()}`);
  const tookMs = performance.now() - beganMs;
  await post(other, `/runs/${await runOf(next)}/cancel`);
  await victim.start();
  return tookMs;
}

async function runOf(answer: Response): Promise<string> {
  const { data } = await eventOf(eventsOf(answer), 'run.started');
  const { run_id }: { run_id: string } = JSON.parse(data);
  return run_id;
}

async function ownerOf(runId: string, connectionString: string): Promise<string> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ owner: string }>('select owner from runs where run_id = $1', [runId]);
  await client.end();
  return rows[0]?.owner ?? 'nobody';
}

function rowsOf(what: string, times: readonly number[]): string[] {
  const isMet = times.every((ms) => ms < AIM_MS);
  const seconds = times.map((ms) => number(ms / 1000, 1)).join(', ');
  print(`  ${what} after ${seconds} s, aim each < ${AIM_MS / 1000} s: ${isMet ? 'met' : 'MISSED'}`);
  return isMet ? [] : [`failover: ${what} too late`];
}
