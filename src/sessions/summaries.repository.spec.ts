import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../storage/database.js';
import { SessionsRepository } from './sessions.repository.js';
import { SummariesRepository } from './summaries.repository.js';

const KEY = { tenant: 'default', session_id: 's' };
const HELD = { ...KEY, nextPosition: 0, createdAt: 1 };
const folder = mkdtempSync(join(tmpdir(), 'rookery-summaries-'));
const file = join(folder, 'rookery.db');
let database: Database;
let sessions: SessionsRepository;
let summaries: SummariesRepository;

const begin = (createdAt: number): Promise<void> =>
  database.write((transaction) =>
    sessions.append(
      transaction,
      { ...KEY, agent_role: 'assistant', end_user: null, created_at: createdAt, updated_at: 1 },
      [],
    ),
  );

const isOnDisk = (text: string): boolean => [file, `${file}-wal`].some((path) => readFileSync(path).includes(text));

beforeAll(async () => {
  database = await Database.open(`file:${file}`);
  sessions = new SessionsRepository(database);
  summaries = new SummariesRepository(database);
});

afterAll(async () => {
  await database.onApplicationShutdown();
  rmSync(folder, { recursive: true });
});

beforeEach(() => begin(1));
afterEach(() => sessions.erase(KEY));

describe('SummariesRepository', () => {
  it('stores the newest summary of a session, but not for another tenant', async () => {
    await summaries.save(HELD, { content: 'first', until: 2 });
    await summaries.save(HELD, { content: 'second', until: 4 });
    expect(await summaries.find(KEY)).toEqual({ content: 'second', until: 4 });
    expect(await summaries.find({ ...KEY, tenant: 'other' })).toBeUndefined();
  });

  it('stores no summary of a session that was erased or recreated', async () => {
    await sessions.erase(KEY);
    await summaries.save(HELD, { content: 'late', until: 2 });
    await begin(2);
    expect(await summaries.find(KEY)).toBeUndefined();
    await summaries.save(HELD, { content: 'late', until: 2 });
    expect(await summaries.find(KEY)).toBeUndefined();
  });

  it('leaves the text neither in the file nor in its log when the session is erased', async () => {
    await summaries.save(HELD, { content: 'older words to forget', until: 2 });
    await summaries.save(HELD, { content: 'newer words to forget', until: 4 });
    expect(isOnDisk('words to forget')).toBe(true);
    await sessions.erase(KEY);
    await database.purge();
    expect(isOnDisk('words to forget')).toBe(false);
  });
});
