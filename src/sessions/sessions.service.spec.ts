import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { Databases } from '../../test/support/databases.js';
import { sqlite, stores } from '../../test/support/stores.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { encodeCursor } from '../http/page.cursor.js';
import type { Database } from '../storage/database.js';
import { type MessageRow, type SessionKey, SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

const { tenant } = HOST_PRINCIPAL;
const OTHER = { ...HOST_PRINCIPAL, tenant: 'other' };

let database: Database;
let repository: SessionsRepository;
let sessions: SessionsService;
let ids = 0;
const newId = (): string => `session-${ids++}`;

beforeEach(() => {
  sessions = new SessionsService(repository);
});

/** Adds a turn of one message as a run does that holds the session. */
async function addTurn(sessionId: string, content: string, principal = HOST_PRINCIPAL): Promise<void> {
  const held = await sessions.hold(principal, sessionId);
  const key = { tenant: held.tenant, session_id: held.session_id };
  const runId = `run-${ids++}`;
  const message: MessageRow = {
    ...key,
    message_id: `${runId}-0`,
    run_id: runId,
    position: held.nextPosition,
    role: 'user',
    content,
    tool: null,
    call_id: null,
    tool_calls: null,
    tokens: 1,
    created_at: 1,
  };
  const session = { ...key, agent_role: 'assistant', end_user: null, created_at: held.createdAt ?? 1, updated_at: 2 };
  await database.write((transaction) => repository.append(transaction, session, [message]));
  sessions.release(held);
}

const contentsOf = async (sessionId: string, principal = HOST_PRINCIPAL): Promise<string[]> =>
  (await sessions.messages(principal, sessionId, { limit: 100 })).items.map(({ content }) => content);

describe.each(stores)('SessionsService on $name', (store) => {
  const databases = new Databases(store);

  beforeAll(async () => {
    database = await databases.open();
    repository = new SessionsRepository(database);
  });

  afterAll(() => databases.remove());

  describe('hold', () => {
    it('gives a new session an id of its own and the place of its first message', async () => {
      const first = await sessions.hold(HOST_PRINCIPAL, undefined);
      const second = await sessions.hold(HOST_PRINCIPAL, undefined);
      expect(first).toEqual({ tenant, session_id: expect.any(String), nextPosition: 0, createdAt: undefined });
      expect(second.session_id).not.toBe(first.session_id);
    });

    it('tells where a session goes on and since when it is', async () => {
      const id = newId();
      await addTurn(id, 'a');
      await addTurn(id, 'b');
      expect(await sessions.hold(HOST_PRINCIPAL, id)).toMatchObject({ nextPosition: 2, createdAt: 1 });
    });

    it('refuses a session that is held until it is released, and that of no other tenant', async () => {
      const id = newId();
      const held = await sessions.hold(HOST_PRINCIPAL, id);
      await expect(sessions.hold(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_busy' });
      await sessions.hold(OTHER, id);

      sessions.release(held);
      await sessions.hold(HOST_PRINCIPAL, id);
    });

    it('lets one of those through that come at once', async () => {
      const id = newId();
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => sessions.hold(HOST_PRINCIPAL, id)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it.each(['', '.', '..', 'a/b', 'a b', 'x'.repeat(129), 'ü'])(
      'refuses %p as an id, and holds nothing',
      async (id) => {
        const refusal = { code: 'validation_failed', errors: [{ field: 'session_id' }] };
        await expect(sessions.hold(HOST_PRINCIPAL, id)).rejects.toMatchObject(refusal);
        await expect(sessions.hold(HOST_PRINCIPAL, id)).rejects.toMatchObject(refusal);
      },
    );

    it('holds nothing when the session cannot be read', async () => {
      class BrokenRepository extends SessionsRepository {
        override find(): Promise<never> {
          return Promise.reject(new Error('the disk is gone'));
        }
      }
      const broken = new SessionsService(new BrokenRepository(database));
      await expect(broken.hold(HOST_PRINCIPAL, 's')).rejects.toThrow('the disk is gone');
      await expect(broken.hold(HOST_PRINCIPAL, 's')).rejects.toThrow('the disk is gone');
    });
  });

  describe('erase', () => {
    it('refuses every run until the rows are gone, and lets the id begin anew then', async () => {
      const id = newId();
      await addTurn(id, 'before');
      const erasing = sessions.erase(HOST_PRINCIPAL, id);
      await expect(sessions.hold(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_busy' });
      await expect(sessions.hold(OTHER, id)).resolves.toMatchObject({ nextPosition: 0 });
      await erasing;

      const held = await sessions.hold(HOST_PRINCIPAL, id);
      expect(held).toMatchObject({ nextPosition: 0, createdAt: undefined });
      expect(await repository.window(held, 1000)).toEqual([]);
      sessions.release(held);
      await addTurn(id, 'after');
      expect(await contentsOf(id)).toEqual(['after']);
      expect(await sessions.get(HOST_PRINCIPAL, id)).toMatchObject({ message_count: 1 });
    });

    it('calls back before the rows go, so that a run under way can end', async () => {
      const id = newId();
      await addTurn(id, 'before');
      const told: SessionKey[] = [];
      sessions.onErase((key) => told.push(key));
      const erasing = sessions.erase(HOST_PRINCIPAL, id);
      expect(told).toEqual([{ tenant, session_id: id }]);
      expect(await contentsOf(id)).toEqual(['before']);
      await erasing;
    });

    it('is session_not_found for one that is not there, and the id can be used then', async () => {
      const id = newId();
      await expect(sessions.erase(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_not_found' });
      await addTurn(id, 'hello');
      expect(await contentsOf(id)).toEqual(['hello']);
    });

    it('succeeds for a session that has nothing yet but a run', async () => {
      const id = newId();
      const held = await sessions.hold(HOST_PRINCIPAL, id);
      await expect(sessions.erase(HOST_PRINCIPAL, id)).resolves.toBeUndefined();
      sessions.release(held);
    });

    it('erases nothing of another tenant', async () => {
      const id = newId();
      await addTurn(id, 'ours');
      await addTurn(id, 'theirs', OTHER);
      await sessions.erase(HOST_PRINCIPAL, id);
      expect(await contentsOf(id, OTHER)).toEqual(['theirs']);
      await expect(sessions.get(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_not_found' });
    });

    it('lets the session be used when it could not be erased', async () => {
      class StuckRepository extends SessionsRepository {
        override erase(): Promise<never> {
          return Promise.reject(new Error('the disk is gone'));
        }
      }
      const stuck = new SessionsService(new StuckRepository(database));
      await expect(stuck.erase(HOST_PRINCIPAL, 's')).rejects.toThrow('the disk is gone');
      await expect(stuck.hold(HOST_PRINCIPAL, 's')).resolves.toMatchObject({ session_id: 's' });
    });
  });

  describe('messages', () => {
    it('go on where a page ended', async () => {
      const id = newId();
      for (const content of ['a', 'b', 'c']) await addTurn(id, content);
      const first = await sessions.messages(HOST_PRINCIPAL, id, { limit: 2 });
      expect(first.items.map(({ content }) => content)).toEqual(['c', 'b']);
      const second = await sessions.messages(HOST_PRINCIPAL, id, { limit: 2, cursor: first.next_cursor ?? '' });
      expect(second.items.map(({ content }) => content)).toEqual(['a']);
      expect(second.next_cursor).toBeNull();
    });

    it('refuse the cursor of another session', async () => {
      const [id, other] = [newId(), newId()];
      for (const content of ['a', 'b', 'c']) {
        await addTurn(id, content);
        await addTurn(other, content);
      }
      const { next_cursor: cursor } = await sessions.messages(HOST_PRINCIPAL, other, { limit: 1 });
      await expect(sessions.messages(HOST_PRINCIPAL, id, { limit: 1, cursor: cursor ?? '' })).rejects.toMatchObject({
        code: 'validation_failed',
        errors: [{ field: 'cursor' }],
      });
    });

    it.each([
      ['no cursor at all', 'nonsense'],
      ['a list of too little', encodeCursor(1)],
      ['an id that is no text', encodeCursor(1, 1)],
      ['a place that is no number', encodeCursor('1', 's')],
      ['a place between two', encodeCursor(1.5, 's')],
      ['a place beyond all numbers', encodeCursor(2 ** 60, 's')],
    ])('refuse %s', async (_, cursor) => {
      const id = newId();
      await addTurn(id, 'a');
      const refusal = { code: 'validation_failed', errors: [{ field: 'cursor' }] };
      await expect(sessions.messages(HOST_PRINCIPAL, id, { limit: 1, cursor })).rejects.toMatchObject(refusal);
      await expect(sessions.list(HOST_PRINCIPAL, { limit: 1, cursor })).rejects.toMatchObject(refusal);
    });

    it('are session_not_found for the session of another tenant', async () => {
      const id = newId();
      await addTurn(id, 'ours');
      await expect(sessions.messages(OTHER, id, { limit: 1 })).rejects.toMatchObject({ code: 'session_not_found' });
    });
  });

  it('lists the sessions of a tenant only, page by page', async () => {
    const listed = { ...HOST_PRINCIPAL, tenant: 'listed' };
    const ours = [newId(), newId(), newId()];
    for (const id of ours) await addTurn(id, 'hello', listed);
    await addTurn(newId(), 'hello', OTHER);
    const first = await sessions.list(listed, { limit: 2 });
    const second = await sessions.list(listed, { limit: 2, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...second.items].map(({ session_id }) => session_id).toSorted()).toEqual(ours.toSorted());
    expect(second.next_cursor).toBeNull();
  });
});

describe('SessionsService on a file', () => {
  const databases = new Databases(sqlite);

  afterAll(() => databases.remove());

  it('leaves the text neither in the file nor in its log', async () => {
    const url = await databases.newUrl();
    const file = url.slice('file:'.length);
    const isOnDisk = (text: string): boolean => [file, `${file}-wal`].some((path) => readFileSync(path).includes(text));
    database = await databases.open(url);
    sessions = new SessionsService(new SessionsRepository(database));
    const [inFile, inLog, kept] = [newId(), newId(), newId()];
    const marker = (id: string): string => `marker of ${id}: ${'never to be read again '.repeat(20)}`;
    await addTurn(kept, marker(kept));
    await addTurn(inFile, marker(inFile));
    await sql`pragma wal_checkpoint(truncate)`.execute(database.query);
    await addTurn(inLog, marker(inLog));
    await addTurn(kept, marker(kept));
    expect([inFile, inLog, kept].map((id) => isOnDisk(`marker of ${id}`))).toEqual([true, true, true]);

    await sessions.erase(HOST_PRINCIPAL, inFile);
    await sessions.erase(HOST_PRINCIPAL, inLog);

    expect([inFile, inLog, kept].map((id) => isOnDisk(`marker of ${id}`))).toEqual([false, false, true]);
    expect(isOnDisk(inFile)).toBe(false);
    expect(isOnDisk(inLog)).toBe(false);
  });
});
