import type { Client } from 'pg';
import { administer, connected, migratedTemplate, newName } from './postgres.server.ts';

/** More than the databases that one suite uses at the same time. */
const MAX_KEPT = 8;
const END_LIMIT_MS = 5000;

/** Tables of this size are truncated. To delete few rows costs a tenth of that. */
const MANY_ROWS_BYTES = 64 * 1024;

/** Tells whether a test has changed more than rows: tables, statistics or settings. */
const CHANGES = `
  select exists (select from changes.tags)
    or exists (select from pg_statistic join pg_class on pg_class.oid = starelid
      where relnamespace = 'public'::regnamespace)
    or exists (select from pg_db_role_setting join pg_database on setdatabase = pg_database.oid
      where datname = current_database()) as has_changed`;

/** The tables that a row has ever been in. */
const USED = `
  select quote_ident(relname) as name, pg_relation_size(oid)::int as bytes from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0`;

interface UsedTable {
  readonly name: string;
  readonly bytes: number;
}

/** The rows of each table of the template that has any, as JSON. */
type TemplateRows = ReadonlyMap<string, string>;

let template: Promise<TemplateRows> | undefined;
const free: string[] = [];
let kept = 0;

/** Returns the name of a database that equals the template: one that a test has given back, or else a copy. */
export async function takeDatabase(): Promise<string> {
  const known = free.pop();
  if (known !== undefined) {
    kept -= 1;
    return known;
  }
  const name = newName('test');
  await administer(`create database ${name} template ${await migratedTemplate()}`);
  // A copy is read, because nobody can copy a template while it is read.
  template ??= connected(name, readRows);
  await template;
  return name;
}

/**
 * Ends all connections of a database, and empties it for the next test. This takes a tenth of the time of a copy. It gets
 * another name: like that of a dropped database, the one that its clients know no longer exists.
 */
export async function giveBack(name: string): Promise<void> {
  // Without a run, nothing drops them at its end.
  const isWanted = process.env['TEST_RUN'] !== undefined && kept < MAX_KEPT;
  if (!isWanted) return drop(name);
  kept += 1;
  const next = newName('test');
  try {
    await rename(name, next);
  } catch {
    kept -= 1;
    return drop(name);
  }
  if (await isEmptied(next)) free.push(next);
  else {
    kept -= 1;
    await drop(next);
  }
}

function drop(name: string): Promise<void> {
  return administer(`drop database ${name} with (force)`);
}

async function rename(name: string, next: string): Promise<void> {
  await administer(`alter database ${name} with allow_connections false`);
  await administer('select pg_terminate_backend(pid, $2) from pg_stat_activity where datname = $1', [
    name,
    END_LIMIT_MS,
  ]);
  await administer(`alter database ${name} rename to ${next}`);
  await administer(`alter database ${next} with allow_connections true`);
}

/** Resolves to false if the test has changed more than rows. */
async function isEmptied(name: string): Promise<boolean> {
  const original = await template;
  return await connected(name, async (client) => {
    const { rows } = await client.query<{ has_changed: boolean }>(CHANGES);
    if (original === undefined || rows[0]?.has_changed !== false) return false;
    // Without triggers and foreign keys, the order of the tables does not matter.
    await client.query(`set synchronous_commit = off; set session_replication_role = replica`);
    for (const { name: table, bytes } of await usedTables(client)) {
      const all = original.get(table);
      if (all !== undefined && all === (await rowsOf(client, table))) continue;
      await client.query(bytes < MANY_ROWS_BYTES ? `delete from ${table}` : `truncate ${table} cascade`);
      const from = `jsonb_populate_recordset(null::${table}, $1)`;
      if (all) await client.query(`insert into ${table} overriding system value select * from ${from}`, [all]);
    }
    return true;
  });
}

async function readRows(client: Client): Promise<TemplateRows> {
  const rows = new Map<string, string>();
  for (const { name } of await usedTables(client)) {
    const all = await rowsOf(client, name);
    if (all !== null) rows.set(name, all);
  }
  return rows;
}

/** The rows of a table as JSON; null: it has none. */
async function rowsOf(client: Client, table: string): Promise<string | null> {
  const { rows } = await client.query<{ all: string | null }>(`select jsonb_agg(t)::text as all from ${table} as t`);
  return rows[0]?.all ?? null;
}

async function usedTables(client: Client): Promise<readonly UsedTable[]> {
  return (await client.query<UsedTable>(USED)).rows;
}
