import { sql, type Transaction } from 'kysely';
import { Databases, insertRun, runIds } from '../../../test/support/storage/databases.js';
import { hasPostgres, postgres } from '../../../test/support/storage/stores.js';
import { Gate } from '../../../test/support/until.js';
import type { Database } from '../database.js';
import type { Schema } from '../schema.js';

const databases = new Databases(postgres);
afterEach(() => databases.remove());

/** Handles the rejection at once: an unhandled one would end the process. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

(hasPostgres ? describe : describe.skip)('a failing PostgreSQL', () => {
  /** Fails like a server with that SQLSTATE. */
  const raise = (database: Database, state: string): Promise<unknown> =>
    database.write((transaction) =>
      sql.raw(`do $$ begin raise exception 'as told' using errcode = '${state}'; end $$`).execute(transaction),
    );

  it.each(['58030', '25006'])('fails the whole group with %s', async (state) => {
    const database = await databases.open();
    const writes = [insertRun(database, 'a'), raise(database, state), insertRun(database, 'b')];
    const reasons = await Promise.all(writes.map(failure));
    expect(reasons[0]).toMatchObject({ code: 'storage_unavailable', reason: expect.stringContaining('as told') });
    expect(new Set(reasons).size).toBe(1);
    await insertRun(database, 'c');
    expect(await runIds(database)).toEqual(['c']);
  });

  it.each(['53100', '40001', '40P01', '57014', '55P03'])(
    'fails only the faulty write of a group with %s',
    async (state) => {
      const database = await databases.open();
      const writes = [insertRun(database, 'a'), raise(database, state), insertRun(database, 'b')];
      const [a, reason, b] = await Promise.all(writes.map(failure));
      expect([a, b]).toEqual([undefined, undefined]);
      expect(reason).toMatchObject({ code: 'storage_unavailable', reason: expect.stringContaining('as told') });
    },
  );

  it.each(['statement_timeout', 'lock_timeout'])(
    'fails only the write that waits for a locked row with a %s',
    async (setting) => {
      const url = await databases.newUrl();
      const [here, elsewhere] = [await databases.open(url), await databases.open(url)];
      await insertRun(here, 'locked');
      const lockedRow = (database: Transaction<Schema>) =>
        database.selectFrom('runs').select('run_id').where('run_id', '=', 'locked').forUpdate().execute();
      const [locked, done] = [new Gate(), new Gate()];
      const other = elsewhere.query.transaction().execute(async (transaction) => {
        await lockedRow(transaction);
        locked.open();
        await done.opened;
      });
      await locked.opened;
      const waiting = here.write(async (transaction) => {
        await sql.raw(`set local ${setting} = 50`).execute(transaction);
        await lockedRow(transaction);
      });
      const ends = await Promise.all([insertRun(here, 'a'), waiting, insertRun(here, 'b')].map(failure));
      done.open();
      await other;
      expect(ends).toEqual([undefined, expect.objectContaining({ code: 'storage_unavailable' }), undefined]);
      expect(await runIds(here)).toEqual(['a', 'b', 'locked']);
    },
  );

  it('fails a statement that exceeds its timeout', async () => {
    const database = await databases.open();
    const sleeping = failure(sql`set statement_timeout = 1; select pg_sleep(10)`.execute(database.query));
    expect(await sleeping).toMatchObject({ code: 'storage_unavailable', reason: expect.stringContaining('timeout') });
  });

  it('fails a read if all connections for reads are in use', async () => {
    const database = await databases.open();
    const gate = new Gate();
    const held = Array.from({ length: 8 }, () => database.query.transaction().execute(() => gate.opened));
    expect(await failure(runIds(database))).toMatchObject({ code: 'storage_unavailable' });
    gate.open();
    await Promise.all(held);
    expect(await runIds(database)).toEqual([]);
  });
});
