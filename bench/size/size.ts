import { emptyPostgres, hasPostgres, emptySqlite } from '../../test/support/storage/stores.ts';
import { number, print, table } from '../report.ts';
import { median } from '../statistics.ts';
import { type Operation, SizedApp } from './sized.app.ts';

const SMALL = { rows: 1000, queued: 600 };
const WARM_UP_ROUNDS = 5;
const AIM_RATIO = 1.2;
/** A smaller difference is noise. */
const NOISE_MS = 0.1;

export interface SizeOptions {
  readonly rows: number;
  readonly queued: number;
  /** At most 100: the small database has no more sessions for them. */
  readonly rounds: number;
}

interface Times {
  readonly big: number[];
  readonly small: number[];
}

/** Measures operations on a small and a big database in turn. The aim: the big one costs little more. */
export async function measureSize({ rows, queued, rounds }: SizeOptions): Promise<string[]> {
  const big = `${number(rows)} sessions and runs, ${number(queued)} queued tasks`;
  print(`\nsize: ${big}; beside ${number(SMALL.rows)}. Medians of ${rounds} rounds, in turn`);
  const faults: string[] = [];
  for (const store of hasPostgres ? [emptySqlite, emptyPostgres] : [emptySqlite]) {
    const databases = [await store.create('size'), await store.create('size')] as const;
    const beganMs = performance.now();
    try {
      const all = rounds + WARM_UP_ROUNDS;
      const apps = [
        await SizedApp.open(databases[0], { rows, queued }, all),
        await SizedApp.open(databases[1], SMALL, all),
      ] as const;
      print(`  ${store.name}: filled in ${number((performance.now() - beganMs) / 1000)} s`);
      try {
        const capped = new Set(apps[0].operations.filter(({ isCapped }) => isCapped).map(({ name }) => name));
        const times = await timesOf(apps[0].operations, apps[1].operations, rounds);
        faults.push(...report(times, capped).map((fault) => `size, ${store.name}: ${fault}`));
      } finally {
        for (const app of apps) await app.close();
      }
    } finally {
      for (const database of databases) await database.drop();
    }
  }
  return faults;
}

async function timesOf(
  big: readonly Operation[],
  small: readonly Operation[],
  rounds: number,
): Promise<Map<string, Times>> {
  const times = new Map(big.map(({ name }): [string, Times] => [name, { big: [], small: [] }]));
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    for (const [index, { name }] of big.entries()) {
      const pair = { big: big[index], small: small[index] };
      for (const side of round % 2 === 0 ? (['big', 'small'] as const) : (['small', 'big'] as const)) {
        const ms = await timeOf(pair[side], round);
        if (round >= WARM_UP_ROUNDS) times.get(name)?.[side].push(ms);
      }
    }
  }
  return times;
}

async function timeOf(operation: Operation | undefined, round: number): Promise<number> {
  const beganMs = performance.now();
  await operation?.run(round);
  const ms = performance.now() - beganMs;
  await operation?.undo?.(round);
  return ms;
}

/** Returns the operations that miss the aim. */
function report(times: ReadonlyMap<string, Times>, capped: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const rows = [...times].map(([name, { big, small }]) => {
    const [bigMs, smallMs] = [median(big), median(small)];
    const ratio = bigMs / smallMs;
    const isMet = ratio <= AIM_RATIO || bigMs - smallMs < NOISE_MS;
    const verdict = isMet ? 'met' : 'MISSED';
    if (!isMet && !capped.has(name)) faults.push(`${name} takes ${number(ratio, 2)} times as long`);
    return [name, number(smallMs, 2), number(bigMs, 2), number(ratio, 2), capped.has(name) ? 'no target' : verdict];
  });
  print(table([['', 'ms small', 'ms big', 'ratio', `at most ${AIM_RATIO}`], ...rows]));
  return faults;
}
