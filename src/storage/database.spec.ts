import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunTable } from './schema.js';
import { Database } from './database.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-database-'));
let files = 0;
const newUrl = (): string => `file:${join(folder, `${files++}`, 'rookery.db')}`;
const opened: Database[] = [];

async function open(url = newUrl()): Promise<Database> {
  const database = await Database.open(url);
  opened.push(database);
  return database;
}

function run(id: string): RunTable {
  return {
    run_id: id,
    tenant: 'default',
    session_id: 's',
    agent_role: 'assistant',
    status: 'completed',
    model: 'offline',
    input_tokens: 1,
    output_tokens: 1,
    error: null,
    created_at: 1,
    finished_at: 2,
  };
}

const insert = (database: Database, id: string): Promise<void> =>
  database.write(async (transaction) => {
    await transaction.insertInto('runs').values(run(id)).execute();
  });

const ids = async (database: Database): Promise<string[]> =>
  (await database.query.selectFrom('runs').select('run_id').orderBy('run_id').execute()).map(({ run_id }) => run_id);

afterAll(async () => {
  await Promise.all(opened.map((database) => database.onApplicationShutdown()));
  rmSync(folder, { recursive: true });
});

describe('Database', () => {
  it('keeps what it has resolved for when it is opened again', async () => {
    const url = newUrl();
    const first = await Database.open(url);
    await insert(first, 'a');
    await first.onApplicationShutdown();
    expect(await ids(await open(url))).toEqual(['a']);
  });

  it('commits the writes of one tick together, and a bad one takes none of the others with it', async () => {
    const database = await open();
    await insert(database, 'b');
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((id) => insert(database, id)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ids(database)).toEqual(['a', 'b', 'c']);
  });

  it('undoes all of a write that fails half way', async () => {
    const database = await open();
    const write = database.write(async (transaction) => {
      await transaction.insertInto('runs').values(run('a')).execute();
      throw new Error('half way');
    });
    await expect(write).rejects.toThrow('half way');
    expect(await ids(database)).toEqual([]);
  });

  it('is refused to a second service', async () => {
    const url = newUrl();
    await open(url);
    await expect(Database.open(url)).rejects.toThrow('is in use by another service');
  });

  it('refuses a file that a newer version wrote', async () => {
    const url = newUrl();
    const newer = await Database.open(url);
    await newer.query
      // The table of the migrator, which the schema does not name.
      .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '9999.later', timestamp: new Date().toISOString() })
      .execute();
    await newer.onApplicationShutdown();
    await expect(Database.open(url)).rejects.toThrow('written by a newer version');
  });
});
