import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { Databases } from '../../test/support/storage/databases.js';
import { sessionsOf } from '../../test/support/storage/sessions.js';
import { sqlite, stores } from '../../test/support/storage/stores.js';
import { Gate } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { encodeCursor } from '../http/page.cursor.js';
import type { Database } from '../storage/database.js';
import type { MessageRow } from './message.row.js';
import { MessagesRepository } from './messages.repository.js';
import { SessionsRepository } from './sessions.repository.js';
import type { SessionKey } from './session.key.js';
import { SessionTitles } from './session.titles.js';
import type { SessionsService } from './sessions.service.js';

const { tenant } = HOST_PRINCIPAL;
const OTHER = { ...HOST_PRINCIPAL, tenant: 'other' };
const TITLED = { ...HOST_PRINCIPAL, tenant: 'titled' };

let database: Database;
let repository: SessionsRepository;
let sessions: SessionsService;
let ids = 0;
const newId = (): string => `session-${ids++}`;

beforeEach(() => {
  sessions = sessionsOf(database, repository);
});

/** Adds a turn of one message as a run does. */
async function addTurn(sessionId: string, content: string, principal = HOST_PRINCIPAL): Promise<void> {
  const key = sessions.keyOf(principal, sessionId);
  const { nextPosition, createdAt } = await sessions.open({ ...key, end_user: null });
  const runId = `run-${ids++}`;
  const message: MessageRow = {
    ...key,
    message_id: `${runId}-0`,
    run_id: runId,
    position: nextPosition,
    role: 'user',
    content,
    tool: null,
    call_id: null,
    tool_calls: null,
    parts: null,
    provider_data: null,
    reasoning: null,
    tokens: 1,
    created_at: 1,
  };
  const session = { ...key, agent_role: 'assistant', end_user: null, created_at: createdAt ?? 1, updated_at: 2 };
  await database.write((transaction) => repository.append(transaction, session, [message]));
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

  describe('keyOf', () => {
    it('gives each new session its own id', () => {
      const [first, second] = [sessions.keyOf(HOST_PRINCIPAL), sessions.keyOf(HOST_PRINCIPAL)];
      expect(first).toEqual({ tenant, session_id: expect.stringMatching(/./) });
      expect(second.session_id).not.toBe(first.session_id);
    });

    it.each(['', '.', '..', 'a/b', 'a b', 'x'.repeat(129), 'ü'])('refuses %p as an id', (id) => {
      expect(() => sessions.keyOf(HOST_PRINCIPAL, id)).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          errors: [expect.objectContaining({ field: 'session_id' })],
        }),
      );
    });
  });

  it('has the first questions of sessions, shortened, as their titles', async () => {
    const titles = new SessionTitles(database);
    const questions = ['What\n is it?', ` ${'long '.repeat(30)}`, `${'x'.repeat(78)}🪺🪺`, ' '];
    for (const [index, question] of questions.entries()) await addTurn(`titled-${index}`, question, TITLED);
    await addTurn('titled-0', 'And then?', TITLED);
    const { items } = await sessions.list(TITLED, { limit: 100 });
    const titled = await titles.addTo(items, TITLED.tenant);
    const sorted = titled.toSorted((one, other) => (one.session_id < other.session_id ? -1 : 1));
    expect(sorted.map(({ title }) => title)).toEqual([
      'What is it?',
      `${'long '.repeat(15)}long…`,
      `${'x'.repeat(78)}…`,
      undefined,
    ]);
    expect(await titles.addTo([], TITLED.tenant)).toEqual([]);
  });

  describe('open', () => {
    it('returns the next position of a session and when it was created', async () => {
      const key = sessions.keyOf(HOST_PRINCIPAL, newId());
      expect(await sessions.open({ ...key, end_user: null })).toEqual({
        ...key,
        nextPosition: 0,
        createdAt: undefined,
      });
      await addTurn(key.session_id, 'a');
      await addTurn(key.session_id, 'b');
      expect(await sessions.open({ ...key, end_user: null })).toMatchObject({
        ...key,
        nextPosition: 2,
        createdAt: 1,
        sources: [],
      });
    });

    it('looks only at its own tenant', async () => {
      const id = newId();
      await addTurn(id, 'ours');
      expect(await sessions.open({ ...sessions.keyOf(OTHER, id), end_user: null })).toMatchObject({
        nextPosition: 0,
        createdAt: undefined,
      });
    });
  });

  describe('erase', () => {
    it('reports the erasure until the rows are gone, only for that tenant', async () => {
      const id = newId();
      await addTurn(id, 'before');
      const [key, other] = [sessions.keyOf(HOST_PRINCIPAL, id), sessions.keyOf(OTHER, id)];
      const erasing = sessions.erase(HOST_PRINCIPAL, id);
      expect([sessions.isErasing(key), sessions.isErasing(other)]).toEqual([true, false]);
      await erasing;

      expect(sessions.isErasing(key)).toBe(false);
      expect(await sessions.open({ ...key, end_user: null })).toMatchObject({ nextPosition: 0, createdAt: undefined });
      expect(await new MessagesRepository(database).window(key, 1000)).toEqual([]);
      await addTurn(id, 'after');
      expect(await contentsOf(id)).toEqual(['after']);
      expect(await sessions.get(HOST_PRINCIPAL, id)).toMatchObject({ message_count: 1 });
    });

    it('waits for its listeners before it removes rows, so that an active run can end', async () => {
      const id = newId();
      await addTurn(id, 'before');
      const gate = new Gate();
      const announced: SessionKey[] = [];
      sessions.onErase(async (key) => {
        announced.push(key);
        await gate.opened;
        return true;
      });
      const erasing = sessions.erase(HOST_PRINCIPAL, id);
      expect(announced).toEqual([{ tenant, session_id: id }]);
      expect(await contentsOf(id)).toEqual(['before']);
      gate.open();
      await erasing;
      await expect(sessions.get(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_not_found' });
    });

    it('fails with session_not_found for an unknown session, whose id stays usable', async () => {
      const id = newId();
      sessions.onErase(() => Promise.resolve(false));
      await expect(sessions.erase(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_not_found' });
      await addTurn(id, 'hello');
      expect(await contentsOf(id)).toEqual(['hello']);
    });

    it('succeeds for a session with only a run that a listener has ended', async () => {
      sessions.onErase(() => Promise.resolve(true));
      await expect(sessions.erase(HOST_PRINCIPAL, newId())).resolves.toBeUndefined();
    });

    it('erases nothing of another tenant', async () => {
      const id = newId();
      await addTurn(id, 'ours');
      await addTurn(id, 'theirs', OTHER);
      await sessions.erase(HOST_PRINCIPAL, id);
      expect(await contentsOf(id, OTHER)).toEqual(['theirs']);
      await expect(sessions.get(HOST_PRINCIPAL, id)).rejects.toMatchObject({ code: 'session_not_found' });
    });

    it('leaves the session usable if the erasure fails', async () => {
      class StuckRepository extends SessionsRepository {
        override erase(): Promise<never> {
          return Promise.reject(new Error('the disk is gone'));
        }
      }
      const stuck = sessionsOf(database, new StuckRepository(database));
      await expect(stuck.erase(HOST_PRINCIPAL, 's')).rejects.toThrow('the disk is gone');
      expect(stuck.isErasing({ tenant, session_id: 's' })).toBe(false);
    });
  });

  describe('messages', () => {
    it('continue after the end of a page', async () => {
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
      ['a list with too few values', encodeCursor(1)],
      ['an id that is not a text', encodeCursor(1, 1)],
      ['a position that is not a number', encodeCursor('1', 's')],
      ['a fractional position', encodeCursor(1.5, 's')],
      ['an infinite position', encodeCursor(2 ** 60, 's')],
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
    // Only the audit has the ids of the erased data, as its targets.
    const isOnDisk = (text: string): boolean =>
      [file, `${file}-wal`].some((path) =>
        readFileSync(path, 'latin1')
          .replaceAll(/session:session-\d+/g, '')
          .includes(text),
      );
    database = await databases.open(url);
    sessions = sessionsOf(database);
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
