import { setTimeout as sleep } from 'node:timers/promises';
import { type Ledger, LIMITED, TOKENS_PER_CALL } from './ledger.ts';

const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;

const TENANTS = ['north', 'south'];
const KEYS_PER_TENANT = 2;
const AMPLE_TOKENS = 10_000_000;
/** Enough for some of its tasks. */
const SCARCE_TOKENS = 600;
const SETTLED_WITHIN_MS = 20_000;
const POLL_INTERVAL_MS = 100;

export interface AccountOptions {
  /** Whether callers have API keys. */
  readonly auth?: boolean | undefined;
  /** Whether the keys have budgets, and one of them too small a budget for its tasks. */
  readonly budgets?: boolean | undefined;
}

/** An API key and the messages of its tasks. */
interface Account {
  readonly key: string;
  /** The id of its principal. */
  readonly payer: string;
  readonly tokensPerMonth: number | undefined;
  readonly messages: string[];
}

/** The API keys of a scenario. */
export interface Accounts {
  /** The callers of the tasks, in turn; empty without authentication. */
  readonly callers: readonly Account[];
  /** Its budget does not cover its tasks; undefined: none. */
  readonly limited: Account | undefined;
  /** For requests that are not tasks. */
  readonly other: Account | undefined;
}

/** Creates the keys in the database, which is migrated first. */
export async function createAccounts(
  databaseUrl: string,
  { auth = false, budgets = false }: AccountOptions,
): Promise<Accounts> {
  if (!auth) return { callers: [], limited: undefined, other: undefined };
  const { openKeys }: typeof import('../../src/index.ts') = await import(dist('index.js'));
  const opened = await openKeys(databaseUrl);
  const create = async (tenant: string, tokensPerMonth?: number): Promise<Account> => {
    const scopes = ['chat', 'tasks'] as const;
    const { key, key_id } = await opened.keys.create({ name: 'bench', tenant, scopes, tokensPerMonth }, 'cli:bench');
    return { key, payer: `key:${key_id}`, tokensPerMonth, messages: [] };
  };
  try {
    const callers: Account[] = [];
    for (const tenant of TENANTS) {
      for (let index = 0; index < KEYS_PER_TENANT; index++) {
        callers.push(await create(tenant, budgets ? AMPLE_TOKENS : undefined));
      }
    }
    const limited = budgets ? await create('north', SCARCE_TOKENS) : undefined;
    return { callers, limited, other: await create('south') };
  } finally {
    await opened.close();
  }
}

/** The tokens of a caller as the database has them. */
interface Books {
  /** The tokens of its budget. */
  readonly used: number;
  /** The tokens of its runs. */
  readonly runs: number;
  /** The tokens of the usage report. */
  readonly reported: number;
}

/**
 * Waits until nothing is reserved. Then compares each caller's budget and usage with its runs and the provider's bill.
 *
 * @param areAborted whether the service may have aborted calls, which are charged by an estimate. A killed process
 * charges nothing.
 * @returns the faults.
 */
export async function bookFaults(
  databaseUrl: string,
  { callers, limited }: Accounts,
  ledger: Ledger,
  areAborted: boolean,
): Promise<string[]> {
  if (callers.length === 0) return [];
  const { Database }: typeof import('../../src/index.ts') = await import(dist('index.js'));
  const database = await Database.open(databaseUrl, { isTool: true });
  try {
    const faults = await reservedFaults(database);
    for (const account of limited ? [...callers, limited] : callers) {
      const bill = areAborted ? ledger.highestBillOf(account.messages) : ledger.billOf(account.messages);
      faults.push(...faultsOf(account, await booksOf(database, account.payer), bill, areAborted));
    }
    return faults;
  } finally {
    await database.onApplicationShutdown();
  }
}

function faultsOf({ payer, tokensPerMonth }: Account, books: Books, bill: number, areAborted: boolean): string[] {
  const { used, runs, reported } = books;
  const faults: string[] = [];
  if (reported !== runs) faults.push(`${payer}: the usage report has ${reported} tokens, the runs have ${runs}`);
  if (tokensPerMonth === undefined) return faults;
  if (used < runs) faults.push(`${payer}: the budget has ${used} tokens, the runs have ${runs}`);
  if (used > bill) faults.push(`${payer}: the budget has ${used} tokens, the provider has billed ${bill}`);
  if (used > tokensPerMonth) faults.push(`${payer}: ${used} tokens are beyond the budget of ${tokensPerMonth}`);
  if (!areAborted && used % TOKENS_PER_CALL !== 0) faults.push(`${payer}: ${used} tokens are not those of whole calls`);
  return faults;
}

type Database = Awaited<ReturnType<typeof import('../../src/index.ts').Database.open>>;

/** Waits until no reservation is left: the usage of the last calls is stored after the calls. */
async function reservedFaults({ query }: Database): Promise<string[]> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const living = query.selectFrom('replicas').select('replica_id');
    const left = await query.selectFrom('reservations').selectAll().where('owner', 'in', living).execute();
    if (left.length === 0) return [];
    if (performance.now() > deadline) return [`${left.length} reservations are left`];
    await sleep(POLL_INTERVAL_MS);
  }
}

async function booksOf({ query }: Database, payer: string): Promise<Books> {
  const columns = ['input_tokens', 'output_tokens'] as const;
  const runs = await query.selectFrom('runs').select(columns).where('caller', '=', payer).execute();
  const reported = await query.selectFrom('usage').select(columns).where('caller', '=', payer).execute();
  const budgets = await query.selectFrom('budgets').select('tokens').where('payer', '=', payer).execute();
  return {
    used: sum(budgets.map(({ tokens }) => tokens)),
    runs: sum(runs.map((run) => run.input_tokens + run.output_tokens)),
    reported: sum(reported.map((row) => row.input_tokens + row.output_tokens)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Returns the message of a task of the caller whose budget does not cover its tasks. */
export function limitedMessage(index: number): string {
  return `${LIMITED}${index}`;
}
