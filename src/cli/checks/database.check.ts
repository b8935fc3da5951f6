import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importOptional } from '../../async/optional.package.js';
import { codeOf, type Finding, found, type Measured, reasonOf } from './finding.js';

const SUBJECT = 'Database';
const TIMEOUT_MS = 5000;
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start PostgreSQL, or correct the host and the port of DATABASE_URL.',
  ENOTFOUND: 'Correct the host of DATABASE_URL.',
  '28P01': 'Correct the user and the password of DATABASE_URL.',
  '28000': 'Allow this user and machine in pg_hba.conf, or correct DATABASE_URL.',
  '3D000': 'Create the database with createdb, or correct the name in DATABASE_URL.',
  '53300': 'PostgreSQL has no connection left. Raise max_connections, or stop other programs.',
};

/** Checks that a database can be used. Changes nothing. */
export async function checkDatabase(url: string): Promise<Measured> {
  return url.startsWith('file:') ? { findings: [checkFile(url.slice('file:'.length))] } : await checkPostgres(url);
}

function checkFile(path: string): Finding {
  const name = `SQLite ${path}`;
  try {
    if (!existsSync(path)) {
      accessSync(nearestFolder(path), constants.W_OK);
      return found('ok', SUBJECT, `${name} does not exist yet. The first start makes it.`);
    }
    for (const each of [path, dirname(resolve(path))]) accessSync(each, constants.R_OK | constants.W_OK);
    const database = new DatabaseSync(path, { readOnly: true, timeout: TIMEOUT_MS });
    try {
      database.prepare('select count(*) from sqlite_schema').get();
    } finally {
      database.close();
    }
    return found('ok', SUBJECT, name);
  } catch (failure) {
    const advice = /EACCES|EROFS/.test(String(failure))
      ? 'Give this user the rights on the file and its folder, or choose another file by DATABASE_URL.'
      : 'Restore a back-up, or choose another file by DATABASE_URL.';
    return found('fault', SUBJECT, `${name} cannot be used: ${reasonOf(failure)}`, advice);
  }
}

/** The folder of the file, or the nearest one around it that exists. */
function nearestFolder(path: string): string {
  const folder = dirname(resolve(path));
  return existsSync(folder) ? folder : nearestFolder(folder);
}

async function checkPostgres(url: string): Promise<Measured> {
  const { host, pathname } = URL.parse(url) ?? { host: '', pathname: '' };
  const name = `PostgreSQL ${host}${pathname}`;
  try {
    const { default: pg } = await importOptional('pg', 'A postgres:// database', () => import('pg'));
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    // The failed call says it.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const began = Date.now();
      const { rows } = await client.query<{ now: string }>(
        'select extract(epoch from clock_timestamp()) * 1000 as now',
      );
      const aheadMs = (began + Date.now()) / 2 - Number(rows[0]?.now);
      return { findings: [found('ok', SUBJECT, name)], clock: { other: 'PostgreSQL', aheadMs } };
    } finally {
      // A connection that was not made cannot be ended, and its failure is known.
      await client.end().catch(() => undefined);
    }
  } catch (failure) {
    const advice = ADVICE[codeOf(failure) ?? ''] ?? 'Correct DATABASE_URL, or start PostgreSQL.';
    return { findings: [found('fault', SUBJECT, `${name}: ${reasonOf(failure)}`, advice)] };
  }
}
