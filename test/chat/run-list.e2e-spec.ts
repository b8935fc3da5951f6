import { randomUUID } from 'node:crypto';
import { RookeryClient } from '../../src/client/index.js';
import { openKeys } from '../../src/keys/open.keys.js';
import type { Scope } from '../../src/auth/scopes.js';
import { chat, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { openStream, streamAll } from '../support/clients/sse.js';
import { submit } from '../support/clients/tasks.js';
import { objects, string, type Json } from '../support/json.js';
import { removeServices, startPair } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const RUNS = '/api/v1/agent/runs';
const ISO_UTC = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const TIMES = { started_at: ISO_UTC, finished_at: ISO_UTC };
const CALCULATION = { id: 'call-1', name: 'calculate', arguments: '{"expression":"6 * 7"}' };
const ENDLESS = { id: 'call-2', name: 'run_javascript', arguments: '{"code":"while (true) {}"}' };

const { service, upstream } = await startPair('chat', { AUTH_MODE: 'api-key' });
const opened = await openKeys(service.databaseUrl);

/** Returns the header of a new key. */
async function keyOf(tenant: string, ...scopes: Scope[]): Promise<Record<string, string>> {
  const { key } = await opened.keys.create({ name: 'test', tenant, scopes }, 'test');
  return { 'x-api-key': key };
}

const [chatting, working, reading, umbrella, operator] = await Promise.all([
  keyOf('acme', 'chat'),
  keyOf('acme', 'chat', 'tasks'),
  keyOf('acme', 'chat', 'tasks', 'sessions:read', 'sessions:write'),
  keyOf('umbrella', 'chat', 'tasks', 'sessions:read'),
  keyOf('other', 'admin'),
]);

afterAll(async () => {
  await opened.close();
  await removeServices();
});

beforeEach(() => upstream.clear());

async function runOf(id: string, headers: Record<string, string>): Promise<Json> {
  const { status, body, text } = await send(service, `GET ${RUNS}/${id}`, { headers });
  if (status !== 200) throw new Error(text);
  return body;
}

async function listOf(query: string, headers: Record<string, string>): Promise<Json[]> {
  const { status, body, text } = await send(service, `GET ${RUNS}?${query}`, { headers });
  if (status !== 200) throw new Error(text);
  return objects(body.items);
}

const idsOf = (items: readonly Json[]) => items.map(({ run_id }) => run_id);

async function endOf(id: string, headers: Record<string, string>): Promise<Json> {
  return await until('the run has ended', async () => {
    const run = await runOf(id, headers);
    return run.finished_at !== undefined && run;
  });
}

describe('GET /runs/{run_id}', () => {
  it('shows a chat with the times of its turns and calls, and with its answer if it has a key', async () => {
    for (const key of [undefined, randomUUID()]) {
      const session_id = randomUUID();
      upstream.next({ does: 'reply', toolCalls: [CALCULATION] });
      const headers = { ...chatting, ...(key === undefined ? {} : { 'idempotency-key': key }) };
      const { body: answer } = await chat(service, { message: 'one', session_id }, { headers });

      expect(await runOf(string(answer.run_id), chatting)).toEqual({
        run_id: answer.run_id,
        status: 'completed',
        kind: 'chat',
        agent_role: 'assistant',
        session_id,
        model: 'gpt-4o',
        release: 'code',
        created_at: ISO_UTC,
        ...TIMES,
        attempt: 1,
        usage: expect.objectContaining({ total_tokens: answer.tokens_used }),
        turns: ['1', '2'].map((step) =>
          Object.assign({ step, model: 'gpt-4o' }, TIMES, {
            input_tokens: expect.any(Number),
            output_tokens: expect.any(Number),
          }),
        ),
        tool_calls: [{ step: '1.0', tool: 'calculate', call_id: 'call-1', ...TIMES, is_error: false, tries: 1 }],
        ...(key === undefined ? {} : { result: answer }),
      });
    }
  });

  it('shows a stream that was cancelled, with the turn that did not finish', async () => {
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(service, { message: 'hello' }, { headers: chatting });
    const [started] = await stream.readTo('message.delta');
    const id = string(started?.data.run_id);
    expect(await runOf(id, chatting)).toMatchObject({ status: 'running', kind: 'stream', turns: [], tool_calls: [] });
    expect((await send(service, `POST ${RUNS}/${id}/cancel`, { headers: chatting })).status).toBe(202);

    const run = await endOf(id, chatting);
    expect(run).toMatchObject({ status: 'cancelled', error_code: 'run_cancelled', error: { error: 'run_cancelled' } });
    expect(objects(run.turns)).toEqual([
      { step: '1', model: expect.any(String), started_at: ISO_UTC, input_tokens: 0, output_tokens: 0 },
    ]);
    stream.leave();
  });

  it('shows a stream that failed', async () => {
    upstream.always({ does: 'refuse', status: 400 });
    const events = await streamAll(service, { message: 'hello' }, { headers: chatting });
    const run = await endOf(string(events[0]?.data.run_id), chatting);
    expect(run).toMatchObject({ status: 'failed', error_code: 'model_error', error: { error: 'model_error' } });
  });

  it('shows a task whose tool runs', async () => {
    upstream.next({ does: 'reply', toolCalls: [ENDLESS] });
    const request = { message: 'loop', agent_role: 'coder' };
    const { body } = await submit(service, request, { headers: working });
    const id = string(body.task_id);
    const [call] = await until('the tool runs', async () => {
      const calls = objects((await runOf(id, working)).tool_calls);
      return calls[0]?.started_at !== undefined && calls;
    });
    expect(call).toEqual({
      step: '1.0',
      tool: 'run_javascript',
      call_id: 'call-2',
      started_at: ISO_UTC,
      is_error: false,
      tries: 1,
    });

    await send(service, `POST ${RUNS}/${id}/cancel`, { headers: working });
    const run = await endOf(id, working);
    expect(run).toMatchObject({ status: 'cancelled', turns: [{ step: '1', finished_at: ISO_UTC }] });
    expect(run.tool_calls).toEqual([call]);
  });
});

describe('the runs that a caller may read', () => {
  it('are its own, and its end user’s if it acts for one', async () => {
    const ada = { ...chatting, 'x-end-user': 'ada' };
    const [own, others, foreign] = await Promise.all(
      [ada, chatting, umbrella].map(async (headers) => {
        const { body } = await chat(service, { message: 'hi' }, { headers });
        return string(body.run_id);
      }),
    );
    const { body: task } = await submit(service, { message: 'hi' }, { headers: { ...working, 'x-end-user': 'ada' } });
    const taskId = string(task.task_id);
    const cases: [Record<string, string>, string[]][] = [
      [ada, [own ?? '']],
      [{ ...chatting, 'x-end-user': 'bob' }, []],
      [working, [taskId]],
      [{ ...reading, 'x-end-user': 'ada' }, [own ?? '', taskId]],
      [reading, [own ?? '', others ?? '', taskId]],
      [umbrella, [foreign ?? '']],
    ];
    const all = [own ?? '', others ?? '', taskId, foreign ?? ''];
    for (const [headers, ids] of cases) {
      const listed = new Set(idsOf(await listOf('limit=100', headers)));
      expect(all.filter((id) => listed.has(id))).toEqual(ids);
      for (const id of all) {
        const answer = await send(service, `GET ${RUNS}/${id}`, { headers });
        if (ids.includes(id)) expect(answer.status).toBe(200);
        else expectError(answer, 404, 'run_not_found');
      }
    }
    expect(idsOf(await listOf('tenant=umbrella', operator))).toEqual([foreign]);
    expectError(await send(service, `GET ${RUNS}?tenant=umbrella`, { headers: reading }), 403, 'forbidden');
    await endOf(taskId, working);
  });
});

describe('GET /runs', () => {
  it('filters, and pages from the newest run on', async () => {
    const session_id = randomUUID();
    const ids: string[] = [];
    for (const message of ['one', 'two', 'three']) {
      const { body } = await chat(service, { message, session_id }, { headers: reading });
      ids.unshift(string(body.run_id));
    }
    const [newest, middle] = await listOf(`session_id=${session_id}`, reading);
    expect(newest).toMatchObject({ run_id: ids[0], kind: 'chat', status: 'completed' });
    expect(newest).not.toHaveProperty('turns');
    const times = `from=${string(middle?.created_at)}&to=${string(newest?.created_at)}`;
    expect(idsOf(await listOf(`session_id=${session_id}&status=completed&kind=chat&${times}`, reading))).toEqual([
      ids[1],
    ]);
    expect(await listOf(`session_id=${session_id}&agent_role=coder`, reading)).toEqual([]);

    const client = new RookeryClient({ baseUrl: service.url, apiKey: string(reading['x-api-key']) });
    const listed = await Array.fromAsync(client.runs.list({ session_id, pageSize: 1 }));
    expect(listed.map(({ run_id }) => run_id)).toEqual(ids);
    expect((await client.runs.get(ids[0] ?? '')).turns).toHaveLength(1);
  });

  it.each([
    ['status', 'done'],
    ['kind', 'webhook'],
    ['session_id', '..'],
    ['from', 'yesterday'],
    ['from', '2026-01-02'],
    ['from', '2026-02-30T00:00:00Z'],
    ['to', '2026-01-02T03:04:05'],
    ['to', '2026-W01-1T00:00:00Z'],
    ['limit', '101'],
    ['cursor', 'x'],
  ])('refuses %s=%s', async (field, value) => {
    const answer = await send(service, `GET ${RUNS}?${field}=${value}`, { headers: chatting });
    expectError(answer, 422, 'validation_failed');
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it('has nothing of an erased session, and an export has the times', async () => {
    const session_id = randomUUID();
    const { body } = await chat(service, { message: 'hi', session_id }, { headers: reading });
    const path = `/api/v1/agent/sessions/${session_id}`;
    const exported = await send(service, `GET ${path}/export`, { headers: reading });
    expect(exported.text).toContain('"timeline":{"turns":[{"step":"1"');
    await send(service, `DELETE ${path}`, { headers: reading });

    expect(await listOf(`session_id=${session_id}`, reading)).toEqual([]);
    expectError(await send(service, `GET ${RUNS}/${string(body.run_id)}`, { headers: reading }), 404, 'run_not_found');
  });
});
