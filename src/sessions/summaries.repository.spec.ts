import { readFileSync } from 'node:fs';
import { Databases } from '../../test/support/storage/databases.js';
import { isBlocked } from '../../test/support/storage/interleaving.js';
import { itOnPostgres, stores } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import type { Database } from '../index.js';
import type { MessageRow } from './message.row.js';
import { MessagesRepository } from './messages.repository.js';
import type { AcquiredSession, Fork } from './session.key.js';
import { SessionsRepository } from './sessions.repository.js';
import { SummariesRepository, type SummaryBasis } from './summaries.repository.js';
import { eraseTurn } from './turn.deletion.js';

const tenant = 'default';
const KEY = { tenant, session_id: 's' };
const HELD = { ...KEY, nextPosition: 4, createdAt: 1 };
const SOURCE = { source_id: 's', from: 0, until: 4 };
const FORK: AcquiredSession = { tenant, session_id: 'fork', nextPosition: 6, createdAt: 1, sources: [SOURCE] };
const FIRST = { content: 'first', until: 2 };
const SECOND = { content: 'second', until: 4 };

/** The place of an appended turn. */
interface Place {
  readonly session_id?: string;
  readonly createdAt?: number;
  readonly fork?: Fork;
}

describe.each(stores)('SummariesRepository on $name', (store) => {
  const databases = new Databases(store);
  let url: string;
  let database: Database;
  let sessions: SessionsRepository;
  let summaries: SummariesRepository;

  beforeAll(async () => {
    url = await databases.newUrl();
    database = await databases.open(url);
    sessions = new SessionsRepository(database);
    summaries = new SummariesRepository(database);
  });
  beforeEach(async () => {
    await begin(1);
    await append('b', 2);
  });
  afterEach(async () => {
    for (const session_id of ['s', 'fork']) await sessions.erase({ tenant, session_id });
  });
  afterAll(() => databases.remove());

  const begin = (createdAt: number): Promise<void> => append('a', 0, { createdAt });

  /** Appends a question and its answer. */
  function append(run_id: string, first: number, { session_id = 's', createdAt = 1, fork }: Place = {}): Promise<void> {
    const of = { tenant, session_id, run_id, parts: null, tool: null, call_id: null, tool_calls: null };
    const message = (role: MessageRow['role'], index: number): MessageRow => {
      const [position, message_id] = [first + index, `${run_id}-${index}`];
      return {
        ...of,
        message_id,
        position,
        role,
        content: message_id,
        provider_data: null,
        reasoning: null,
        tokens: 1,
        created_at: 1,
      };
    };
    const turn = [message('user', 0), message('assistant', 1)];
    const at = { agent_role: 'assistant', end_user: null, created_at: createdAt, updated_at: 1 };
    return database.write((transaction) => sessions.append(transaction, { tenant, session_id, ...at }, turn, { fork }));
  }

  async function beginFork(): Promise<void> {
    const fork: Fork = { runId: 'b', endUser: null, sources: [{ ...SOURCE, createdAt: 1 }], openCalls: undefined };
    await append('c', 4, { session_id: 'fork', fork });
  }

  /** The basis of a summary of these positions. */
  async function basisOf(session: AcquiredSession, from: number, end: number): Promise<SummaryBasis> {
    const turns = await Array.fromAsync(new MessagesRepository(database).turns(session, from, end));
    return { previous: await summaries.find(session), messages: turns.flat() };
  }

  const erase = (run_id: string) => database.write((transaction) => eraseTurn(KEY, run_id, transaction));

  it('stores the newest summary of a session, but not for another tenant', async () => {
    await summaries.save(HELD, FIRST, await basisOf(HELD, 0, 2));
    await summaries.save(HELD, SECOND, await basisOf(HELD, 2, 4));
    expect(await summaries.find(KEY)).toEqual(SECOND);
    expect(await summaries.find({ ...KEY, tenant: 'other' })).toBeUndefined();
  });

  it('stores no summary of a session that was erased or recreated', async () => {
    const basis = await basisOf(HELD, 0, 2);
    await sessions.erase(KEY);
    await summaries.save(HELD, FIRST, basis);
    await begin(2);
    expect(await summaries.find(KEY)).toBeUndefined();
    await summaries.save(HELD, FIRST, basis);
    expect(await summaries.find(KEY)).toBeUndefined();
  });

  it('stores no summary of a message that was erased meanwhile', async () => {
    const basis = await basisOf(HELD, 0, 4);
    await erase('b');
    await summaries.save(HELD, SECOND, basis);
    expect(await summaries.find(KEY)).toBeUndefined();
    await summaries.save(HELD, FIRST, await basisOf(HELD, 0, 2));
    expect(await summaries.find(KEY)).toEqual(FIRST);
  });

  it.each(['content', 'tool_calls'] as const)('stores no summary of a message whose %s changed', async (column) => {
    const basis = await basisOf(HELD, 0, 4);
    const change = { [column]: '[]' };
    await database.query.updateTable('messages').set(change).where('message_id', '=', 'b-1').execute();
    await summaries.save(HELD, SECOND, basis);
    expect(await summaries.find(KEY)).toBeUndefined();
  });

  it('stores no summary that extends an erased one', async () => {
    await summaries.save(HELD, FIRST, await basisOf(HELD, 0, 2));
    const basis = await basisOf(HELD, 2, 4);
    await erase('a');
    await summaries.save(HELD, SECOND, basis);
    expect(await summaries.find(KEY)).toBeUndefined();
  });

  it('stores no summary of a fork that covers or extends what was erased from its source', async () => {
    await beginFork();
    const basis = await basisOf(FORK, 0, 6);
    await erase('a');
    await summaries.save(FORK, { content: 'late', until: 6 }, basis);
    expect(await summaries.find(FORK)).toBeUndefined();

    await summaries.save(HELD, SECOND, await basisOf(HELD, 0, 4));
    const later = await basisOf(FORK, 4, 6);
    expect(later.previous).toEqual(SECOND);
    await erase('b');
    await summaries.save(FORK, { content: 'late', until: 6 }, later);
    expect(await summaries.find(FORK)).toBeUndefined();
  });

  itOnPostgres(store, 'waits for an erasure in its source, and stores no summary then', async () => {
    await beginFork();
    const basis = await basisOf(FORK, 0, 6);
    const gate = new Gate();
    const isErased = new Gate();
    const other = await databases.open(url);
    const erasing = other.query.transaction().execute(async (transaction) => {
      await eraseTurn(KEY, 'a', transaction);
      isErased.open();
      await gate.opened;
    });
    await isErased.opened;
    const saving = summaries.save(FORK, { content: 'late', until: 6 }, basis);
    await until('it waits', () => isBlocked(other));
    gate.open();
    await Promise.all([erasing, saving]);
    expect(await summaries.find(FORK)).toBeUndefined();
  });

  it('leaves the text neither in the file nor in its log when the session is erased', async () => {
    if (database.dialect !== 'sqlite') return;
    const file = url.slice('file:'.length);
    const isOnDisk = (): boolean =>
      [file, `${file}-wal`].some((path) => readFileSync(path).includes('words to forget'));
    await summaries.save(HELD, { content: 'older words to forget', until: 2 }, await basisOf(HELD, 0, 2));
    await summaries.save(HELD, { content: 'newer words to forget', until: 4 }, await basisOf(HELD, 2, 4));
    expect(isOnDisk()).toBe(true);
    await sessions.erase(KEY);
    await database.purge();
    expect(isOnDisk()).toBe(false);
  });
});
