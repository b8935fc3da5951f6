import { Databases } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { newRow } from '../runs/run.row.js';
import type { Database } from '../storage/database.js';
import type { MessageRow } from './message.row.js';
import { MessagesRepository } from './messages.repository.js';
import { SessionsRepository } from './sessions.repository.js';

const KEY = { tenant: 'default', session_id: 's' };
let database: Database;
let sessions: SessionsRepository;
let messages: MessagesRepository;

/** Adds a turn of two messages with `tokens` each. */
async function addTurn(index: number, tokens: number): Promise<void> {
  const message = (role: 'user' | 'assistant', offset: number): MessageRow => ({
    ...KEY,
    message_id: `${index}-${role}`,
    run_id: `run-${index}`,
    position: index * 2 + offset,
    role,
    content: `${role} ${index}`,
    tool: null,
    call_id: null,
    tool_calls: null,
    parts: null,
    provider_data: null,
    reasoning: null,
    tokens,
    created_at: index,
  });
  const session = { ...KEY, agent_role: 'assistant', end_user: null, created_at: 0, updated_at: index };
  await database.write((transaction) =>
    sessions.append(transaction, session, [message('user', 0), message('assistant', 1)]),
  );
}

const windowOf = async (tokens: number): Promise<string[][]> =>
  (await messages.window(KEY, tokens)).map((turn) => turn.map(({ content }) => content));

