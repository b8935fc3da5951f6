import { randomUUID } from 'node:crypto';
import { chat, historyOf, send, type Said, type Target } from '../support/clients/client.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { objects, string, type Json } from '../support/json.js';
import { removeServices, startPair, startPairs, type Service, startPairProcess } from '../support/service/service.js';
import { openStream, streamAll } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';

const SESSIONS = '/api/v1/agent/sessions';
const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const UNKNOWN_CURSORS = ['nonsense', '%21%21', 'e30', 'bnVsbA', 'W10', '0', 'x'.repeat(3000)];

const [pairs, forgetful, recorders, mortal, impatient] = await Promise.all([
  startPairs({ STREAM_GRACE_SECONDS: '0' }),
  startPair('chat', { HISTORY_TOKENS: '200' }),
  startPairs({ HISTORY_TOKENS: '200', SUMMARIZE_HISTORY: 'true' }),
  startPairProcess('chat'),
  startPair('chat', { AGENT_TIMEOUT_SECONDS: '1' }),
]);
const [{ service, upstream }] = pairs;

afterAll(removeServices);

beforeEach(() => {
  for (const pair of [...pairs, forgetful, ...recorders, mortal, impatient]) pair.upstream.clear();
});

describe.each(pairs)('the history for the model, with MODEL_API=$api', (pair) => {
  it('has the instructions and all messages in order', async () => {
    const sessionId = newId();
    await chat(pair.service, { message: 'first', session_id: sessionId });
    await streamAll(pair.service, { message: 'second', session_id: sessionId });

    await chat(pair.service, { message: 'third', session_id: sessionId });

    const [instructions, ...sent] = pair.upstream.requests.at(-1)?.messages ?? [];
    expect(instructions?.role).toBe('system');
    expect(sent).toEqual([...turn('first'), ...turn('second'), { role: 'user', content: 'third' }]);
  });

  it('has no messages of another session', async () => {
    await chat(pair.service, { message: 'a secret', session_id: newId() });
    await chat(pair.service, { message: 'hello', session_id: newId() });

    expect(pair.upstream.requests.at(-1)?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  it('has the instructions of the current role, not of an earlier one', async () => {
    const sessionId = newId();
    await chat(pair.service, { message: 'alone', agent_role: 'coder' });
    await chat(pair.service, { message: 'first', session_id: sessionId, agent_role: 'researcher' });
    await chat(pair.service, { message: 'second', session_id: sessionId, agent_role: 'coder' });

    const [alone, , second] = pair.upstream.requests;
    expect(second?.messages[0]).toEqual(alone?.messages[0]);
    expect(second?.messages.filter(({ role }) => role === 'system')).toHaveLength(1);
  });
});

describe('a small HISTORY_TOKENS', () => {
  it('drops the oldest turns first, and whole ones only', async () => {
    const sessionId = newId();
    const messages = Array.from({ length: 10 }, (_, index) => `turn ${index} ${'some words to remember '.repeat(5)}`);
    for (const message of messages) await chat(forgetful.service, { message, session_id: sessionId });

    await chat(forgetful.service, { message: 'last', session_id: sessionId });

    const sent = (forgetful.upstream.requests.at(-1)?.messages ?? []).slice(1, -1);
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(sent.length).toBeLessThan(10);
    expect(sent).toEqual(messages.flatMap(turn).slice(-sent.length));
    expect(sent[0]?.role).toBe('user');
  });

  it('never drops the new message itself', async () => {
    const message = 'a message far beyond the limit '.repeat(100);

    const answer = await chat(forgetful.service, { message });

    expect(answer.status).toBe(200);
    expect(forgetful.upstream.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: message });
  });

  it('does not delete stored messages', async () => {
    const sessionId = newId();
    const messages = Array.from({ length: 8 }, (_, index) => `turn ${index} ${'some words to remember '.repeat(5)}`);
    for (const message of messages) await chat(forgetful.service, { message, session_id: sessionId });

    expect(await historyOf(forgetful.service, sessionId)).toEqual(messages.flatMap(turn));
  });
});

const isSummary = ({ messages: [first] }: { messages: Said[] }): boolean =>
  first?.content.startsWith('You keep') ?? false;

describe.each(recorders)('SUMMARIZE_HISTORY, with MODEL_API=$api', (pair) => {
  it('makes the model summarize the turns that no longer fit, and sends the summary first', async () => {
    const sessionId = newId();
    const messages = Array.from({ length: 8 }, (_, index) => `turn ${index} ${'some words to remember '.repeat(5)}`);
    for (const message of messages) await chat(pair.service, { message, session_id: sessionId });

    const summaries = pair.upstream.requests.filter(isSummary);
    expect(summaries.length).toBeGreaterThanOrEqual(1);
    expect(summaries[0]?.messages[1]?.content).toContain('"turn 0 some words');
    const sent = (pair.upstream.requests.findLast((request) => !isSummary(request))?.messages ?? []).slice(1);
    expect(sent.map(({ role }) => role)).toEqual(sent.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
    expect(sent[0]?.content).toMatch(/\{"summary":"Echo: /);
    expect(sent.at(-1)).toEqual({ role: 'user', content: messages[7] });
    expect(await historyOf(pair.service, sessionId)).toEqual(messages.flatMap(turn));
  });
});

describe('GET /sessions/{session_id}', () => {
  it('returns the role of the last run, the count of messages and the times', async () => {
    const sessionId = newId();
    const before = Date.now();
    await chat(service, { message: 'first', session_id: sessionId });
    await chat(service, { message: 'second', session_id: sessionId, agent_role: 'coder' });

    const answer = await send(service, `GET ${SESSIONS}/${sessionId}`);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      session_id: sessionId,
      agent_role: 'coder',
      message_count: 4,
      created_at: expect.stringMatching(ISO_UTC),
      updated_at: expect.stringMatching(ISO_UTC),
    });
    const [createdAt, updatedAt] = [answer.body.created_at, answer.body.updated_at].map((at) => Date.parse(string(at)));
    expect(createdAt).toBeGreaterThanOrEqual(before);
    expect(updatedAt).toBeGreaterThanOrEqual(createdAt ?? 0);
    expect(updatedAt).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['128 characters', `x${'y'.repeat(127)}`],
    ['all characters that an id may have', 'A.z_9:-~'.slice(0, 7)],
    ['the name of a property that every object has', 'constructor'],
  ])('finds a session whose id is %s', async (_, sessionId) => {
    await chat(service, { message: 'hello', session_id: sessionId });

    const path = `${SESSIONS}/${encodeURIComponent(sessionId)}`;
    expect((await send(service, `GET ${path}`)).body.session_id).toBe(sessionId);
    expect((await send(service, `GET ${path}/messages`)).status).toBe(200);
    expect((await send(service, `DELETE ${path}`)).status).toBe(204);
  });

  it.each([`GET ${SESSIONS}/unknown`, `GET ${SESSIONS}/unknown/messages`, `DELETE ${SESSIONS}/unknown`])(
    'answers %s with session_not_found',
    async (call) => {
      expectError(await send(service, call), 404, 'session_not_found');
    },
  );
});

describe('GET /sessions/{session_id}/messages', () => {
  it('returns each message with its fields, newest first', async () => {
    const sessionId = newId();
    const { run_id: runId } = (await chat(service, { message: 'hello', session_id: sessionId })).body;

    const answer = await send(service, `GET ${SESSIONS}/${sessionId}/messages`);

    const common = { message_id: expect.any(String), run_id: runId, created_at: expect.stringMatching(ISO_UTC) };
    expect(answer.body).toEqual({
      items: [
        { ...common, role: 'assistant', content: 'Echo: hello' },
        { ...common, role: 'user', content: 'hello' },
      ],
      next_cursor: null,
    });
    const ids = objects(answer.body.items).map(({ message_id }) => message_id);
    expect(new Set(ids).size).toBe(2);
  });

  it('returns every message once over all pages, for any page size', async () => {
    const sessionId = newId();
    const messages = Array.from({ length: 5 }, (_, index) => `message ${index}`);
    for (const message of messages) await chat(service, { message, session_id: sessionId });

    for (const limit of [1, 3, 5, 10, 100]) {
      const pages = await walk(service, `${SESSIONS}/${sessionId}/messages`, limit);
      expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
      expect(pages.flat().map(({ content }) => content)).toEqual(
        messages
          .flatMap(turn)
          .map(({ content }) => content)
          .toReversed(),
      );
    }
  });

  it('continues after the last page despite new messages', async () => {
    const sessionId = newId();
    await chat(service, { message: 'first', session_id: sessionId });
    await chat(service, { message: 'second', session_id: sessionId });
    const path = `${SESSIONS}/${sessionId}/messages`;
    const newest = await send(service, `GET ${path}?limit=2`);
    await chat(service, { message: 'third', session_id: sessionId });

    const older = await send(service, `GET ${path}?limit=2&cursor=${cursorOf(newest.body)}`);

    expect(objects(older.body.items).map(({ content }) => content)).toEqual(['Echo: first', 'first']);
  });

  it('keeps the text unchanged', async () => {
    const message = '  "quoted" \\ back\n\ttab </script> ünï 🐦‍⬛ \u2028 {{x}} %s $1 ';
    const sessionId = newId();
    await chat(service, { message, session_id: sessionId });

    expect(await historyOf(service, sessionId)).toEqual(turn(message));
  });
});

describe('GET /sessions', () => {
  it('lists every session once over all pages, newest first', async () => {
    const ids = Array.from({ length: 7 }, newId);
    for (const id of ids) await chat(service, { message: 'hello', session_id: id });

    for (const limit of [1, 3, 7, 100]) {
      const listed = (await walk(service, SESSIONS, limit)).flat().map(({ session_id }) => session_id);
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed.filter((id) => ids.includes(string(id)))).toEqual(ids.toReversed());
    }
  });

  it('returns no session twice if another one begins between two pages', async () => {
    const ids = Array.from({ length: 4 }, newId);
    for (const id of ids) await chat(service, { message: 'hello', session_id: id });
    const newest = await send(service, `GET ${SESSIONS}?limit=2`);
    await chat(service, { message: 'hello', session_id: newId() });

    const older = await send(service, `GET ${SESSIONS}?limit=2&cursor=${cursorOf(newest.body)}`);

    const listed = [newest, older].flatMap(({ body }) => objects(body.items)).map(({ session_id }) => session_id);
    expect(listed).toEqual(ids.toReversed());
  });

  it('returns 20 by default', async () => {
    for (let count = 0; count < 21; count++) await chat(service, { message: 'hello' });

    const { body } = await send(service, `GET ${SESSIONS}`);

    expect(objects(body.items)).toHaveLength(20);
    expect(body.next_cursor).toEqual(expect.any(String));
  });

  it('returns each item with the fields of the session', async () => {
    const sessionId = newId();
    await chat(service, { message: 'hello', session_id: sessionId });

    const [listed] = objects((await send(service, `GET ${SESSIONS}?limit=1`)).body.items);

    expect(listed).toEqual((await send(service, `GET ${SESSIONS}/${sessionId}`)).body);
  });
});

describe('limit and cursor', () => {
  const sessionId = newId();
  beforeAll(async () => {
    await chat(service, { message: 'hello', session_id: sessionId });
  });

  it.each(['0', '-1', '101', '1.5', 'abc', '', 'NaN', 'Infinity', '99999999999999999999', '5%00', '1&limit=2'])(
    'refuses limit=%s',
    async (limit) => {
      for (const path of [SESSIONS, `${SESSIONS}/${sessionId}/messages`]) {
        const answer = await send(service, `GET ${path}?limit=${limit}`);
        expectError(answer, 422, 'validation_failed');
        expect(objects(answer.body.errors).map(({ field }) => field)).toContain('limit');
      }
    },
  );

  it.each(UNKNOWN_CURSORS)('refuses cursor=%s', async (cursor) => {
    for (const path of [SESSIONS, `${SESSIONS}/${sessionId}/messages`]) {
      const answer = await send(service, `GET ${path}?cursor=${cursor}`);
      expectError(answer, 422, 'validation_failed');
      expect(objects(answer.body.errors).map(({ field }) => field)).toContain('cursor');
    }
  });

  it('refuses the cursor of another session', async () => {
    const otherId = newId();
    for (const message of ['first', 'second']) await chat(service, { message, session_id: otherId });
    const { body } = await send(service, `GET ${SESSIONS}/${otherId}/messages?limit=1`);

    const answer = await send(service, `GET ${SESSIONS}/${sessionId}/messages?cursor=${cursorOf(body)}`);

    expectError(answer, 422, 'validation_failed');
    expect(objects(answer.body.errors)).toEqual([{ field: 'cursor', message: expect.stringMatching(/session/) }]);
  });

  it('refuses a misspelt parameter', async () => {
    for (const path of [SESSIONS, `${SESSIONS}/${sessionId}/messages`]) {
      expectError(await send(service, `GET ${path}?limt=5`), 422, 'validation_failed');
    }
  });

  it.each(['1', '100'])('accepts limit=%s', async (limit) => {
    expect((await send(service, `GET ${SESSIONS}?limit=${limit}`)).status).toBe(200);
  });
});

describe('DELETE /sessions/{session_id}', () => {
  it('erases the session, its messages and its place in the list', async () => {
    const sessionId = newId();
    await chat(service, { message: 'hello', session_id: sessionId });

    const answer = await send(service, `DELETE ${SESSIONS}/${sessionId}`);

    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expectError(await send(service, `GET ${SESSIONS}/${sessionId}`), 404, 'session_not_found');
    expectError(await send(service, `GET ${SESSIONS}/${sessionId}/messages`), 404, 'session_not_found');
    expectError(await send(service, `DELETE ${SESSIONS}/${sessionId}`), 404, 'session_not_found');
    const listed = (await walk(service, SESSIONS, 100)).flat();
    expect(listed.map(({ session_id }) => session_id)).not.toContain(sessionId);
  });

  it('makes the id usable with an empty history', async () => {
    const sessionId = newId();
    await chat(service, { message: 'before', session_id: sessionId });
    await send(service, `DELETE ${SESSIONS}/${sessionId}`);

    await chat(service, { message: 'after', session_id: sessionId });

    expect(upstream.requests.at(-1)?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(await historyOf(service, sessionId)).toEqual(turn('after'));
  });

  it('leaves every other session as it was', async () => {
    const [kept, erased] = [newId(), newId()];
    await chat(service, { message: 'kept', session_id: kept });
    await chat(service, { message: 'erased', session_id: erased });

    await send(service, `DELETE ${SESSIONS}/${erased}`);

    expect(await historyOf(service, kept)).toEqual(turn('kept'));
  });

  it('cancels the run that holds the session, and its messages are not stored', async () => {
    const sessionId = newId();
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.next({ does: 'stay silent' });
    const running = chat(service, { message: 'running', session_id: sessionId });
    await until('the model was called', () => upstream.asked('running'));

    expect((await send(service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);

    expectError(await running, 409, 'run_cancelled');
    await until('the provider lost its caller', () => upstream.asked('running')?.abandonedAt);
    expectError(await send(service, `GET ${SESSIONS}/${sessionId}`), 404, 'session_not_found');
  });

  it('ends the stream of the run that holds the session with run.cancelled', async () => {
    const sessionId = newId();
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.next({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(service, { message: 'running', session_id: sessionId });
    await stream.readTo('message.delta');

    expect((await send(service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);

    expect((await stream.rest()).at(-1)?.event).toBe('run.cancelled');
  });
});

describe('DELETE during chats in the same session', () => {
  it('never fails a chat, never sends erased text to a model, and leaves the right count', async () => {
    const sessionId = newId();
    const path = `${SESSIONS}/${sessionId}`;
    // With this delay, some runs are active when the session is deleted.
    upstream.always({ does: 'reply', firstDeltaMs: 3 });
    for (let round = 0; round < 25; round++) {
      const secret = `secret ${round}`;
      await until('the session accepts a chat', async () => {
        const { status } = await chat(service, { message: secret, session_id: sessionId });
        return status === 200;
      });

      let asked = Infinity;
      const erased = send(service, `DELETE ${path}`).then(({ status }) => {
        asked = upstream.requests.length;
        return status;
      });
      const chats = Array.from({ length: 4 }, (_, index) =>
        chat(service, { message: `round ${round} chat ${index}`, session_id: sessionId }),
      );
      const later = erased.then(() => chat(service, { message: 'later', session_id: sessionId }));
      const answers = await Promise.all([...chats, later]);

      expect(await erased).toBe(204);
      for (const { status, text } of answers) expect([round, text, status < 500]).toEqual([round, text, true]);
      // A request sent before the 204 has lost its caller.
      const answered = upstream.requests.slice(asked).filter(({ abandonedAt }) => abandonedAt === undefined);
      expect(answered.flatMap(({ messages }) => messages.filter(({ content }) => content.includes(secret)))).toEqual(
        [],
      );
      const session = await send(service, `GET ${path}`);
      const count = session.status === 404 ? 0 : session.body.message_count;
      const rows = await historyOf(service, sessionId);
      expect(rows).toHaveLength(Number(count));
      expect(turnsOf(rows)).not.toContain(secret);
    }
    expect((await chat(service, { message: 'at last', session_id: sessionId })).status).toBe(200);
  });
});

describe('a session held by a run', () => {
  it('refuses another run with session_busy and keeps its history in order', async () => {
    const sessionId = newId();
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const first = chat(service, { message: 'first', session_id: sessionId });
    await until('the model was called', () => upstream.asked('first'));

    const second = await chat(service, { message: 'second', session_id: sessionId });
    const streamed = await send(service, 'POST /api/v1/agent/chat/stream', {
      body: { message: 'third', session_id: sessionId },
    });

    expectError(second, 409, 'session_busy');
    expectRetryAfter(second);
    expectError(streamed, 409, 'session_busy');
    gate.open();
    expect((await first).status).toBe(200);
    expect(await historyOf(service, sessionId)).toEqual(turn('first'));
    expect(upstream.requests).toHaveLength(1);
  });

  it('is free once that run has ended', async () => {
    const sessionId = newId();
    await chat(service, { message: 'first', session_id: sessionId });
    await streamAll(service, { message: 'second', session_id: sessionId });

    expect((await chat(service, { message: 'third', session_id: sessionId })).status).toBe(200);
  });

  it('does not block other sessions', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const first = chat(service, { message: 'first', session_id: newId() });
    await until('the model was called', () => upstream.asked('first'));

    expect((await chat(service, { message: 'second', session_id: newId() })).status).toBe(200);

    gate.open();
    expect((await first).status).toBe(200);
  });

  it('answers each of twenty runs at once with 200 or session_busy, and has only the answered in its history', async () => {
    const sessionId = newId();
    const messages = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    const answers = await Promise.all(
      messages.map(async (message) => ({ message, answer: await chat(service, { message, session_id: sessionId }) })),
    );

    const answered = answers.filter(({ answer }) => answer.status === 200);
    expect(answered.length).toBeGreaterThanOrEqual(1);
    for (const { answer } of answers) {
      if (answer.status !== 200) expectError(answer, 409, 'session_busy');
    }
    const turns = turnsOf(await historyOf(service, sessionId));
    expect(turns.toSorted()).toEqual(answered.map(({ message }) => message).toSorted());
  });
});

describe('a run that fails', () => {
  it('leaves the history of its session as it was', async () => {
    const sessionId = newId();
    await chat(service, { message: 'before', session_id: sessionId });
    // Each attempt fails: nothing of a whole answer is out before its end.
    for (let attempt = 0; attempt < 3; attempt++) upstream.next({ does: 'cut', afterDeltas: 3 });

    expectError(await chat(service, { message: 'failing one two', session_id: sessionId }), 502, 'model_error');

    expect(await historyOf(service, sessionId)).toEqual(turn('before'));
    expect((await send(service, `GET ${SESSIONS}/${sessionId}`)).body.message_count).toBe(2);
    await chat(service, { message: 'after', session_id: sessionId });
    expect(upstream.requests.at(-1)?.messages.slice(1)).toEqual([
      ...turn('before'),
      { role: 'user', content: 'after' },
    ]);
  });

  it('leaves the history as it was at a timeout, and frees the session', async () => {
    const sessionId = newId();
    await chat(impatient.service, { message: 'before', session_id: sessionId });
    impatient.upstream.next({ does: 'stay silent' });

    const answer = await chat(impatient.service, { message: 'too slow', session_id: sessionId });

    expectError(answer, 504, 'agent_timeout');
    expect(await historyOf(impatient.service, sessionId)).toEqual(turn('before'));
    expect((await chat(impatient.service, { message: 'after', session_id: sessionId })).status).toBe(200);
  });

  it('leaves the history as it was if its caller leaves, and frees the session', async () => {
    const sessionId = newId();
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.next({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(service, { message: 'leaving soon', session_id: sessionId });
    await stream.readTo('message.delta');

    stream.leave();

    await until('the session is free', async () => {
      return (await chat(service, { message: 'after', session_id: sessionId })).status === 200;
    });
    expect(await historyOf(service, sessionId)).toEqual([...turn('before'), ...turn('after')]);
  });
});

describe('a service that is killed', () => {
  it('still has all its answers, in whole turns, and no session stays busy', async () => {
    const answered = new Map<string, string[]>();
    for (const round of [1, 2]) {
      const talks = Array.from({ length: 6 }, (_, index) => talkUntilCut(mortal.service, `talk-${index}`, round));
      const enough = 12;
      await until('some runs were answered', () => mortal.upstream.requests.length > round * enough, 15_000);
      await mortal.service.kill9();
      for (const { sessionId, messages } of await Promise.all(talks)) {
        answered.set(sessionId, [...(answered.get(sessionId) ?? []), ...messages]);
      }
      await mortal.service.start();
    }

    for (const [sessionId, messages] of answered) {
      const turns = turnsOf(await historyOf(mortal.service, sessionId));
      expect(turns.filter((message) => messages.includes(message))).toEqual(messages);
      expect(new Set(turns).size).toBe(turns.length);
      await until(
        'the session is free',
        async () => (await chat(mortal.service, { message: 'after', session_id: sessionId })).status === 200,
        10_000,
      );
    }
  });

  it('has its sessions after an orderly restart too', async () => {
    const sessionId = newId();
    await chat(mortal.service, { message: 'before', session_id: sessionId });

    await mortal.service.restart();

    await chat(mortal.service, { message: 'after', session_id: sessionId });
    expect(await historyOf(mortal.service, sessionId)).toEqual([...turn('before'), ...turn('after')]);
  });
});

function newId(): string {
  return `session-${randomUUID()}`;
}

/** Returns the history of a turn if the upstream echoes the message. */
function turn(message: string): Said[] {
  return [
    { role: 'user', content: message },
    { role: 'assistant', content: `Echo: ${message}` },
  ];
}

/** Returns the messages of a history; fails unless it consists of whole turns. */
function turnsOf(history: Said[]): string[] {
  const messages = history.filter(({ role }) => role === 'user').map(({ content }) => content);
  expect(history).toEqual(messages.flatMap(turn));
  return messages;
}

/** Returns every page of a list. */
async function walk(target: Target, path: string, limit: number): Promise<Json[][]> {
  const pages: Json[][] = [];
  let query = `limit=${limit}`;
  for (;;) {
    const { status, body } = await send(target, `GET ${path}?${query}`);
    expect(status).toBe(200);
    pages.push(objects(body.items));
    if (body.next_cursor === null || pages.length > 200) return pages;
    query = `limit=${limit}&cursor=${cursorOf(body)}`;
  }
}

function cursorOf(page: Json): string {
  return encodeURIComponent(string(page.next_cursor));
}

/** Chats until the connection is cut, and returns the answered messages. */
async function talkUntilCut(target: Service, sessionId: string, round: number) {
  const messages: string[] = [];
  for (let index = 0; ; index++) {
    const message = `round ${round} message ${index}`;
    const answer = await chat(target, { message, session_id: sessionId }).catch(() => undefined);
    if (!answer) return { sessionId, messages };
    if (answer.status === 200) messages.push(message);
  }
}
