import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { Databases, insertRun, runIds, runRow } from '../../../test/support/storage/databases.js';
import { emptyPostgres, hasPostgres, postgres } from '../../../test/support/storage/stores.js';
import { TcpProxy } from '../../../test/support/servers/tcp.proxy.js';
import { Gate, until } from '../../../test/support/until.js';
import { DatabaseUnavailableError } from '../database.unavailable.js';
import { Database } from '../database.js';

const { jest } = import.meta;
const databases = new Databases(postgres);
const empty = new Databases(emptyPostgres);
const proxies: TcpProxy[] = [];

/** A database behind a proxy that can be cut. */
async function openBehindProxy(): Promise<{ database: Database; proxy: TcpProxy; url: string }> {
  const url = (await databases.newUrl()).replace('postgres@', 'postgres:hunter2@');
  const proxy = await TcpProxy.to(Number(new URL(url).port));
  proxies.push(proxy);
  const database = await databases.open(url.replace(/:\d+\//, `:${proxy.port}/`));
  return { database, proxy, url };
}

async function settingOf(database: Database, setting: string): Promise<string | undefined> {
  const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(database.query);
  return rows[0]?.value;
}

const isWell = (database: Database): Promise<boolean> =>
  database.ping().then(
    () => true,
    () => false,
  );

/** Undefined if the connection has ended. */
const unlessAway = <T>(promise: Promise<T>): Promise<T | undefined> =>
  promise.catch((reason: unknown) => {
    if (reason instanceof DatabaseUnavailableError) return undefined;
    throw reason;
  });

/** Handles the rejection at once: an unhandled one would end the process. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

afterAll(async () => {
  await databases.remove();
  await empty.remove();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

(hasPostgres ? describe : describe.skip)('Database on PostgreSQL', () => {
  it('is set up by one of several concurrent replicas, and used by all', async () => {
    const url = await empty.newUrl();
    const replicas = await Promise.all(Array.from({ length: 5 }, () => empty.open(url)));
    await Promise.all(replicas.map((replica, index) => insertRun(replica, `${index}`)));

    for (const replica of replicas) expect(await runIds(replica)).toEqual(['0', '1', '2', '3', '4']);
    const { rows } = await sql`select name from kysely_migration`.execute(replicas[0]?.query ?? fail());
    expect(new Set(rows).size).toBe(rows.length);
  });

  it.each([
    ['statement_timeout', '10s'],
    ['idle_in_transaction_session_timeout', '10s'],
    ['synchronous_commit', 'on'],
    ['application_name', 'rookery'],
  ])('sets %s to %s', async (setting, value) => {
    expect(await settingOf(await databases.open(), setting)).toBe(value);
  });

  it('renews heartbeats, answers pings and writes while reads use all their connections', async () => {
    const database = await databases.open();
    const gate = new Gate();
    const reads = Array.from({ length: 8 }, () => database.query.transaction().execute(() => gate.opened));
    await sql`select 1`.execute(database.urgent);
    await insertRun(database, 'a');
    await database.ping();
    gate.open();
    await Promise.all(reads);
    expect(await runIds(database)).toEqual(['a']);
  });

  it('waits for the disk, unless all writes of a group request less', async () => {
    const database = await databases.open();
    const commits: unknown[] = [];
    const note = (durability: 'disk' | 'process'): Promise<void> =>
      database.write(
        async (transaction) => {
          const { rows } = await sql<{ value: string }>`select current_setting('synchronous_commit') as value`.execute(
            transaction,
          );
          commits.push([durability, rows[0]?.value]);
        },
        { durability },
      );

    await note('process');
    await Promise.all([note('process'), note('disk')]);

    expect(commits).toEqual([
      ['process', 'off'],
      ['process', 'on'],
      ['disk', 'on'],
    ]);
  });

  it('stores a text with a replacement for NUL, which PostgreSQL refuses', async () => {
    const database = await databases.open();
    await database.write(async (transaction) => {
      await transaction
        .insertInto('runs')
        .values({ ...runRow('a'), error: 'a\0b' })
        .execute();
    });
    expect(await database.query.selectFrom('runs').select('error').execute()).toEqual([{ error: 'a\uFFFDb' }]);
  });

  it('does not answer a ping while writes are refused', async () => {
    const database = await databases.open();
    await sql`alter table runs rename to runs_elsewhere`.execute(database.query);
    await expect(insertRun(database, 'a')).rejects.toThrow('does not exist');
    await expect(database.ping()).rejects.toThrow('does not exist');
    await sql`alter table runs_elsewhere rename to runs`.execute(database.query);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  describe('during an outage', () => {
    let warnings: string[];

    beforeEach(() => {
      warnings = [];
      jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void warnings.push(String(line)));
    });

    afterEach(() => jest.restoreAllMocks());

    it('fails writes, reads and pings, and logs it once', async () => {
      const { database, proxy } = await openBehindProxy();
      await insertRun(database, 'before');
      // Several connections are idle.
      await Promise.all([runIds(database), runIds(database), runIds(database)]);

      proxy.cut();
      await until('the loss is noticed', () => warnings.length > 0);
      const during = [insertRun(database, 'during'), insertRun(database, 'too'), runIds(database), database.ping()];
      for (const reason of await Promise.all(during.map(failure)))
        expect(reason).toBeInstanceOf(DatabaseUnavailableError);

      proxy.mend();
      await until('the database has recovered', () => isWell(database));
      await insertRun(database, 'after');
      expect(await runIds(database)).toEqual(['after', 'before']);
      expect(warnings).toHaveLength(1);
    });

    it('fails the writes of the open group with the reason, and accepts the next one', async () => {
      const { database, proxy } = await openBehindProxy();
      const tried: string[] = [];
      const cutting = database.write(async (transaction) => {
        tried.push('cutting');
        await transaction.insertInto('runs').values(runRow('a')).execute();
        proxy.cut();
        await transaction.insertInto('runs').values(runRow('b')).execute();
      });
      const reasons = await Promise.all([failure(cutting), failure(insertRun(database, 'c'))]);
      for (const reason of reasons) {
        expect(reason).toMatchObject({ reason: expect.stringMatching(/terminated|ECONNRESET|EPIPE/) });
      }
      expect(tried).toHaveLength(1);

      proxy.mend();
      await insertRun(database, 'd');
      expect(await runIds(database)).toEqual(['d']);
    });

    it('is explained in the log, but not to callers', async () => {
      const { database, proxy } = await openBehindProxy();
      await insertRun(database, 'a');
      proxy.cut();
      await until('the loss is noticed', () => warnings.length > 0);
      const reason = await failure(runIds(database));
      expect(reason).toMatchObject({
        code: 'storage_unavailable',
        status: 503,
        retryAfterSeconds: 1,
        message: 'The database is not available. Try again.',
        reason: expect.stringContaining('PostgreSQL cannot be reached: '),
      });
      expect(inspect(reason, { depth: 10, showHidden: true })).not.toContain('hunter2');
      proxy.mend();
    });

    it('fails writes whose commit was not confirmed, and does not repeat them', async () => {
      const { database, proxy } = await openBehindProxy();
      const tried: string[] = [];
      const write = (id: string): Promise<void> =>
        database.write(async (transaction) => {
          tried.push(id);
          await transaction.insertInto('runs').values(runRow(id)).execute();
        });
      proxy.breakAfter('commit');
      const reasons = await Promise.all(['a', 'b', 'c'].map((id) => failure(write(id))));

      for (const reason of reasons) expect(reason).toBeInstanceOf(DatabaseUnavailableError);
      expect(tried).toEqual(['a', 'b', 'c']);
      expect(await until('new connections read', () => unlessAway(runIds(database)))).toEqual(['a', 'b', 'c']);
    });

    it('fails a ping to a silent server, on an existing connection and on a new one', async () => {
      const { database, proxy } = await openBehindProxy();
      await database.ping();
      proxy.silence();
      for (const _ of ['had', 'new']) {
        const start = performance.now();
        await expect(database.ping()).rejects.toThrow();
        expect(performance.now() - start).toBeLessThan(4000);
      }

      proxy.cut();
      proxy.mend();
      await until('the database has recovered', () => isWell(database));
    });

    it('opens new connections after a restart of the server', async () => {
      const { database, url } = await openBehindProxy();
      await insertRun(database, 'a');
      const other = await databases.open(url);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(other.query);
      await until('the loss is noticed', () => warnings.length > 0);

      // Each connection notices it for itself.
      await until('a new connection writes', () => unlessAway(insertRun(database, 'b').then(() => true)));
      expect(await runIds(database)).toEqual(['a', 'b']);
      expect(warnings[0]).toContain('terminating connection');
    });

    it('ends with the application, even if the server is silent', async () => {
      const { database, proxy } = await openBehindProxy();
      await runIds(database);
      proxy.silence();
      const unanswered = failure(runIds(database));
      await until('the read was sent', () => proxy.lostBytes > 0);
      const start = performance.now();
      await database.onApplicationShutdown();
      expect(performance.now() - start).toBeLessThan(8000);

      proxy.cut();
      expect(await unanswered).toBeInstanceOf(DatabaseUnavailableError);
    });
  });

  it('cannot be opened if no server listens, and the error has no password', async () => {
    const proxy = await TcpProxy.to(0);
    const { port } = proxy;
    await proxy.close();
    const opening = Database.open(`postgres://user:hunter2@127.0.0.1:${port}/db`);
    await expect(opening).rejects.toThrow(`PostgreSQL cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`);
    await expect(opening).rejects.not.toThrow('hunter2');
  });

  it('cannot be opened under a database name that does not exist', async () => {
    const url = (await databases.newUrl()).replace(/[^/]*$/, 'rookery_test_none');
    await expect(Database.open(url)).rejects.toThrow('database "rookery_test_none" does not exist');
  });

  it('refuses an invalid URL, and shows nothing of it', async () => {
    const reason = await failure(Database.open('postgres://user:hunter2@host:port/db'));
    expect(String(reason)).toContain('The database URL cannot be read.');
    expect(inspect(reason)).not.toContain('hunter2');
  });
});

function fail(): never {
  throw new Error('The replica is missing.');
}
