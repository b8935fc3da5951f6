import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveBack, takeDatabase } from './postgres.pool.ts';
import { administer, newName, urlOf } from './postgres.server.ts';

const REDIS_PORT = 6379;
const ANSWER_LIMIT_MS = 60_000;

/** A private database of a test. */
export interface TestDatabase {
  readonly databaseUrl: string;
  /** Removes it, even while clients are connected. */
  drop(): Promise<void>;
}

export interface Store {
  readonly name: 'sqlite' | 'postgres';
  /** @param purpose part of its name. */
  create(purpose?: string): Promise<TestDatabase>;
}

/** Its files have all tables already. */
export const sqlite: Store = {
  name: 'sqlite',
  async create(purpose = 'test') {
    // Imported here, because the benchmark loads this file without the source of the service.
    const { createMigratedFile } = await import('../../../src/testing/test.database.js');
    return await createMigratedFile(purpose);
  },
};

/** For tests of the migration, and of secrets that each database has of its own. */
export const emptySqlite: Store = {
  name: 'sqlite',
  async create(purpose = 'test') {
    const folder = await mkdtemp(join(tmpdir(), `rookery-${purpose}-`));
    return {
      databaseUrl: `file:${join(folder, 'rookery.db')}`,
      drop: () => rm(folder, { recursive: true }),
    };
  },
};

/** Its databases have all tables already. */
export const postgres: Store = {
  name: 'postgres',
  async create() {
    const name = await takeDatabase();
    return { databaseUrl: urlOf(name), drop: () => giveBack(name) };
  },
};

/** For tests of the migration, and of secrets that each database has of its own. */
export const emptyPostgres: Store = {
  name: 'postgres',
  async create(purpose = 'test') {
    const name = newName(purpose);
    await administer(`create database ${name} template template1`);
    return { databaseUrl: urlOf(name), drop: () => administer(`drop database ${name} with (force)`) };
  },
};

/** Whether PostgreSQL answers; if not, a message is printed. */
export const hasPostgres = await isThere('PostgreSQL at 127.0.0.1:5432', () => administer('select 1'));

/** The available databases: `describe.each(stores)('… on $name', ({ create }) => …)`. */
export const stores: readonly Store[] = hasPostgres ? [sqlite, postgres] : [sqlite];

/** Returns the URL of the tests' Redis; undefined if it does not answer. */
export async function redisUrl(): Promise<string | undefined> {
  const isRedisThere = await isThere(`Redis at 127.0.0.1:${REDIS_PORT}`, pingRedis);
  return isRedisThere ? `redis://127.0.0.1:${REDIS_PORT}` : undefined;
}

/**
 * Returns whether a server answers; if not, prints that its tests are left out. @throws Error in CI, which must run all
 * tests.
 */
async function isThere(server: string, ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (cause) {
    if (process.env.CI === 'true') throw new Error(`${server} does not answer, but CI must run its tests.`, { cause });
    process.stderr.write(`SKIPPED the tests that need ${server}: it does not answer.\n`);
    return false;
  }
}

async function pingRedis(): Promise<void> {
  const socket = connect(REDIS_PORT, '127.0.0.1').setEncoding('utf8').setTimeout(ANSWER_LIMIT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('timeout', () => reject(new Error('timeout')));
      socket.on('data', (answer) =>
        String(answer).startsWith('+PONG') ? resolve() : reject(new Error(String(answer))),
      );
      socket.write('PING\r\n');
    });
  } finally {
    socket.destroy();
  }
}

/** Declares a test that only PostgreSQL needs: one process uses an SQLite file. */
export function itOnPostgres(store: { readonly name: string }, title: string, run: () => Promise<void>): void {
  if (store.name === 'postgres') it(title, run);
}
