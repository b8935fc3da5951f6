import { number, print, table } from '../report.ts';
import type { AccountOptions } from './accounts.ts';
import { type ChaosReport, measureLosses } from './nothing-lost.ts';
import { clusterPlace, embeddedPlace, type Place, within } from './places.ts';

const SIZES = {
  embedded: { replicas: 1, concurrency: 16 },
  cluster: { replicas: 3, concurrency: 8 },
} as const satisfies Record<Place['name'], object>;
const COLUMNS = [
  '',
  'tasks',
  'kills',
  'completed',
  'faults',
  'repeated turns',
  'calls with unknown outcome',
  'stopped by budget',
  's',
];

export interface ChaosSize extends AccountOptions {
  readonly tasks: number;
  readonly kills: number;
}

/** Kills processes while they work, and checks that no acknowledged task is lost or done twice. */
export async function measureChaos(size: ChaosSize): Promise<string[]> {
  print(`\nchaos: tasks of three turns with tools; their processes are killed (kill -9) in turn${accountsText(size)}`);
  const rows: string[][] = [];
  const faults: string[] = [];
  for (const place of [await embeddedPlace(), await clusterPlace()]) {
    if (place === undefined) continue;
    const { replicas, concurrency } = SIZES[place.name];
    const report = await within(place, ({ databaseUrl, redisUrl }) =>
      measureLosses({ ...size, replicas, concurrency, databaseUrl, redisUrl }),
    );
    rows.push(row(`${place.name}, replicas: ${replicas}`, size, report));
    faults.push(...faultsOf(report).map((fault) => `chaos, ${place.name}: ${fault}`));
  }
  print(table([COLUMNS, ...rows]));
  print(`  aim all completed, 0 faults: ${faults.length === 0 ? 'met' : 'MISSED'}`);
  return faults;
}

function row(name: string, { tasks, kills }: ChaosSize, report: ChaosReport): string[] {
  const { completed, faults, askedAgain, unknown, exhausted, seconds } = report;
  return [
    name,
    ...[tasks, kills, completed, faults.length, askedAgain, unknown, exhausted, seconds].map((value) => number(value)),
  ];
}

/** Describes the callers of a scenario. */
export function accountsText({ auth = false, budgets = false }: AccountOptions): string {
  if (!auth) return '';
  return budgets ? '; callers have API keys with budgets, which are checked' : '; callers have API keys';
}

/** Returns the broken guarantees. */
export function faultsOf({ acknowledged, completed, faults }: ChaosReport): string[] {
  return completed === acknowledged ? [...faults] : [...faults, `${completed} of ${acknowledged} tasks completed`];
}
