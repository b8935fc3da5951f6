import { sql } from 'kysely';
import { Databases, insertRun, runIds, runRow } from '../../../test/support/storage/databases.js';
import { hasPostgres, postgres } from '../../../test/support/storage/stores.js';
import { Gate, until } from '../../../test/support/until.js';
import type { Database } from '../database.js';
import { Later } from '../later.js';
import type { RunTable } from '../schema.js';
import { InsertStatement } from '../statements/insert.statement.js';
import { Statement } from '../statements/statement.js';

const databases = new Databases(postgres);

const CLAIM = new Statement('update runs set owner = ? where run_id = ? and owner is null');
const RENAME = new Statement('update runs set model = ? where run_id = ?');
const INSERT = new InsertStatement<RunTable>((transaction, row) => transaction.insertInto('runs').values(row));

(hasPostgres ? describe : describe.skip)('statements to PostgreSQL that do not wait', () => {
  let database: Database;
  /** How often each write was tried. */
  let tries: Record<string, number>;

  beforeAll(async () => {
    database = await databases.open();
  });

  beforeEach(async () => {
    tries = {};
    await database.write((transaction) => transaction.deleteFrom('runs').execute());
  });

  afterAll(() => databases.remove());

  /** Claims a run, and renames it if that succeeds. */
  const claim = (runId: string, owner: string): Promise<boolean> =>
    database.write(async (transaction) => {
      tries[owner] = (tries[owner] ?? 0) + 1;
      if (!(await CLAIM.expect(transaction, owner, runId))) return false;
      await RENAME.execute(transaction, `of ${owner}`, runId);
      return true;
    });

  const insert = (row: RunTable): Promise<void> => database.write((transaction) => INSERT.execute(transaction, row));

  const ownersOf = async (): Promise<Record<string, string | null>> => {
    const rows = await database.query.selectFrom('runs').selectAll().execute();
    return Object.fromEntries(rows.map(({ run_id, owner, model }) => [run_id, owner && `${owner}, ${model}`]));
  };

  it('are sent before earlier ones are answered', async () => {
    await Promise.all(['a', 'b'].map((id) => insertRun(database, id)));
    const [locked, done] = [new Gate(), new Gate()];
    const lock = database.query.transaction().execute(async (transaction) => {
      await transaction.selectFrom('runs').select('run_id').where('run_id', '=', 'a').forUpdate().execute();
      locked.open();
      await done.opened;
    });
    await locked.opened;
    const claims = [claim('a', 'one'), claim('b', 'two')];
    await until('the second write has begun, though the first one waits for a lock', () => tries.two === 1);
    done.open();
    await lock;
    expect(await Promise.all(claims)).toEqual([true, true]);
    expect(tries).toEqual({ one: 1, two: 1 });
  });

  it('let the next write begin if the result of one comes later', async () => {
    await insertRun(database, 'a');
    const begun = Promise.withResolvers<void>();
    const later = database.write((transaction) => {
      // Waits for the second write, which begins only if the first one need not wait for its answer.
      const answer = CLAIM.run(transaction, 'one', 'none');
      return Promise.resolve(new Later(begun.promise.then(() => answer)));
    });
    const next = database.write((transaction) => {
      begun.resolve();
      return CLAIM.run(transaction, 'two', 'a');
    });
    expect(await Promise.all([later, next])).toEqual([false, true]);
  });

  it('repeat a write that guessed wrong, and give each write of the group its own result', async () => {
    await Promise.all(['a', 'b'].map((id) => insertRun(database, id)));
    const claims = [claim('a', 'one'), claim('a', 'two'), claim('b', 'three'), claim('none', 'four')];
    expect(await Promise.all(claims)).toEqual([true, false, true, false]);
    expect(await ownersOf()).toEqual({ a: 'one, of one', b: 'three, of three' });
    expect(tries).toEqual({ one: 2, two: 2, three: 2, four: 2 });
  });

  it('blame the wrong guess, not a statement that failed after it', async () => {
    await Promise.all(['a', 'b'].map((id) => insertRun(database, id)));
    const insertIfClaimed = database.write(async (transaction) => {
      if (!(await CLAIM.expect(transaction, 'one', 'none'))) return 'not claimed';
      await INSERT.execute(transaction, runRow('b'));
      return 'claimed';
    });
    expect(await Promise.all([insertIfClaimed, claim('a', 'two')])).toEqual(['not claimed', true]);
    expect(await ownersOf()).toEqual({ a: 'two, of two', b: null });
  });

  it('fail only their own write, even without a question for what they change', async () => {
    await insertRun(database, 'a');
    const writes = [insert(runRow('b')), insert(runRow('a')), claim('a', 'one'), insert(runRow('c'))];
    const ends = await Promise.allSettled(writes);
    expect(ends).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: '23505' } },
      { status: 'fulfilled' },
      { status: 'fulfilled' },
    ]);
    expect(await runIds(database)).toEqual(['a', 'b', 'c']);
  });

  it('fail all writes if the connection breaks before they are answered', async () => {
    await insertRun(database, 'a');
    const writes = [
      claim('a', 'one'),
      database.write(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
        await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database.query);
        await INSERT.execute(transaction, runRow('b'));
      }),
      insert(runRow('c')),
    ];
    const ends = await Promise.allSettled(writes);
    const lost = { status: 'rejected', reason: { code: 'storage_unavailable' } };
    expect(ends).toMatchObject([lost, lost, lost]);
    expect(await claim('a', 'two')).toBe(true);
    expect(await ownersOf()).toEqual({ a: 'two, of two' });
  });

  it('survive a killed process only, if the write asks for no more', async () => {
    const durability = async (asked: 'disk' | 'process') =>
      await database.write(
        async (transaction) => {
          const { rows } = await sql<{ flush: string }>`
            select current_setting('synchronous_commit') as flush`.execute(transaction);
          return rows[0]?.flush;
        },
        { durability: asked },
      );
    expect(await durability('process')).toBe('off');
    expect(await durability('disk')).toBe('on');
  });
});
