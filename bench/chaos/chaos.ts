import { number, print, table } from '../report.ts';
import { type ChaosOptions, type ChaosReport, measureLosses } from './nothing-lost.ts';
import { clusterPlace, embeddedPlace, type Place, within } from './places.ts';

type Size = Omit<ChaosOptions, 'databaseUrl' | 'redisUrl'>;

const SIZES = {
  embedded: { tasks: 200, kills: 20, replicas: 1, concurrency: 16 },
  cluster: { tasks: 200, kills: 20, replicas: 3, concurrency: 8 },
} as const satisfies Record<Place['name'], Size>;
const COLUMNS = ['', 'tasks', 'kills', 'completed', 'faults', 'repeated turns', 'calls with unknown outcome', 's'];

/** Kills processes while they work, and checks that no acknowledged task is lost or done twice. */
export async function measureChaos(): Promise<string[]> {
  print('\nchaos: tasks of three turns with tools; their processes are killed (kill -9) in turn');
  const rows: string[][] = [];
  const faults: string[] = [];
  for (const place of [await embeddedPlace(), await clusterPlace()]) {
    if (place === undefined) continue;
    const size = SIZES[place.name];
    const report = await within(place, ({ databaseUrl, redisUrl }) =>
      measureLosses({ ...size, databaseUrl, redisUrl }),
    );
    rows.push(row(`${place.name}, replicas: ${size.replicas}`, size, report));
    faults.push(...faultsOf(report).map((fault) => `chaos, ${place.name}: ${fault}`));
  }
  print(table([COLUMNS, ...rows]));
  print(`  aim all completed, 0 faults: ${faults.length === 0 ? 'met' : 'MISSED'}`);
  return faults;
}

function row(name: string, { tasks, kills }: Size, report: ChaosReport): string[] {
  const { completed, faults, askedAgain, unknown, seconds } = report;
  return [
    name,
    ...[tasks, kills, completed, faults.length, askedAgain, unknown, seconds].map((value) => number(value)),
  ];
}

/** Returns the broken guarantees. */
export function faultsOf({ acknowledged, completed, faults }: ChaosReport): string[] {
  return completed === acknowledged ? [...faults] : [...faults, `${completed} of ${acknowledged} tasks completed`];
}
