import { sql } from 'kysely';
import { Database } from '../../src/storage/database.js';
import { keepQuiet } from '../support/quiet.js';
import { insertRun, runIds } from '../support/storage/databases.js';
import { hasPostgres, postgres } from '../support/storage/stores.js';

async function within<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open(url);
  try {
    return await work(database);
  } finally {
    await database.onApplicationShutdown();
  }
}

const rowsOf = (url: string, table: string): Promise<unknown[]> =>
  within(url, async ({ query }) => (await sql`select * from ${sql.table(table)}`.execute(query)).rows);

(hasPostgres ? describe : describe.skip)('a PostgreSQL database of a test', () => {
  keepQuiet();

  it('is new for its clients after another test has used it', async () => {
    const first = await postgres.create();
    const migrations = await rowsOf(first.databaseUrl, 'kysely_migration');
    const open = await Database.open(first.databaseUrl);
    await insertRun(open, 'a');
    const oid = await oidOf(first.databaseUrl);
    await first.drop();
    const next = await postgres.create();
    expect(await oidOf(next.databaseUrl)).toBe(oid);
    expect(next.databaseUrl).not.toBe(first.databaseUrl);
    expect(migrations.length).toBeGreaterThan(0);
    expect(await rowsOf(next.databaseUrl, 'kysely_migration')).toEqual(migrations);
    expect(await within(next.databaseUrl, runIds)).toEqual([]);
    await expect(insertRun(open, 'b')).rejects.toThrow();
    await open.onApplicationShutdown();
    await next.drop();
  });

  it.each([
    ['drop index runs_of_tenant'],
    // Autovacuum may have analyzed the tables with rows of the template, but never an empty one.
    ["insert into tenant_sizes (tenant, bytes) values ('acme', 1)", 'analyze tenant_sizes'],
    ['create table other (id int)'],
  ])('is not used again after %s', async (...statements) => {
    const changed = await postgres.create();
    await within(changed.databaseUrl, async ({ query }) => {
      for (const statement of statements) await sql.raw(statement).execute(query);
    });
    const oid = await oidOf(changed.databaseUrl);
    await changed.drop();
    const next = await postgres.create();
    expect(await oidOf(next.databaseUrl)).not.toBe(oid);
    await next.drop();
  });
});

async function oidOf(url: string): Promise<unknown> {
  return await within(url, async ({ query }) => {
    const { rows } = await sql<{ oid: number }>`select oid from pg_database where datname = current_database()`.execute(
      query,
    );
    return rows[0]?.oid;
  });
}
