import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Databases, insertRun, runIds } from '../../test/support/storage/databases.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { sessionsOf } from '../../test/support/storage/sessions.js';
import { sqlite } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { openAudit } from '../audit/open.audit.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { Database } from '../storage/database.js';
import type { MessageRow } from './message.row.js';
import { SessionsRepository } from './sessions.repository.js';
import type { SessionsService } from './sessions.service.js';

const { tenant } = HOST_PRINCIPAL;
const TEXT = 'words that nobody may read again';
/** How long an erasure waits for the reader here. */
const LIMIT_MS = 300;
const LONG_MS = 30_000;
const UNAVAILABLE = { code: 'storage_unavailable', status: 503, retryAfterSeconds: expect.any(Number) };
const NOT_FOUND = { code: 'session_not_found' };

const captured = keepQuiet();
const databases = new Databases(sqlite);
let file: string;
let database: Database;
let sessions: SessionsService;
let reader: DatabaseSync;

beforeEach(async () => {
  const url = await databases.newUrl();
  file = url.slice('file:'.length);
  await open();
  reader = new DatabaseSync(file, { readOnly: true });
});

afterEach(async () => {
  reader.close();
  await database.onApplicationShutdown();
});

afterEach(() => databases.remove());

async function open(eraseLimitMs = LIMIT_MS): Promise<void> {
  database = await databases.open(`file:${file}`, { eraseLimitMs });
  sessions = sessionsOf(database);
}

/** Reads the file as a backup does. */
function read(): void {
  reader.exec('begin');
  reader.prepare('select count(*) from sessions').get();
}

async function addSession(session_id: string, end_user: string | null = null): Promise<void> {
  const key = { tenant, session_id };
  const message: MessageRow = {
    ...key,
    message_id: `${session_id}-0`,
    run_id: `run-of-${session_id}`,
    position: 0,
    role: 'user',
    content: `${TEXT} `.repeat(20),
    tool: null,
    call_id: null,
    tool_calls: null,
    parts: null,
    provider_data: null,
    reasoning: null,
    tokens: 1,
    created_at: 1,
  };
  const session = { ...key, agent_role: 'assistant', end_user, created_at: 1, updated_at: 2 };
  const repository = new SessionsRepository(database);
  await database.write((transaction) => repository.append(transaction, session, [message]));
}

const isOnDisk = (): boolean => [file, `${file}-wal`].some((path) => readFileSync(path, 'latin1').includes(TEXT));

/** Repeats an erasure while it reports that it is unfinished. Never ends while a reader uses the file. */
async function repeated<T>(erase: () => Promise<T>): Promise<T> {
  const outcome = await until('the erasure is finished', () =>
    erase().then(
      (value) => ({ value }),
      (reason: unknown) => reason instanceof AgentError && reason.code !== 'storage_unavailable' && { reason },
    ),
  );
  if ('reason' in outcome) throw outcome.reason;
  return outcome.value;
}

const pending = () => database.query.selectFrom('pending_erasures').selectAll().execute();

