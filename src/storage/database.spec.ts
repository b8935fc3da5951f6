import { sql } from 'kysely';
import { Databases, insertRun, runIds, runRow } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { Database } from './database.js';

describe.each(stores)('Database on $name', (store) => {
  const databases = new Databases(store);

  afterEach(() => databases.remove());

  /** The URL of a database with a migration of a newer version, whose time may be unreadable. */
  async function newerUrl(timestamp: string): Promise<string> {
    const url = await databases.newUrl();
    const newer = await Database.open(url);
    await sql`insert into kysely_migration (name, timestamp) values ('9999.later', ${timestamp})`.execute(newer.query);
    await newer.onApplicationShutdown();
    return url;
  }

  it('reports its dialect', async () => {
    expect((await databases.open()).dialect).toBe(store.name);
  });

  it('keeps the resolved writes when it is reopened', async () => {
    const url = await databases.newUrl();
    const first = await Database.open(url);
    await insertRun(first, 'a');
    await first.onApplicationShutdown();
    expect(await runIds(await databases.open(url))).toEqual(['a']);
  });

  it('returns the result of the work', async () => {
    const database = await databases.open();
    expect(await database.write(() => Promise.resolve('given'))).toBe('given');
  });

  it('commits the writes of one tick together, and an invalid one does not fail the others', async () => {
    const database = await databases.open();
    await insertRun(database, 'b');
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((id) => insertRun(database, id)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await runIds(database)).toEqual(['a', 'b', 'c']);
  });

  it('rolls back a write that fails midway', async () => {
    const database = await databases.open();
    const write = database.write(async (transaction) => {
      await transaction.insertInto('runs').values(runRow('a')).execute();
      throw new Error('half way');
    });
    await expect(write).rejects.toThrow('half way');
    expect(await runIds(database)).toEqual([]);
  });

  it('commits in request order, even after a failed write', async () => {
    const database = await databases.open();
    await insertRun(database, 'a');
    const done: string[] = [];
    const note = (what: string) => () => void done.push(what);
    const first = [insertRun(database, 'a').catch(note('bad')), insertRun(database, 'b').then(note('b'))];
    // Arrives while the two before it are being committed.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([...first, insertRun(database, 'c').then(note('c'))]);

    expect(done).toEqual(['bad', 'b', 'c']);
  });

  it('returns times, counts and sums as numbers', async () => {
    const database = await databases.open();
    const latest = Date.now();
    await database.write(async (transaction) => {
      await transaction
        .insertInto('runs')
        .values({ ...runRow('a'), created_at: latest })
        .execute();
    });
    const row = await database.query
      .selectFrom('runs')
      .select(['created_at', (of) => of.fn.countAll().as('count'), (of) => of.fn.sum('created_at').as('sum')])
      .groupBy('created_at')
      .executeTakeFirst();

    expect(row).toEqual({ created_at: latest, count: 1, sum: latest });
  });

  it('stores every possible character of a text', async () => {
    const database = await databases.open();
    const error = 'ü 馬 🐦 \u2028 \\ \' " ; -- $1 ?';
    await database.write(async (transaction) => {
      await transaction
        .insertInto('runs')
        .values({ ...runRow('a'), error })
        .execute();
    });
    expect(await database.query.selectFrom('runs').select('error').executeTakeFirst()).toEqual({ error });
  });

  it.each([[undefined], [new Date(0)], [{ a: 1 }]])(
    'refuses %p, which fits no column, but no other write of that tick',
    async (value) => {
      const database = await databases.open();
      const bad = database.write((transaction) => sql`update runs set error = ${value}`.execute(transaction));
      const outcomes = await Promise.allSettled([bad, insertRun(database, 'a')]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      await expect(bad).rejects.toThrow(/stores text, numbers and null/);
    },
  );

  it('refuses the database of a newer version each time, with the same error', async () => {
    for (const url of [await newerUrl(new Date().toISOString()), await newerUrl('')]) {
      await expect(Database.open(url)).rejects.toThrow('written by a newer version');
      await expect(Database.open(url)).rejects.toThrow('written by a newer version');
    }
  });

  it('scrubs erased data if the database supports it', async () => {
    const database = await databases.open();
    await expect(database.purge()).resolves.toBeUndefined();
  });

  it('answers a ping, even after an invalid write', async () => {
    const database = await databases.open();
    await insertRun(database, 'a');
    await expect(database.ping()).resolves.toBeUndefined();
    await expect(insertRun(database, 'a')).rejects.toThrow(/unique/i);
    await expect(database.ping()).resolves.toBeUndefined();
  });
});

describe('Database', () => {
  it.each(['mysql://user:hunter2@host/db', 'data/rookery.db', ''])('refuses %p without printing it', async (url) => {
    const opening = Database.open(url);
    await expect(opening).rejects.toThrow('must be file:<path> or postgres://');
    await expect(opening).rejects.not.toThrow('hunter2');
  });
});
