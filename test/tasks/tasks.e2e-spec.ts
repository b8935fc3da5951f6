import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { chat, historyOf, send, type Said } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object, objects, string, type Json } from '../support/json.js';
import { removeServices, startPair, startPairProcess } from '../support/service/service.js';
import { deltasOf, followEvents, numbersOf, openStream } from '../support/clients/sse.js';
import { cancelTask, ended, reached, submit, submitted, taskOf, TASKS } from '../support/clients/tasks.js';
import { Gate, until } from '../support/until.js';
import { INPUT_TOKENS } from '../support/servers/upstream.js';

const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SESSIONS = '/api/v1/agent/sessions';
const CALCULATION = { id: 'call-1', name: 'calculate', arguments: '{"expression":"6 * 7"}' };

const [plain, mortal, patient, hasty] = await Promise.all([
  startPair('chat'),
  startPairProcess('chat', { TASK_CONCURRENCY: '2' }),
  startPair('responses', { SESSION_POLICY: 'queue' }),
  startPair('responses', { SESSION_POLICY: 'interrupt' }),
]);
const { service, upstream } = plain;

afterAll(removeServices);

beforeEach(() => {
  for (const pair of [plain, mortal, patient, hasty]) pair.upstream.clear();
});

describe('POST /tasks', () => {
  it('answers 202 with the task and its address, and the task runs to its end', async () => {
    const sessionId = randomUUID();
    const answer = await submit(service, { message: 'one two three', session_id: sessionId, agent_role: 'coder' });

    expect(answer.status).toBe(202);
    const taskId = string(answer.body.task_id);
    expect(answer.headers.location).toBe(`${TASKS}/${taskId}`);
    const common = {
      task_id: taskId,
      agent_role: 'coder',
      session_id: sessionId,
      created_at: expect.stringMatching(ISO_UTC),
    };
    expect(answer.body).toEqual({ ...common, status: 'queued', attempt: 0 });
    expect(await ended(service, taskId)).toEqual({
      ...common,
      status: 'completed',
      attempt: 1,
      started_at: expect.stringMatching(ISO_UTC),
      finished_at: expect.stringMatching(ISO_UTC),
      result: {
        session_id: sessionId,
        run_id: taskId,
        reply: 'Echo: one two three',
        tokens_used: INPUT_TOKENS + 4,
        model: 'gpt-4o',
        processing_time_ms: expect.any(Number),
      },
    });
    expect(await historyOf(service, sessionId)).toEqual(turn('one two three'));
  });

  it('stores the error of a failed task, and leaves the history as it was', async () => {
    const sessionId = randomUUID();
    upstream.next({ does: 'refuse', status: 400 });
    const taskId = await submitted(service, { message: 'hello', session_id: sessionId });

    const task = await ended(service, taskId);

    expect(task).toMatchObject({ status: 'failed', error: { error: 'model_error', request_id: expect.any(String) } });
    expect(task).not.toHaveProperty('result');
    expect(await historyOf(service, sessionId)).toEqual([]);
  });

  it('holds its session from the start', async () => {
    const sessionId = randomUUID();
    upstream.always({ does: 'reply', hold: { afterDeltas: 0, until: new Gate().opened } });
    await submitted(service, { message: 'first', session_id: sessionId });

    expectError(await chat(service, { message: 'second', session_id: sessionId }), 409, 'session_busy');
    expectError(await submit(service, { message: 'third', session_id: sessionId }), 409, 'session_busy');
    expect((await send(service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);
  });

  it.each([
    [422, 'validation_failed', '{"message":"hello","priority":1}', 'application/json'],
    [422, 'validation_failed', '{"message":""}', 'application/json'],
    [422, 'validation_failed', '{"message":"hello","agent_role":"resercher"}', 'application/json'],
    [400, 'malformed_request', '{', 'application/json'],
    [415, 'unsupported_media_type', '{"message":"hello"}', 'text/plain'],
  ])('refuses with %p %s: %s as %s', async (status, error, body, type) => {
    const answer = await send(service, `POST ${TASKS}`, { body, headers: { 'content-type': type } });
    expectError(answer, status, error);
  });
});

describe('GET /tasks', () => {
  const ids: string[] = [];

  beforeAll(async () => {
    upstream.clear();
    for (const message of ['a', 'b', 'c', 'd', 'e']) {
      if (message === 'c') upstream.next({ does: 'refuse', status: 400 });
      const taskId = await submitted(service, { message });
      await ended(service, taskId);
      ids.unshift(taskId);
    }
  });

  it.each([1, 2, 3, 100])('lists each task once, newest first, in pages of %p', async (limit) => {
    const listed: unknown[] = [];
    let query = `limit=${limit}`;
    for (let pages = 0; pages < 60; pages++) {
      const { status, body } = await send(service, `GET ${TASKS}?${query}`);
      expect(status).toBe(200);
      listed.push(...objects(body.items).map(({ task_id }) => task_id));
      if (body.next_cursor === null) break;
      query = `limit=${limit}&cursor=${string(body.next_cursor)}`;
    }

    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((id) => ids.includes(string(id)))).toEqual(ids);
  });

  it('lists only tasks of one status, each in full', async () => {
    const { body } = await send(service, `GET ${TASKS}?status=failed&limit=1`);

    expect(objects(body.items)).toEqual([await taskOf(service, ids[2] ?? '')]);
    expect(objects((await send(service, `GET ${TASKS}?status=waiting_approval`)).body.items)).toEqual([]);
  });

  it.each([
    ['status=finished', 'status'],
    ['status=completed&status=failed', 'status'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['stats=failed', 'stats'],
  ])('refuses ?%s', async (query, field) => {
    const answer = await send(service, `GET ${TASKS}?${query}`);
    expectError(answer, 422, 'validation_failed');
    expect(objects(answer.body.errors).map((error) => error.field)).toContain(field);
  });
});

describe('an unknown resource', () => {
  it.each([
    ['GET /tasks/unknown', 'task_not_found'],
    ['GET /tasks/unknown/events', 'task_not_found'],
    ['POST /tasks/unknown/cancel', 'task_not_found'],
    ['POST /tasks/unknown/approvals/some', 'task_not_found'],
    ['GET /runs/unknown/events', 'run_not_found'],
    ['POST /runs/unknown/cancel', 'run_not_found'],
    ['POST /runs/unknown/approvals/some', 'run_not_found'],
  ])('is %s: %s', async (call, error) => {
    const body = call.includes('approvals') ? { decision: 'approve' } : undefined;
    expectError(await send(service, call.replace(' ', ' /api/v1/agent'), { body }), 404, error);
  });

  it('is an approval that the task never requested', async () => {
    const taskId = await submitted(service, { message: 'hello' });
    for (const path of [`${TASKS}/${taskId}`, `/api/v1/agent/runs/${taskId}`]) {
      const answer = await send(service, `POST ${path}/approvals/some`, { body: { decision: 'approve' } });
      expectError(answer, 404, 'not_found');
    }
  });

  it('is a chat as a task, and its events, but not its run', async () => {
    const { run_id: runId } = (await chat(service, { message: 'hello' })).body;
    expectError(await send(service, `GET ${TASKS}/${string(runId)}`), 404, 'task_not_found');
    expectError(await send(service, `GET /api/v1/agent/runs/${string(runId)}/events`), 404, 'run_not_found');
    expectError(await send(service, `POST /api/v1/agent/runs/${string(runId)}/cancel`), 409, 'task_already_finished');
  });
});

describe('the events of a task', () => {
  let taskId: string;

  beforeAll(async () => {
    upstream.clear();
    upstream.next({ does: 'reply', toolCalls: [CALCULATION] }, { does: 'reply', text: 'It is 42.' });
    taskId = await submitted(service, { message: 'What is 6 * 7?' });
    await ended(service, taskId);
  });

  it.each(['tasks', 'runs'])('are complete after its end, under /%s too', async (resource) => {
    const stream = await followEvents(service, `/${resource}/${taskId}/events`);
    const events = await stream.rest();

    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(events.map(({ event }) => event)).toEqual([
      'run.started',
      'tool.started',
      'tool.completed',
      ...events.slice(3, -1).map(() => 'message.delta'),
      'run.completed',
    ]);
    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ data }) => data.run_id))).toEqual(new Set([taskId]));
    expect(events.at(-1)?.data.response).toEqual((await taskOf(service, taskId)).result);
  });

  it.each([
    ['Last-Event-ID: 2', '', { 'last-event-id': '2' }, 3],
    ['?after=2', '?after=2', {}, 3],
    ['?after=0', '?after=0', {}, 1],
    ['a header that is empty', '', { 'last-event-id': '' }, 1],
    ['both, of which only the header counts', '?after=1', { 'last-event-id': '3' }, 4],
  ])('continue after %s', async (_, query, headers, first) => {
    const all = await (await followEvents(service, `/tasks/${taskId}/events`)).rest();
    const events = await (await followEvents(service, `/tasks/${taskId}/events${query}`, { headers })).rest();
    expect(events).toEqual(all.slice(first - 1));
  });

  it('answer 204 to readers with the last one', async () => {
    const last = (await (await followEvents(service, `/tasks/${taskId}/events`)).rest()).length;
    for (const resource of ['tasks', 'runs']) {
      const answer = await send(service, `GET /api/v1/agent/${resource}/${taskId}/events?after=${last}`);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(answer.headers['x-request-id']).toMatch(/./);
    }
  });

  it.each(['99', '2147483647', '2147483648', '-1', '1.5', 'abc', '1e3', '1,2'])(
    'refuse %s, which is not the number of an event',
    async (number) => {
      const header = await send(service, `GET ${TASKS}/${taskId}/events`, { headers: { 'last-event-id': number } });
      const query = await send(service, `GET ${TASKS}/${taskId}/events?after=${number}`);
      expectError(header, 422, 'validation_failed');
      expectError(query, 422, 'validation_failed');
    },
  );

  it('reach readers who join during the task at once', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', text: 'first second third', hold: { afterDeltas: 1, until: gate.opened } });
    const runningId = await submitted(service, { message: 'hello' });
    const early = await followEvents(service, `/tasks/${runningId}/events`);
    const seen = await early.readTo('message.delta');
    const late = await followEvents(service, `/runs/${runningId}/events`, { headers: { 'last-event-id': '1' } });
    const replayed = await late.readTo('message.delta');
    expect(replayed).toEqual(seen.slice(1));

    gate.open();
    const [rest, restOfLate] = [await early.rest(), await late.rest()];
    expect(restOfLate).toEqual(rest);
    expect(numbersOf([...seen, ...rest])).toEqual([...seen, ...rest].map((_, index) => index + 1));
    expect(deltasOf([...seen, ...rest])).toBe('first second third');
  });

  it('do not affect the task: it continues when its readers leave', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const runningId = await submitted(service, { message: 'hello' });
    const reader = await followEvents(service, `/runs/${runningId}/events`);
    await reader.readTo('message.delta');
    reader.leave();
    await sleep(20);

    gate.open();
    expect(await ended(service, runningId)).toMatchObject({ status: 'completed' });
  });
});

