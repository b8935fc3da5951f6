import { setTimeout as sleep } from 'node:timers/promises';
import { number, print, table } from '../report.ts';
import type { AccountOptions } from './accounts.ts';
import { accountsText, faultsOf } from './chaos.ts';
import { runTasks } from './nothing-lost.ts';
import { clusterPlace, embeddedPlace, within } from './places.ts';

const REPLICAS = { embedded: 1, cluster: 2 };
const CONCURRENCY = 4;
/** At this time some tasks have ended, some are in a turn, and most are queued. */
const WARM_UP_MS = 500;

export interface ProviderOutageSize extends AccountOptions {
  readonly tasks: number;
  readonly providerSeconds: number;
}

/** Measures an outage of the model provider: whether a task fails. */
export async function measureProviderOutage(size: ProviderOutageSize): Promise<string[]> {
  const { providerSeconds, ...work } = size;
  print(`\nprovider: the provider answers 503 for ${providerSeconds} s while tasks run${accountsText(size)}`);
  const rows: string[][] = [];
  const faults: string[] = [];
  for (const place of [await embeddedPlace(), await clusterPlace()]) {
    if (place === undefined) continue;
    const report = await within(place, ({ name, databaseUrl, redisUrl }) =>
      runTasks(
        { ...work, replicas: REPLICAS[name], concurrency: CONCURRENCY, databaseUrl, redisUrl },
        async ({ ledger }) => {
          await sleep(WARM_UP_MS);
          ledger.isDown = true;
          await sleep(providerSeconds * 1000);
          ledger.isDown = false;
        },
      ),
    );
    const found = [...faultsOf(report), ...(report.waited === 0 ? ['no task has waited for the provider'] : [])];
    const { acknowledged, completed, waited, exhausted, seconds } = report;
    const counts = [acknowledged, completed, found.length, waited, exhausted, seconds].map((count) => number(count));
    rows.push([place.name, ...counts]);
    faults.push(...found.map((fault) => `provider, ${place.name}: ${fault}`));
  }
  print(table([['', 'tasks', 'completed', 'faults', 'waited', 'stopped by budget', 's'], ...rows]));
  print(`  aim all completed, 0 faults: ${faults.length === 0 ? 'met' : 'MISSED'}`);
  return faults;
}
