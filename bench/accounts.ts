import { emptySqlite } from '../test/support/storage/stores.ts';
import { measureThroughput, type ThroughputOptions } from './throughput.ts';
import type { Outcome } from './stage.ts';

export type VariantOptions = Omit<ThroughputOptions, 'variant' | 'hasPeer' | 'against'>;

/** The highest allowed CPU of a call with a key and budgets, relative to one without. */
const MAX_RATIO = 1.15;
/** More than any round uses. */
const TOKENS_PER_MONTH = 1_000_000_000;
const KEY = { name: 'bench', tenant: 'north', scopes: ['chat'], tokensPerMonth: TOKENS_PER_MONTH } as const;

/** Measures calls whose caller has an API key and a monthly budget, beside calls without authentication. */
export async function measureAccounts(options: VariantOptions): Promise<Outcome> {
  const database = await emptySqlite.create('bench');
  const { databaseUrl } = database;
  try {
    const { openKeys }: typeof import('../src/index.ts') = await import(
      new URL('../dist/index.js', import.meta.url).href
    );
    const opened = await openKeys(databaseUrl);
    const { key } = await opened.keys.create(KEY, 'cli:bench');
    await opened.close();
    const settings = { DATABASE_URL: databaseUrl, AUTH_MODE: 'api-key' };
    const headers = { authorization: `Bearer ${key}` };
    const variant = { name: 'key and budget', maxRatio: MAX_RATIO, settings, headers };
    return await measureThroughput({ ...options, variant });
  } finally {
    await database.drop();
  }
}