describe('POST /tasks/{task_id}/cancel', () => {
  it('ends a running task and its request to the provider', async () => {
    const sessionId = randomUUID();
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const taskId = await submitted(service, { message: 'running', session_id: sessionId });
    const stream = await followEvents(service, `/tasks/${taskId}/events`);
    const seen = await stream.readTo('message.delta');

    const answer = await cancelTask(service, taskId);

    expect([answer.status, answer.body.task_id]).toEqual([202, taskId]);
    await until('the provider lost its caller', () => upstream.asked('running')?.abandonedAt, 4000);
    const rest = await stream.rest();
    expect(rest.map(({ event }) => event)).toEqual(['run.cancelled']);
    expect(numbersOf(rest)).toEqual([seen.length + 1]);
    expect(await ended(service, taskId)).toMatchObject({ status: 'cancelled', error: { error: 'run_cancelled' } });
    expect((await cancelTask(service, taskId)).status).toBe(202);
    expect(await historyOf(service, sessionId)).toEqual(turn('before'));
    upstream.clear();
    expect((await chat(service, { message: 'after', session_id: sessionId })).status).toBe(200);
  });

  it('ends a queued task at once, without a model call', async () => {
    const running = await occupied();
    const sessionId = randomUUID();
    const taskId = await submitted(mortal.service, { message: 'queued', session_id: sessionId });
    expect(await taskOf(mortal.service, taskId)).toMatchObject({ status: 'queued', attempt: 0 });

    const answer = await cancelTask(mortal.service, taskId);

    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'cancelled', attempt: 0, finished_at: expect.stringMatching(ISO_UTC) });
    const events = await (await followEvents(mortal.service, `/tasks/${taskId}/events`)).rest();
    expect(events.map(({ id, event }) => [id, event])).toEqual([['1', 'run.cancelled']]);
    expect((await cancelTask(mortal.service, taskId)).body).toMatchObject({ status: 'cancelled' });
    running.open();
    expect((await chat(mortal.service, { message: 'hello', session_id: sessionId })).status).toBe(200);
    expect(mortal.upstream.asked('queued')).toBeUndefined();
  });

  it.each([
    ['completed', { does: 'reply' } as const],
    ['failed', { does: 'refuse', status: 400 } as const],
  ])('answers task_already_finished for one that %s, and changes nothing', async (status, plan) => {
    upstream.next(plan);
    const taskId = await submitted(service, { message: 'hello' });
    const task = await ended(service, taskId);

    expectError(await cancelTask(service, taskId), 409, 'task_already_finished');
    expectError(await send(service, `POST /api/v1/agent/runs/${taskId}/cancel`), 409, 'task_already_finished');
    expect(await taskOf(service, taskId)).toEqual(task);
    expect(task.status).toBe(status);
  });

  it('leaves one final state if it races an answer', async () => {
    for (let round = 0; round < 12; round++) {
      const gate = new Gate();
      const sessionId = randomUUID();
      upstream.when(`round ${round}`, { does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
      const taskId = await submitted(service, { message: `round ${round}`, session_id: sessionId });
      const stream = await followEvents(service, `/tasks/${taskId}/events`);
      await stream.readTo('message.delta');

      gate.open();
      await sleep(round);
      const answers = await Promise.all(Array.from({ length: 50 }, () => cancelTask(service, taskId)));

      const last = (await stream.rest()).at(-1)?.event;
      const { status } = await ended(service, taskId);
      expect(last).toBe(`run.${string(status)}`);
      expect([...new Set(answers.map((answer) => answer.status))]).toEqual([status === 'completed' ? 409 : 202]);
      expect(await historyOf(service, sessionId)).toEqual(status === 'completed' ? turn(`round ${round}`) : []);
      expect((await taskOf(service, taskId)).status).toBe(status);
    }
  });

  it('ends any other run by its id, and answers its chat with run_cancelled', async () => {
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(service, { message: 'running' });
    const [started] = await stream.readTo('message.delta');

    const answer = await send(service, `POST /api/v1/agent/runs/${string(started?.data.run_id)}/cancel`);

    expect([answer.status, answer.body.run_id]).toEqual([202, started?.data.run_id]);
    expect((await stream.rest()).at(-1)?.event).toBe('run.cancelled');
    await until('the provider lost its caller', () => upstream.asked('running')?.abandonedAt, 4000);
  });
});

