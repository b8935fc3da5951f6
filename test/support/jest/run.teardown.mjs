import { rmSync } from 'node:fs';
import { Client } from 'pg';

/** Removes what the suites of this run have shared. */
export default async function tearDown() {
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
  const client = new Client({ connectionString: 'postgres://postgres@127.0.0.1:5432/postgres' });
  try {
    await client.connect();
    await client.query(`drop database if exists rookery_template_${process.env.TEST_RUN} with (force)`);
  } catch {
    // Without PostgreSQL its tests did not run.
  } finally {
    await client.end();
  }
}
