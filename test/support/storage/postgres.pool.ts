import type { Client } from 'pg';
import { administer, connected, migratedTemplate, newName } from './postgres.server.ts';

/** More than the databases that one suite uses at the same time. */
const MAX_KEPT = 8;
const END_LIMIT_MS = 5000;

/**
 * Everything of a database that a test may change, except rows: its tables, statistics and settings. Only a database
 * that still equals the template is used again.
 */
const SHAPE = `
  with relations as (select * from pg_class where relnamespace = 'public'::regnamespace)
  select md5(string_agg(line, ' ' order by line)) as shape from (
    select concat_ws(' ', relname, relkind, relpersistence, reloptions, relacl) from relations
    union all
    select concat_ws(' ', relname, attnum, attname, attnotnull, format_type(atttypid, atttypmod), attidentity, attacl)
    from pg_attribute join relations on attrelid = relations.oid where attnum > 0
    union all
    select concat_ws(' ', adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) from pg_attrdef
    union all
    select concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid)
    from pg_index join relations on indexrelid = relations.oid
    union all
    select concat_ws(' ', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid)) from pg_constraint
    union all
    select concat_ws(' ', tgrelid::regclass, tgname, tgenabled) from pg_trigger
    union all
    select concat_ws(' ', proname, prosrc) from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select nspname from pg_namespace where nspname !~ '^pg_'
    union all
    select extname from pg_extension
    union all
    select concat_ws(' ', 'statistics', starelid::regclass, staattnum) from pg_statistic
    where starelid in (select oid from relations)
    union all
    select 'setting' from pg_db_role_setting join pg_database on setdatabase = pg_database.oid
    where datname = current_database()
  ) as lines (line)`;

/** The tables that a row has ever been in. */
const USED = `
  select quote_ident(relname) as name from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0`;

interface Template {
  readonly shape: string;
  /** The rows of each table that has any, as JSON. */
  readonly rows: ReadonlyMap<string, string>;
}

let template: Promise<Template> | undefined;
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
  template ??= connected(name, readTemplate);
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

function rename(name: string, next: string): Promise<void> {
  return connected('postgres', async (client) => {
    await client.query('set synchronous_commit = off');
    await client.query(`alter database ${name} with allow_connections false`);
    await client.query('select pg_terminate_backend(pid, $2) from pg_stat_activity where datname = $1', [
      name,
      END_LIMIT_MS,
    ]);
    await client.query(`alter database ${name} rename to ${next}`);
    await client.query(`alter database ${next} with allow_connections true`);
  });
}

/** Resolves to false if the test has changed more than rows. */
async function isEmptied(name: string): Promise<boolean> {
  const original = await template;
  return await connected(name, async (client) => {
    if (original === undefined || (await shapeOf(client)) !== original.shape) return false;
    const used = await usedTables(client);
    if (used.length === 0) return true;
    await client.query(`set synchronous_commit = off; set session_replication_role = replica`);
    await client.query(`truncate ${used.join(', ')} restart identity cascade`);
    for (const [table, all] of original.rows) {
      const from = `jsonb_populate_recordset(null::${table}, $1)`;
      await client.query(`insert into ${table} overriding system value select * from ${from}`, [all]);
    }
    return true;
  });
}

async function readTemplate(client: Client): Promise<Template> {
  const rows = new Map<string, string>();
  for (const table of await usedTables(client)) {
    const { rows: found } = await client.query<{ all: string }>(`select jsonb_agg(t)::text as all from ${table} as t`);
    if (found[0]?.all) rows.set(table, found[0].all);
  }
  return { shape: await shapeOf(client), rows };
}

async function shapeOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ shape: string }>(SHAPE);
  return rows[0]?.shape ?? '';
}

async function usedTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(USED);
  return rows.map(({ name }) => name);
}