describe.each(stores)('SessionsRepository on $name', (store) => {
  const databases = new Databases(store);

  beforeAll(async () => {
    database = await databases.open();
    sessions = new SessionsRepository(database);
    messages = new MessagesRepository(database);
    for (let index = 0; index < 120; index++) await addTurn(index, 10);
  });

  afterAll(() => databases.remove());

  it('counts the messages of a session', async () => {
    expect(await sessions.find(KEY)).toMatchObject({ message_count: 240, created_at: 0, updated_at: 119 });
  });

  it('returns the newest whole turns within a limit, oldest first', async () => {
    expect(await windowOf(40)).toEqual([
      ['user 118', 'assistant 118'],
      ['user 119', 'assistant 119'],
    ]);
  });

  it('omits a turn that fits only partly', async () => {
    expect(await windowOf(59)).toHaveLength(2);
    expect(await windowOf(19)).toEqual([]);
    expect(await windowOf(0)).toEqual([]);
  });

  it('returns the question and the answer of the newest turn, without the messages between them', async () => {
    const key = { ...KEY, session_id: 'tools' };
    expect(await messages.newestEnds(key)).toEqual([]);
    const message = (position: number, role: MessageRow['role'], run_id = 'new'): MessageRow => ({
      ...key,
      message_id: `tools-${position}`,
      run_id,
      position,
      role,
      content: `${role} ${position}`,
      tool: null,
      call_id: null,
      tool_calls: null,
      parts: null,
      provider_data: null,
      reasoning: null,
      tokens: 10,
      created_at: 1,
    });
    const turn = (['user', 'assistant', 'tool', 'assistant', 'user', 'assistant'] as const).map((role, index) =>
      message(index + 2, role),
    );
    const session = { ...key, agent_role: 'assistant', end_user: null, created_at: 0, updated_at: 1 };
    const earlier = [message(0, 'user', 'old'), message(1, 'assistant', 'old')];
    await database.write((transaction) => sessions.append(transaction, session, [...earlier, ...turn]));
    const ends = await messages.newestEnds(key);
    expect(ends.map(({ content }) => content)).toEqual(['user 2', 'assistant 7']);
    const older = await messages.window(key, 100, 2);
    expect(older.flat().map(({ content }) => content)).toEqual(['user 0', 'assistant 1']);
    await sessions.erase(key);
  });

  it('reads in several steps for a high limit', async () => {
    const turns = await windowOf(2 * 10 * 110);
    expect(turns).toHaveLength(110);
    expect(turns[0]).toEqual(['user 10', 'assistant 10']);
    expect(await windowOf(1_000_000)).toHaveLength(120);
  });

  it('continues from any position, even one without a message', async () => {
    const newestOf = async (before: number): Promise<string | undefined> =>
      (await messages.page(KEY, 1, { before }))[0]?.content;
    expect(await newestOf(239)).toBe('user 119');
    expect(await newestOf(Number.MAX_SAFE_INTEGER)).toBe('assistant 119');
    expect(await newestOf(0)).toBeUndefined();
    expect(await newestOf(Number.MIN_SAFE_INTEGER)).toBeUndefined();
  });

  it('lists from any time, even one far away', async () => {
    const idsFrom = async (at: number): Promise<string[]> =>
      (await sessions.list('default', 10, { at, id: '' })).map(({ session_id }) => session_id);
    expect(await idsFrom(Number.MAX_SAFE_INTEGER)).toEqual(['s']);
    expect(await idsFrom(Number.MIN_SAFE_INTEGER)).toEqual([]);
  });

  it('finds the sessions of an end user, including new ones, but none for which a run was refused', async () => {
    const [ada, bob] = ['ada', 'bob'].map((end_user) => ({ tenant: 'users', end_user }));
    const run = (session_id: string) =>
      newRow({
        tenant: 'users',
        end_user: 'ada',
        session_id,
        run_id: `in ${session_id}`,
        agent_role: 'assistant',
        kind: 'task',
        status: 'failed',
        attempt: 1,
        owner: null,
        caller: 'c',
        request_id: 'r',
        model: 'm',
        created_at: 1,
        started_at: 1,
      });
    const row = { agent_role: 'assistant', created_at: 0, updated_at: 0, message_count: 0 };
    await database.write(async (transaction) => {
      for (const [whose, session_id] of [
        [ada, 'hers'],
        [bob, 'his'],
      ] as const) {
        await transaction
          .insertInto('sessions')
          .values({ ...row, tenant: 'users', end_user: null, ...whose, session_id })
          .execute();
      }
      for (const id of ['hers', 'his', 'new']) await transaction.insertInto('runs').values(run(id)).execute();
    });

    expect(await sessions.idsOfEndUser('users', 'bob', 9)).toEqual(['his']);
    expect(await sessions.idsOfEndUser('default', 'ada', 9)).toEqual([]);
    expect(await sessions.idsOfEndUser('users', 'ada', 1)).toEqual(['hers']);
    expect(await sessions.idsOfEndUser('users', 'ada', 9)).toEqual(['hers', 'new']);
    expect((await sessions.idsOfTenant('users', 9)).toSorted()).toEqual(['hers', 'his', 'new']);
    expect(await sessions.idsOfTenant('users', 2)).toHaveLength(2);
    expect(await sessions.idsOfTenant('nobody', 9)).toEqual([]);
    const has = (endUser: string, session_id: string, tenant = 'users') =>
      sessions.hasRunOf({ tenant, session_id }, endUser);
    expect([await has('ada', 'new'), await has('ada', 'hers')]).toEqual([true, true]);
    expect([await has('ada', 'his'), await has('ada', 'none'), await has('bob', 'new')]).toEqual([false, false, false]);
    expect(await has('ada', 'new', 'default')).toBe(false);
    const listed = await sessions.list('users', 10, undefined, 'ada');
    expect(listed.map(({ session_id }) => session_id)).toEqual(['hers']);
  });

  it('erases a session with all rows that belong to it, once', async () => {
    const other = { tenant: 'other', session_id: 's' };
    expect(await sessions.erase(other)).toEqual({ sessions: 0, messages: 0, runs: 0 });
    expect(await sessions.erase(KEY)).toMatchObject({ sessions: 1 });
    expect(await sessions.find(KEY)).toBeUndefined();
    expect(await messages.page(KEY, 1)).toEqual([]);
    expect(await sessions.erase(KEY)).toEqual({ sessions: 0, messages: 0, runs: 0 });
  });
});
