import { sql } from 'kysely';
import { keepQuiet } from '../../../test/support/quiet.js';
import { agentsWith, Databases, insertRun, runRow, switchesOf } from '../../../test/support/storage/databases.js';
import { isBlocked } from '../../../test/support/storage/interleaving.js';
import {
  insertTasks,
  QUEUED,
  ReplicaClaims,
  RUNNING,
  type TaskToInsert,
} from '../../../test/support/storage/replica.claims.js';
import { hasPostgres, postgres, stores } from '../../../test/support/storage/stores.js';
import { countTransactions } from '../../../test/support/storage/transactions.js';
import { Gate, until } from '../../../test/support/until.js';
import { HOLD_BACK_MS } from '../../runs/recovery/process.death.js';
import { SuspectsRepository } from '../suspects.repository.js';
import { TasksRepository } from '../tasks.repository.js';
import { ForeignTasks } from './foreign.tasks.js';

describe.each(stores)('ClaimsRepository on $name', (store) => {
  const databases = new Databases(store);
  const captured = keepQuiet();
  afterEach(() => databases.remove());

  async function opened(...tasks: readonly TaskToInsert[]): Promise<ReplicaClaims> {
    const database = await databases.open();
    await insertTasks(database, ...tasks);
    return new ReplicaClaims(database);
  }

  it('claims the oldest tasks first, except those of callers at their cap', async () => {
    const rows: TaskToInsert[] = [
      { ...RUNNING, run_id: 'r1', caller: 'busy' },
      { ...RUNNING, run_id: 'r2', caller: 'busy' },
      { ...RUNNING, run_id: 'r3', caller: 'other' },
      { ...QUEUED, run_id: 'q3', caller: 'busy', created_at: 3 },
      { ...QUEUED, run_id: 'q4', caller: 'busy', created_at: 4 },
      { ...QUEUED, run_id: 'q6', caller: 'other', created_at: 6 },
      { ...QUEUED, run_id: 'q5', caller: 'new', created_at: 5 },
    ];
    expect(await (await opened(...rows)).claimAll(2)).toEqual(['q5', 'q6']);
    expect(await (await opened(...rows)).claimAll(3)).toEqual(['q3', 'q5', 'q6']);
    expect(await (await opened(...rows)).claimAll()).toEqual(['q3', 'q4', 'q5', 'q6']);
  });

  it('counts only running tasks of the same tenant for a cap', async () => {
    const tasks = await opened(
      { ...RUNNING, run_id: 'chat', kind: 'chat' },
      { ...RUNNING, run_id: 'waiting', status: 'waiting_approval' },
      { run_id: 'over', kind: 'task' },
      { ...RUNNING, run_id: 'elsewhere', tenant: 'other' },
      { ...QUEUED, run_id: 'q' },
    );
    expect(await tasks.findNext(1)).toBe('q');
    expect(await tasks.claim('q', 1)).toMatchObject({ run_id: 'q', status: 'running', attempt: 1 });
  });

  it('claims no more tasks of a caller than its cap', async () => {
    const tasks = await opened({ ...QUEUED, run_id: 'a' }, { ...QUEUED, run_id: 'b' }, { ...QUEUED, run_id: 'c' });
    const claimed = await Promise.all(['a', 'b', 'c'].map((id) => tasks.claim(id, 2)));
    expect(claimed.map((row) => (row === 'suspect' ? row : row?.run_id))).toEqual(['a', 'b', undefined]);
    expect(await tasks.claimAll(2)).toEqual([]);
    await new TasksRepository(tasks.opened).requeue('a', 1, 0, 60_000);
    expect(await tasks.findNext(2)).toBe('c');
    expect(await tasks.claim('c', 2)).toMatchObject({ run_id: 'c' });
  });

  it('holds back a task whose process died while another is blamed for it', async () => {
    const blamed = { ...QUEUED, crashes: 3, run_id: 'blamed' };
    const beside = { ...QUEUED, crashes: 1 };
    const tasks = await opened(
      { ...blamed, blamed_at: Date.now() },
      { ...beside, run_id: 'beside' },
      { ...QUEUED, run_id: 'new' },
    );
    expect(await tasks.claim('beside', undefined)).toBeUndefined();
    expect(await tasks.claim('new', undefined)).toMatchObject({ run_id: 'new' });
    const later = await opened({ ...blamed, blamed_at: Date.now() - HOLD_BACK_MS }, { ...beside, run_id: 'beside' });
    expect(await later.claim('beside', undefined)).toMatchObject({ run_id: 'beside' });
  });

  it('runs the tasks of a session one after the other, the oldest first', async () => {
    const session = { session_id: 's' };
    const tasks = await opened(
      { ...QUEUED, ...session, run_id: 'second', created_at: 2 },
      { ...QUEUED, ...session, run_id: 'first', created_at: 1 },
      { ...QUEUED, run_id: 'elsewhere', tenant: 'other', session_id: 's', created_at: 0 },
    );
    expect(await new TasksRepository(tasks.opened).nextOfSession({ tenant: 'default', session_id: 's' })).toBe('first');
    expect(await tasks.claim('second', undefined)).toBeUndefined();
    expect(await tasks.claim('first', undefined)).toMatchObject({ run_id: 'first', holds_session: 1 });
    expect(await tasks.claim('second', undefined)).toBeUndefined();
    expect(await tasks.claimAll()).toEqual(['elsewhere']);
  });

  it('claims neither a suspect nor a task that waits for a session', async () => {
    const tasks = await opened(
      { ...RUNNING, run_id: 'holder', session_id: 'held', caller: 'other' },
      { ...QUEUED, run_id: 'suspect', session_id: 's', crashes: 2, created_at: 1 },
      { ...QUEUED, run_id: 'behind it', session_id: 's', created_at: 2 },
      { ...QUEUED, run_id: 'held back', session_id: 'held', created_at: 3 },
      { ...QUEUED, run_id: 'resumed', holds_session: 1, crashes: 1, created_at: 4 },
      { ...QUEUED, run_id: 'last', created_at: 5 },
    );
    expect(await tasks.claimAll()).toEqual(['resumed', 'last']);
    expect(await tasks.findNext(undefined, true)).toBeUndefined();
  });

  it('claims no task that is delayed or held back', async () => {
    const tasks = await opened(
      { ...QUEUED, run_id: 'blamed', caller: 'other', crashes: 3, blamed_at: Date.now() },
      { ...QUEUED, run_id: 'held back', crashes: 1, created_at: 1 },
      { ...QUEUED, run_id: 'delayed', attempt: 1, not_before: Date.now() + 60_000, created_at: 2 },
      { ...QUEUED, run_id: 'next', attempt: 1, not_before: Date.now(), created_at: 4 },
    );
    expect(await tasks.claimAll()).toEqual(['next']);
    expect(await tasks.findNext(undefined, true)).toBeUndefined();
  });

  it('leaves tasks with another version of their agent alone, and reports them once', async () => {
    const tasks = await opened(
      { ...QUEUED, run_id: 'any' },
      { ...QUEUED, run_id: 'one', agent_role: 'clerk', agent_version: 'v1' },
      { ...QUEUED, run_id: 'two', agent_role: 'clerk', agent_version: 'v2' },
      { ...QUEUED, run_id: 'suspect', agent_version: 'v2', crashes: 2 },
    );
    const [first, second] = [tasks, new ReplicaClaims(tasks.opened, 'v2', 'v3')];
    expect(await first.claim('two', undefined)).toBeUndefined();
    expect(await first.claim('suspect', undefined, true)).toBeUndefined();
    const suspects = (...versions: string[]) =>
      new SuspectsRepository(tasks.opened, switchesOf(tasks.opened), agentsWith(...versions)).next(undefined);
    expect([await suspects('v1'), await suspects('v2')]).toEqual([undefined, 'suspect']);
    const foreign = new ForeignTasks(tasks.opened, agentsWith('v2'));
    await foreign.report();
    await foreign.report();
    expect(captured.warnings).toEqual([expect.stringMatching(/agent_role: 'clerk',\s+tasks: 1,/)]);
    expect(await first.claimAll()).toEqual(['any']);
    expect(await second.claimAll()).toEqual(['two']);
    expect(await tasks.findNext(undefined, true)).toBeUndefined();
  });

  it('returns the suspect that a session waits for', async () => {
    const tasks = await opened(
      { ...QUEUED, run_id: 'suspect', session_id: 's', crashes: 2, created_at: 1 },
      { ...QUEUED, run_id: 'behind it', session_id: 's', created_at: 2 },
    );
    expect(await new TasksRepository(tasks.opened).nextOfSession({ tenant: 'default', session_id: 's' })).toBe(
      'suspect',
    );
  });
});