describe('an erasure while another process reads the file', () => {
  it('removes the rows, reports that the log still has them, and does not block the event loop', async () => {
    await addSession('a');
    read();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);

    await expect(sessions.erase(HOST_PRINCIPAL, 'a').finally(() => clearInterval(timer))).rejects.toMatchObject(
      UNAVAILABLE,
    );

    expect(ticks).toBeGreaterThan(1);
    await expect(sessions.get(HOST_PRINCIPAL, 'a')).rejects.toMatchObject(NOT_FOUND);
    expect(isOnDisk()).toBe(true);
    expect(sessions.isErasing({ tenant, session_id: 'a' })).toBe(false);
    await expect(database.ping()).resolves.toBeUndefined();
    expect(captured.warnings).toEqual([expect.stringContaining('a reader of the database file keeps erased data')]);
  });

  it('is completed by a repeat once the reader has gone, and not before', async () => {
    await addSession('a');
    read();
    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).rejects.toMatchObject(UNAVAILABLE);
    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).rejects.toMatchObject(UNAVAILABLE);

    reader.exec('commit');

    await repeated(() => sessions.erase(HOST_PRINCIPAL, 'a'));
    expect(isOnDisk()).toBe(false);
    expect(await pending()).toEqual([]);
    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).rejects.toMatchObject(NOT_FOUND);
  });

  it('waits for a reader that leaves in time', async () => {
    await database.onApplicationShutdown();
    await open(LONG_MS);
    await addSession('a');
    read();
    const erasing = sessions.erase(HOST_PRINCIPAL, 'a');
    await until('the rows are gone', async () => (await pending()).length > 0);
    reader.exec('commit');

    await expect(erasing).resolves.toBeUndefined();
    expect(isOnDisk()).toBe(false);
  });

  it('does not wait for a tool that reads the audit step by step', async () => {
    await database.onApplicationShutdown();
    await open(LONG_MS);
    await addSession('a');
    const tool = await openAudit(`file:${file}`);
    const event = { action: 'audit.exported', tenant, actor: HOST_PRINCIPAL, target: 'audit' } as const;
    // More entries than one step reads.
    await Promise.all(Array.from({ length: 501 }, () => tool.audit.append(event)));
    const entries = tool.audit.entries();
    await entries.next();

    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).resolves.toBeUndefined();

    expect(isOnDisk()).toBe(false);
    await entries.return(undefined);
    await tool.close();
  });

  it('does not block other writes', async () => {
    await addSession('a');
    read();
    const state = { isOver: false };
    const erasing = sessions.erase(HOST_PRINCIPAL, 'a').finally(() => (state.isOver = true));
    const outcome = expect(erasing).rejects.toMatchObject(UNAVAILABLE);
    let writes = 0;
    let longest = 0;
    while (!state.isOver) {
      const begun = performance.now();
      await insertRun(database, `run-${writes++}`);
      longest = Math.max(longest, performance.now() - begun);
    }
    await outcome;

    expect(await runIds(database)).toHaveLength(writes);
    expect(writes).toBeGreaterThan(1);
    expect(longest).toBeLessThan(4000);
  });

  it('is completed after a crash, and a repeat still succeeds once', async () => {
    await addSession('a');
    read();
    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).rejects.toMatchObject(UNAVAILABLE);
    await database.onApplicationShutdown();
    reader.exec('commit');
    expect(isOnDisk()).toBe(true);

    await open();
    await repeated(() => database.purge());

    expect(isOnDisk()).toBe(false);
    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).resolves.toBeUndefined();
    expect(await pending()).toEqual([]);
    await expect(sessions.erase(HOST_PRINCIPAL, 'a')).rejects.toMatchObject(NOT_FOUND);
  });

  it('can be repeated only by that end user', async () => {
    const ada = { ...HOST_PRINCIPAL, endUser: 'ada' };
    const bob = { ...HOST_PRINCIPAL, endUser: 'bob' };
    await addSession('a', 'ada');
    read();
    await expect(sessions.erase(ada, 'a')).rejects.toMatchObject(UNAVAILABLE);

    await expect(sessions.erase(bob, 'a')).rejects.toMatchObject(NOT_FOUND);
    await expect(sessions.erase({ ...HOST_PRINCIPAL, tenant: 'other' }, 'a')).rejects.toMatchObject(NOT_FOUND);
    await expect(sessions.eraseEndUser(bob, 'bob')).resolves.toMatchObject({ sessions: 0 });
    await expect(sessions.eraseEndUser(ada, 'ada')).rejects.toMatchObject(UNAVAILABLE);
    expect(JSON.stringify(await pending())).not.toMatch(/"a"|ada|assistant/);

    reader.exec('commit');
    expect(await repeated(() => sessions.eraseEndUser(ada, 'ada'))).toMatchObject({ sessions: 0 });
    expect(isOnDisk()).toBe(false);
    await expect(sessions.erase(ada, 'a')).resolves.toBeUndefined();
  });

  it('can be repeated for all sessions of an end user', async () => {
    for (const id of ['a', 'b']) await addSession(id, 'ada');
    read();
    await expect(sessions.eraseEndUser(HOST_PRINCIPAL, 'ada')).rejects.toMatchObject(UNAVAILABLE);
    await expect(sessions.eraseEndUser(HOST_PRINCIPAL, 'ada')).rejects.toMatchObject(UNAVAILABLE);

    reader.exec('commit');

    expect(await repeated(() => sessions.eraseEndUser(HOST_PRINCIPAL, 'ada'))).toMatchObject({ sessions: 0 });
    expect(isOnDisk()).toBe(false);
    expect(await pending()).toEqual([]);
  });
});
