import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** The server of the tests. */
const POSTGRES_URL = 'postgres://postgres@127.0.0.1:5432';
const ANSWER_LIMIT_MS = 20_000;

/** A database with all tables, which the databases of this run of the tests copy. The end of the run drops it. */
const TEMPLATE = `rookery_template_${process.env['TEST_RUN'] ?? 'none'}`;
let template: Promise<string> | undefined;

export const urlOf = (name: string): string => `${POSTGRES_URL}/${name}`;

/** Returns a name for a database of this run, which its end drops. */
export function newName(purpose: string): string {
  return `rookery_${process.env['TEST_RUN'] ?? purpose}_${randomUUID().replaceAll('-', '')}`;
}

/** Runs one statement. */
export async function administer(statement: string): Promise<void> {
  await connected('postgres', async (client) => void (await client.query(statement)));
}

/** Creates the template if it is missing, and returns its name. To copy it takes a third of the time to migrate. */
export function migratedTemplate(): Promise<string> {
  template ??= connected('postgres', async (client) => {
    // The suites of a run share one template.
    await client.query('select pg_advisory_lock(hashtext($1))', [TEMPLATE]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount === 0) await createTemplate(client);
    return TEMPLATE;
  });
  return template;
}

async function createTemplate(client: Client): Promise<void> {
  const draft = `rookery_test_${randomUUID().replaceAll('-', '')}`;
  await client.query(`create database ${draft}`);
  try {
    // Imported here, because most suites find the template.
    const { Database } = await import('../../../src/storage/database.js');
    const database = await Database.open(urlOf(draft));
    await database.onApplicationShutdown();
    await client.query(`alter database ${draft} rename to ${TEMPLATE}`);
  } catch (failure) {
    await client.query(`drop database ${draft} with (force)`);
    throw failure;
  }
}

/** Connects to a database while the work lasts. */
export async function connected<T>(name: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: urlOf(name), connectionTimeoutMillis: ANSWER_LIMIT_MS });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
