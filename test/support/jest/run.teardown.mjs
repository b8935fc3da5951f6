import { rmSync } from 'node:fs';
import { Client } from 'pg';

/** Removes what the suites of this run have shared. */
export default async function tearDown() {
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
  const client = new Client({ connectionString: 'postgres://postgres@127.0.0.1:5432/postgres' });
  try {
    await client.connect();
    const { rows } = await client.query('select datname from pg_database where datname like $1', [
      `rookery%\\_${process.env.TEST_RUN}%`,
    ]);
    for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  } catch {
    // Without PostgreSQL its tests did not run.
  } finally {
    await client.end();
  }
}