(hasPostgres ? describe : describe.skip)('two replicas', () => {
  const databases = new Databases(postgres);
  afterEach(() => databases.remove());

  it('claim no more tasks of a caller than its cap together', async () => {
    const url = await databases.newUrl();
    const [one, other] = [await databases.open(url), await databases.open(url)];
    const ids = Array.from({ length: 10 }, (_, index) => `q${index}`);
    for (const run_id of ids) await insertTasks(one, { ...QUEUED, run_id });
    const claimed = await Promise.all(
      ids.map((id, index) => new ReplicaClaims(index % 2 === 0 ? one : other).claim(id, 3)),
    );
    expect(claimed.filter((row) => row !== undefined)).toHaveLength(3);
  });

  it('claim each task once, in groups of several at once', async () => {
    const url = await databases.newUrl();
    const replicas = [new ReplicaClaims(await databases.open(url)), new ReplicaClaims(await databases.open(url))];
    const ids = Array.from({ length: 40 }, (_, index) => `q${index}`);
    await insertTasks(await databases.open(url), ...ids.map((run_id) => ({ ...QUEUED, run_id })));
    const claimed: string[] = [];
    await Promise.all(
      replicas.map(async (replica) => {
        while ((await replica.findNext(undefined)) !== undefined) {
          const rows = await Promise.all(Array.from({ length: 8 }, () => replica.claimNext(undefined)));
          claimed.push(...rows.flatMap((row) => row?.run_id ?? []));
        }
      }),
    );
    expect(claimed.toSorted()).toEqual(ids.toSorted());
  });

  // Two groups of claims that lock the same callers in another order would wait for each other.
  it('lock one caller at a time', async () => {
    const url = await databases.newUrl();
    const [one, other] = [await databases.open(url), await databases.open(url)];
    for (const caller of ['a', 'b']) {
      for (const run_id of [`${caller}1`, `${caller}2`]) await insertTasks(one, { ...QUEUED, run_id, caller });
    }
    const [locked, commit] = [new Gate(), new Gate()];
    const lock = other.query.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext('default/b'))`.execute(transaction);
      locked.open();
      await commit.opened;
    });
    await locked.opened;
    const claims = Promise.all(['a1', 'b1'].map((id) => new ReplicaClaims(one).claim(id, 2)));
    await until('a claim waits', () => isBlocked(other));
    expect(await new ReplicaClaims(other).claim('a2', 2)).toMatchObject({ run_id: 'a2' });
    commit.open();
    await lock;
    expect(await claims).toMatchObject([{ run_id: 'a1' }, { run_id: 'b1' }]);
  });
});

(hasPostgres ? describe : describe.skip)('a task whose session another replica acquires during its claim', () => {
  const databases = new Databases(postgres);
  afterEach(() => databases.remove());

  it('keeps waiting, and the writes of its group are committed', async () => {
    const url = await databases.newUrl();
    const [here, elsewhere] = [await databases.open(url), await databases.open(url)];
    const tasks = new ReplicaClaims(here);
    const waiting = { ...runRow('waiting'), kind: 'task', status: 'queued', finished_at: null } as const;
    await here.query.insertInto('runs').values(waiting).execute();
    const transactions = countTransactions(here);
    const [commit, inserted] = [new Gate(), new Gate()];

    // The other run is not committed yet when the claim checks whether a run holds the session.
    const other = elsewhere.query.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('runs')
        .values({ ...runRow('other'), status: 'running', holds_session: 1, finished_at: null })
        .execute();
      inserted.open();
      await commit.opened;
    });
    await inserted.opened;
    const claimed = tasks.claim('waiting', undefined);
    const written = insertRun(here, 'written');
    await until('the claim waits for the other run', () => isBlocked(elsewhere));
    commit.open();

    expect(await claimed).toBeUndefined();
    await Promise.all([other, written]);
    expect(transactions).toEqual({ begun: 1, undone: 0 });
  });
});