describe('DELETE /sessions/{session_id}', () => {
  it('cancels the task that runs in it, and removes both', async () => {
    const sessionId = randomUUID();
    await chat(service, { message: 'before', session_id: sessionId });
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const taskId = await submitted(service, { message: 'running', session_id: sessionId });
    const stream = await followEvents(service, `/tasks/${taskId}/events`);
    await stream.readTo('message.delta');

    expect((await send(service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);

    expect((await stream.rest()).at(-1)?.event).toBe('run.cancelled');
    await until('the provider lost its caller', () => upstream.asked('running')?.abandonedAt, 4000);
    expectError(await send(service, `GET ${TASKS}/${taskId}`), 404, 'task_not_found');
    expectError(await send(service, `GET ${TASKS}/${taskId}/events`), 404, 'task_not_found');
    expectError(await send(service, `GET ${SESSIONS}/${sessionId}`), 404, 'session_not_found');
  });

  it('cancels its queued task', async () => {
    const running = await occupied();
    const sessionId = randomUUID();
    const taskId = await submitted(mortal.service, { message: 'queued', session_id: sessionId });

    expect((await send(mortal.service, `DELETE ${SESSIONS}/${sessionId}`)).status).toBe(204);

    expectError(await send(mortal.service, `GET ${TASKS}/${taskId}`), 404, 'task_not_found');
    running.open();
    expect((await chat(mortal.service, { message: 'hello', session_id: sessionId })).status).toBe(200);
    expect(mortal.upstream.asked('queued')).toBeUndefined();
  });
});

describe('a service that is killed', () => {
  it('resumes its tasks after their finished turns, without a gap in their events', async () => {
    const question = 'What is 6 * 7?';
    const [taskSession, streamSession, chatSession] = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of [streamSession, chatSession]) {
      await chat(mortal.service, { message: 'before', session_id: id });
    }
    mortal.upstream.when(question, { does: 'reply', toolCalls: [CALCULATION] });
    mortal.upstream.when('42', {
      does: 'reply',
      text: 'It is 42.',
      hold: { afterDeltas: 1, until: new Gate().opened },
    });
    for (const message of ['blocking', 'streaming', 'chatting']) {
      mortal.upstream.when(message, { does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    }
    const taskId = await submitted(mortal.service, { message: question, session_id: taskSession });
    const blockingId = await submitted(mortal.service, { message: 'blocking' });
    const reader = await followEvents(mortal.service, `/tasks/${taskId}/events`);
    const seen = await reader.readTo('message.delta');
    const queuedId = await submitted(mortal.service, { message: 'queued' });
    const stream = await openStream(mortal.service, { message: 'streaming', session_id: streamSession });
    const streamed = await stream.readTo('message.delta');
    const lost = chat(mortal.service, { message: 'chatting', session_id: chatSession }).catch(() => 'lost');
    await until('all run', () => ['blocking', 'chatting'].every((message) => mortal.upstream.asked(message)));

    await mortal.service.kill9();
    expect(await lost).toBe('lost');
    await expect(reader.rest()).rejects.toThrow();
    await expect(stream.rest()).rejects.toThrow();
    const callsBefore = mortal.upstream.allAsked(question).length;
    mortal.upstream.when('42', { does: 'reply', text: 'It is 42.' });
    mortal.upstream.when('blocking', { does: 'reply' });
    await mortal.service.start();

    const last = { headers: { 'last-event-id': String(seen.length) } };
    const rest = await (await followEvents(mortal.service, `/tasks/${taskId}/events`, last)).rest();
    const events = [...seen, ...rest];
    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ event }) => event).filter((type) => type !== 'message.delta')).toEqual([
      'run.started',
      'tool.started',
      'tool.completed',
      'run.restarted',
      'run.completed',
    ]);
    expect(rest[0]?.data).toMatchObject({ type: 'run.restarted', attempt: 2 });
    expect(deltasOf(rest)).toBe('It is 42.');
    expect([callsBefore, mortal.upstream.allAsked(question).length]).toEqual([1, 1]);
    expect(await ended(mortal.service, taskId)).toMatchObject({
      status: 'completed',
      attempt: 2,
      result: { reply: 'It is 42.', tokens_used: expect.any(Number) },
    });
    expect((await historyOf(mortal.service, taskSession)).map(({ role }) => role)).toContain('tool');
    expect(await ended(mortal.service, blockingId)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(await ended(mortal.service, queuedId)).toMatchObject({ status: 'completed', attempt: 1 });

    const runId = string(streamed[0]?.data.run_id);
    const failed = await (await followEvents(mortal.service, `/runs/${runId}/events`)).rest();
    expect(failed.slice(0, streamed.length)).toEqual(streamed);
    expect(numbersOf(failed)).toEqual(failed.map((_, index) => index + 1));
    expect(failed.at(-1)).toMatchObject({ event: 'run.failed', data: { error: { error: 'run_interrupted' } } });
    for (const id of [streamSession, chatSession]) {
      expect(await historyOf(mortal.service, id)).toEqual(turn('before'));
      expect((await chat(mortal.service, { message: 'after', session_id: id })).status).toBe(200);
    }
  });

  it('requeues its tasks at shutdown, and reports that it drains', async () => {
    const gate = new Gate();
    mortal.upstream.when('stopping', {
      does: 'reply',
      toolCalls: [CALCULATION],
      hold: { afterDeltas: 0, until: gate.opened },
    });
    const taskId = await submitted(mortal.service, { message: 'stopping' });
    await until('the model was called', () => mortal.upstream.asked('stopping'));
    const stopped = mortal.service.stop();
    await until('it drains', async () => (await send(mortal.service, 'GET /health/ready')).status === 503);
    expectError(await submit(mortal.service, { message: 'new' }), 503, 'draining');
    gate.open();
    expect(await stopped).toBe(0);
    expect(mortal.upstream.asked('42')).toBeUndefined();

    await mortal.service.start();
    expect(await ended(mortal.service, taskId)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(mortal.upstream.allAsked('stopping')).toHaveLength(1);
  });
});

describe('SESSION_POLICY=queue', () => {
  it('runs the tasks of a session one after the other, in order', async () => {
    const sessionId = randomUUID();
    const messages = ['first', 'second', 'third', 'fourth'];
    const gate = new Gate();
    patient.upstream.when('first', { does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const ids: string[] = [];
    for (const message of messages) ids.push(await submitted(patient.service, { message, session_id: sessionId }));
    await until('the model was called', () => patient.upstream.asked('first'));
    expect(await taskOf(patient.service, ids[1] ?? '')).toMatchObject({ status: 'queued' });
    gate.open();

    for (const id of ids) expect(await ended(patient.service, id)).toMatchObject({ status: 'completed' });
    expect(await historyOf(patient.service, sessionId)).toEqual(messages.flatMap(turn));
    expect(patient.upstream.requests).toHaveLength(4);
  });

  it('delays a chat until the earlier stream has ended', async () => {
    const sessionId = randomUUID();
    const gate = new Gate();
    patient.upstream.when('first', { does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const stream = await openStream(patient.service, { message: 'first', session_id: sessionId });
    await stream.readTo('message.delta');
    const second = chat(patient.service, { message: 'second', session_id: sessionId });
    await sleep(50);
    expect(patient.upstream.asked('second')).toBeUndefined();
    gate.open();

    expect((await stream.rest()).at(-1)?.event).toBe('run.completed');
    expect((await second).status).toBe(200);
    expect(await historyOf(patient.service, sessionId)).toEqual([...turn('first'), ...turn('second')]);
  });
});

describe('SESSION_POLICY=interrupt', () => {
  it.each(['chat', 'stream', 'task'])('starts the next %s and ends the active run as superseded', async (next) => {
    const sessionId = randomUUID();
    hasty.upstream.when('waiting', { does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const waiting = chat(hasty.service, { message: 'waiting', session_id: sessionId });
    await until('the model was called', () => hasty.upstream.asked('waiting'));

    const request = { message: 'next', session_id: sessionId };
    if (next === 'chat') expect((await chat(hasty.service, request)).status).toBe(200);
    if (next === 'stream')
      expect((await (await openStream(hasty.service, request)).rest()).at(-1)?.event).toBe('run.completed');
    if (next === 'task') await ended(hasty.service, await submitted(hasty.service, request));

    const answer = await waiting;
    expectError(answer, 409, 'run_cancelled');
    expect(answer.body.detail).toBe('superseded');
    expect(await historyOf(hasty.service, sessionId)).toEqual(turn('next'));
  });

  it('ends a task with that reason, in its events too', async () => {
    const sessionId = randomUUID();
    hasty.upstream.when('running', { does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const taskId = await submitted(hasty.service, { message: 'running', session_id: sessionId });
    const stream = await followEvents(hasty.service, `/tasks/${taskId}/events`);
    await stream.readTo('message.delta');

    expect((await chat(hasty.service, { message: 'next', session_id: sessionId })).status).toBe(200);

    expect((await stream.rest()).at(-1)).toMatchObject({ event: 'run.cancelled', data: { reason: 'superseded' } });
    const task: Json = await ended(hasty.service, taskId);
    expect(task).toMatchObject({ status: 'cancelled', error: { error: 'run_cancelled', detail: 'superseded' } });
    expect(object(task.error)).toHaveProperty('request_id');
  });
});

/** Submits two tasks that fill the service with two places until the gate opens. */
async function occupied(): Promise<Gate> {
  const gate = new Gate();
  for (const message of ['holding one', 'holding two']) {
    mortal.upstream.when(message, { does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    await reached(mortal.service, await submitted(mortal.service, { message }), 'running');
  }
  return gate;
}

function turn(message: string): Said[] {
  return [
    { role: 'user', content: message },
    { role: 'assistant', content: `Echo: ${message}` },
  ];
}
