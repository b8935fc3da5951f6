import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { chat, send, type Answer } from '../support/clients/client.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { string } from '../support/json.js';
import { removeServices, startPairProcess } from '../support/service/service.js';
import { until } from '../support/until.js';

const SESSIONS = '/api/v1/agent/sessions';
const END_USERS = '/api/v1/agent/end-users';
/** Much longer than an answer takes, and shorter than an erasure's waiting time. */
const PROMPT_MS = 4000;
/** Requests without a pause would take all CPU time of the service. */
const PAUSE_MS = 20;

const { service } = await startPairProcess('chat');
const file = join(service.folder, 'rookery.db');

afterAll(removeServices);

/** Sends a message whose text stays in the database file until it is erased. */
async function say(words: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await chat(service, { message: words, session_id: words }, { headers });
  expect(status).toBe(200);
  return string(body.session_id);
}

/** The audit keeps the ids of sessions. */
const isOnDisk = (words: string): boolean =>
  [file, `${file}-wal`].some((path) => readFileSync(path, 'latin1').replaceAll(`session:${words}`, '').includes(words));

/** Requests the health until the answers are there. Returns the longest time of a request. */
async function healthUntil(answers: Promise<unknown>): Promise<number> {
  const state = { isOver: false };
  const over = answers.finally(() => (state.isOver = true));
  let longest = 0;
  while (!state.isOver) {
    const begun = performance.now();
    for (const path of ['/health', '/health/live', '/health/ready']) {
      expect((await send(service, `GET ${path}`)).status).toBe(200);
    }
    longest = Math.max(longest, performance.now() - begun);
    await sleep(PAUSE_MS);
  }
  await over;
  return longest;
}

describe('erasing while another process reads the database file', () => {
  it('answers 503 until the write-ahead log no longer contains the data, and the service stays available', async () => {
    const headers = { 'x-end-user': 'erased-ada' };
    const [session, ofAda] = [await say('erased-words-of-a-session'), await say('erased-words-of-ada', headers)];
    const calls = [`DELETE ${SESSIONS}/${session}`, `DELETE ${END_USERS}/erased-ada`];
    const erase = (): Promise<Answer[]> => Promise.all(calls.map((call) => send(service, call)));
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from sessions').get();

    const erasing = erase();
    expect(await healthUntil(erasing)).toBeLessThan(PROMPT_MS);

    for (const answer of await erasing) {
      expectError(answer, 503, 'storage_unavailable');
      expectRetryAfter(answer);
    }
    for (const id of [session, ofAda]) {
      expectError(await send(service, `GET ${SESSIONS}/${id}`), 404, 'session_not_found');
      expect(isOnDisk(id)).toBe(true);
    }
    expect((await chat(service, { message: 'meanwhile' })).status).toBe(200);
    await until('it is logged', () =>
      service.logs.some(({ level, msg }) => level === 'warn' && String(msg).includes('a reader')),
    );

    reader.close();
    const [again, ofEndUser] = await erase();

    expect([again?.status, ofEndUser?.status]).toEqual([204, 200]);
    for (const id of [session, ofAda]) expect(isOnDisk(id)).toBe(false);
    expectError(await send(service, `DELETE ${SESSIONS}/${session}`), 404, 'session_not_found');
  });

  it('is completed by the next start after a kill', async () => {
    const id = await say('erased-words-before-a-kill');
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from sessions').get();
    const erasing = send(service, `DELETE ${SESSIONS}/${id}`).catch(() => undefined);
    await until('the rows are gone', async () => (await send(service, `GET ${SESSIONS}/${id}`)).status === 404);
    await service.kill9();
    await erasing;
    expect(isOnDisk(id)).toBe(true);
    reader.exec('commit');

    await service.startHosted();

    await until('the log is empty of it', () => !isOnDisk(id));
    reader.close();
    expect((await send(service, `DELETE ${SESSIONS}/${id}`)).status).toBe(204);
    expectError(await send(service, `DELETE ${SESSIONS}/${id}`), 404, 'session_not_found');
  });
});
