import { randomUUID } from 'node:crypto';
import { Client, Pool } from 'pg';

/** The server of the tests. */
const POSTGRES_URL = 'postgres://postgres@127.0.0.1:5432';
const ANSWER_LIMIT_MS = 60_000;

/** A database with all tables, which the databases of this run of the tests copy. The end of the run drops it. */
const TEMPLATE = `rookery_template_${process.env['TEST_RUN'] ?? 'none'}`;
/** Records each change of the tables, so that a database with other tables than the template is not used again. */
const RECORD_CHANGES = `
  create schema changes;
  create table changes.tags (tag text);
  create function changes.record() returns event_trigger language plpgsql as
    'begin insert into changes.tags values (tg_tag); end';
  create event trigger record_changes on ddl_command_end execute function changes.record();
  create event trigger record_drops on sql_drop execute function changes.record();`;
let template: Promise<string> | undefined;

export const urlOf = (name: string): string => `${POSTGRES_URL}/${name}`;

/** Returns a name for a database of this run, which its end drops. */
export function newName(purpose: string): string {
  return `rookery_${process.env['TEST_RUN'] ?? purpose}_${randomUUID().replaceAll('-', '')}`;
}

/** Connections that all suites of this process share. Idle ones do not keep it alive. */
const administrators = new Pool({
  connectionString: urlOf('postgres'),
  connectionTimeoutMillis: ANSWER_LIMIT_MS,
  idleTimeoutMillis: 0,
  allowExitOnIdle: true,
  max: 2,
  options: '-c synchronous_commit=off',
});
// It opens another one.
administrators.on('error', () => undefined);

/** Runs one statement. */
export async function administer(statement: string, values: readonly unknown[] = []): Promise<void> {
  await administrators.query(statement, [...values]);
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
    await connected(draft, async (migrated) => void (await migrated.query(RECORD_CHANGES)));
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
