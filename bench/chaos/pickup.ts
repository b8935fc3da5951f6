import { once } from 'node:events';
import { number, print, table } from '../report.ts';
import { quantile } from '../statistics.ts';
import { TaskBench } from './task.bench.ts';
import { clusterPlace, embeddedPlace, type Place, within } from './places.ts';

const TASKS = 500;
const WARM_UP_TASKS = 100;
const AIM_MS = { embedded: 5, cluster: 20 };

/**
 * Measures the time from the commit of a task's row to its first model request. By then the worker has claimed the task
 * and stored `run.started`.
 */
export async function measurePickup(): Promise<string[]> {
  print(`\npickup: ${TASKS} tasks one after the other, after ${WARM_UP_TASKS} to warm up; from the commit of the row`);
  print('  to the first model request, after claim and run.started (in a cluster the worker is another replica)');
  const faults: string[] = [];
  const rows: string[][] = [];
  for (const place of [await embeddedPlace(), await clusterPlace()]) {
    if (place === undefined) continue;
    const times = await within(place, timesIn);
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
    const isMet = p50 < AIM_MS[place.name];
    rows.push([place.name, number(p50, 1), number(p99, 1), `p50 < ${AIM_MS[place.name]}: ${isMet ? 'met' : 'MISSED'}`]);
    if (!isMet) faults.push(`pickup, ${place.name}: p50 ${number(p50, 1)} ms`);
  }
  print(table([['', 'ms p50', 'p99', 'aim'], ...rows]));
  return faults;
}

async function timesIn({ name, databaseUrl, redisUrl }: Place): Promise<number[]> {
  const stores = { databaseUrl, redisUrl };
  const door = await TaskBench.open(name === 'cluster' ? { ...stores, role: 'http' } : stores);
  const worker = name === 'cluster' ? await TaskBench.open({ ...stores, role: 'worker' }) : door;
  const times: number[] = [];
  for (let index = 0; index < WARM_UP_TASKS + TASKS; index++) {
    const asked = once(worker.model.asked, 'asked');
    const ended = worker.nextEnd();
    await door.submit();
    const committedMs = performance.now();
    await asked;
    if (index >= WARM_UP_TASKS) times.push(performance.now() - committedMs);
    await ended;
  }
  for (const bench of new Set([door, worker])) await bench.close();
  return times;
}
