import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chat, send } from '../support/clients/client.js';
import type { Json } from '../support/json.js';
import { removeServices, startPair, startPairs, type Service } from '../support/service/service.js';
import { openStream, streamAll } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';
import { INPUT_TOKENS } from '../support/servers/upstream.js';

const SESSIONS = '/api/v1/agent/sessions';

const [pairs, impatient] = await Promise.all([
  startPairs({ STREAM_GRACE_SECONDS: '0' }),
  startPair('chat', { AGENT_TIMEOUT_SECONDS: '1' }),
]);
const [{ service, upstream }] = pairs;

afterAll(removeServices);

beforeEach(() => {
  for (const pair of [...pairs, impatient]) pair.upstream.clear();
});

describe.each(pairs)('the row of a run, with MODEL_API=$api', (pair) => {
  it.each(['/chat', '/chat/stream'])('has the tokens and the model of a run that completed over %s', async (path) => {
    const sessionId = randomUUID();
    const request = { message: 'one two three', session_id: sessionId, agent_role: 'coder' };
    const runId =
      path === '/chat'
        ? (await chat(pair.service, request)).body.run_id
        : (await streamAll(pair.service, request))[0]?.data.run_id;

    expect(rowsOf(pair.service, sessionId)).toEqual([
      {
        run_id: runId,
        tenant: 'default',
        session_id: sessionId,
        agent_role: 'coder',
        agent_version: null,
        kind: path === '/chat' ? 'chat' : 'stream',
        status: 'completed',
        attempt: 1,
        crashes: 0,
        blamed_at: null,
        end_user: null,
        scopes: null,
        owner: null,
        holds_session: 0,
        caller: 'ip:127.0.0.1',
        request_id: expect.stringMatching(/./),
        request: null,
        metadata: null,
        release: 'code',
        releases: null,
        not_before: null,
        failures: null,
        has_effects: null,
        effect_key: null,
        retry_of: null,
        response: null,
        model: 'gpt-4o',
        input_tokens: INPUT_TOKENS,
        output_tokens: 4,
        cached_tokens: 0,
        reasoning_tokens: 0,
        cost: 0,
        error: null,
        outcome: path === '/chat' ? null : expect.stringContaining('Echo: one two three'),
        timeline: expect.stringContaining('"input_tokens"'),
        cancel_reason: null,
        webhook_url: null,
        created_at: expect.any(Number),
        started_at: expect.any(Number),
        claimed_at: expect.any(Number),
        spent_ms: 0,
        finished_at: expect.any(Number),
        has_events: null,
      },
    ]);
  });

  it('is stored before the answer, with its start and end', async () => {
    const sessionId = randomUUID();
    const before = Date.now();
    await chat(pair.service, { message: 'hello', session_id: sessionId });

    const [row] = rowsOf(pair.service, sessionId);
    expect(row?.created_at).toBeGreaterThanOrEqual(before);
    expect(row?.finished_at).toBeGreaterThanOrEqual(Number(row?.created_at));
    expect(row?.finished_at).toBeLessThanOrEqual(Date.now());
  });

  it('has the code of the error of a failed run', async () => {
    const sessionId = randomUUID();
    pair.upstream.always({ does: 'refuse', status: 400 });
    await chat(pair.service, { message: 'hello', session_id: sessionId });
    await streamAll(pair.service, { message: 'hello', session_id: sessionId });

    expect(await outcomesOf(pair.service, sessionId, 2)).toEqual([
      ['failed', 'model_error'],
      ['failed', 'model_error'],
    ]);
  });
});

describe('the row of a run', () => {
  it('has the code of the timeout for a run that took too long', async () => {
    const sessionId = randomUUID();
    impatient.upstream.always({ does: 'stay silent' });
    await chat(impatient.service, { message: 'hello', session_id: sessionId });

    expect(await outcomesOf(impatient.service, sessionId, 1)).toEqual([['failed', 'agent_timeout']]);
  });

  it('is marked as cancelled if the caller left', async () => {
    const sessionId = randomUUID();
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(service, { message: 'hello', session_id: sessionId });
    await stream.readTo('message.delta');
    stream.leave();

    expect(await outcomesOf(service, sessionId, 1)).toEqual([['cancelled', 'client_closed_request']]);
  });

  it.each([
    ['completed', { does: 'reply' } as const],
    ['failed', { does: 'refuse', status: 400 } as const],
  ])('is deleted with its session if the run %s', async (status, plan) => {
    const sessionId = randomUUID();
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.next(plan);
    await chat(service, { message: 'hello', session_id: sessionId });
    await until('the row exists', () => rowsOf(service, sessionId).some((row) => row.status === status));

    expect((await send(service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);

    expect(rowsOf(service, sessionId)).toEqual([]);
  });

  it('is not written if the session was erased meanwhile', async () => {
    const [sessionId, otherId] = [randomUUID(), randomUUID()];
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.next({ does: 'stay silent' });
    const running = chat(service, { message: 'hello', session_id: sessionId });
    await until('the model was called', () => upstream.asked('hello'));

    expect((await send(service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);

    expect((await running).status).toBe(409);
    // A later write is stored, so an earlier one would be stored too.
    await chat(service, { message: 'hello', session_id: otherId });
    expect(rowsOf(service, otherId)).toHaveLength(1);
    expect(rowsOf(service, sessionId)).toEqual([]);
  });
});

describe.each(pairs)('a reader that does not read its stream, with MODEL_API=$api', (pair) => {
  it('is disconnected with too many unread bytes, and its run is cancelled', async () => {
    const sessionId = randomUUID();
    const requestId = randomUUID();
    const text = `${'x'.repeat(64 * 1024)} `.repeat(320);
    pair.upstream.always({ does: 'reply', text, hold: { afterDeltas: 320, until: new Gate().opened } });
    const body = JSON.stringify({ message: 'long', session_id: sessionId });
    const socket = connect(Number(new URL(pair.service.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    socket.write(
      'POST /api/v1/agent/chat/stream HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
        `x-request-id: ${requestId}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );

    expect(await outcomesOf(pair.service, sessionId, 1)).toEqual([['cancelled', 'client_closed_request']]);
    await until('the provider lost its caller', () => pair.upstream.asked('long')?.abandonedAt);
    await until('it is logged', () => pair.service.logsOf(requestId).some(({ status }) => status === 499));
    socket.destroy();
    pair.upstream.clear();
    expect((await chat(pair.service, { message: 'after', session_id: sessionId })).status).toBe(200);
  });
});

/** Returns the rows of a session's runs, oldest first, read from the database file as a command-line tool would. */
function rowsOf({ folder }: Service, sessionId: string): Json[] {
  const database = new DatabaseSync(join(folder, 'rookery.db'), { readOnly: true });
  try {
    return database
      .prepare('SELECT * FROM runs WHERE session_id = ? ORDER BY run_id')
      .all(sessionId)
      .map((row) => Object.assign({}, row));
  } finally {
    database.close();
  }
}

/** Returns status and error of the runs once that many have ended. */
async function outcomesOf(target: Service, sessionId: string, count: number): Promise<unknown[][]> {
  const rows = await until(`${count} runs have ended`, () => {
    const found = rowsOf(target, sessionId).filter(({ finished_at }) => finished_at !== null);
    return found.length >= count && found;
  });
  // An aborted run has used tokens; a refused one has not.
  for (const { error, input_tokens } of rows) expect(Number(input_tokens) > 0).toBe(error !== 'model_error');
  return rows.map(({ status, error }) => [status, error]);
}
