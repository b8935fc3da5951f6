import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chat, historyOf, send, type Answer } from '../support/clients/client.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { object, objects, string } from '../support/json.js';
import { removeServices, type Service, startPairProcess } from '../support/service/service.js';
import { openStream } from '../support/clients/sse.js';
import { ended, submit } from '../support/clients/tasks.js';
import { Gate, until } from '../support/until.js';

const SESSIONS = '/api/v1/agent/sessions';

const { service, upstream } = await startPairProcess('chat', { TRUST_PROXY: '127.0.0.1' });

afterAll(removeServices);

beforeEach(() => upstream.clear());

/** Returns options of a call with that key. */
function keyed(key: string, headers: Record<string, string> = {}) {
  return { headers: { 'idempotency-key': key, ...headers } };
}

const isReplayed = ({ headers }: Answer): boolean => headers['idempotent-replayed'] === 'true';

describe('an Idempotency-Key of a chat', () => {
  it('answers a repeat with the marked first answer, and calls the model once', async () => {
    const key = randomUUID();
    const first = await chat(service, { message: 'hello' }, keyed(key));
    const again = await chat(service, { message: 'hello' }, keyed(key));
    const quoted = await chat(service, { message: 'hello' }, keyed(`"${key}"`));

    expect([first.status, isReplayed(first)]).toEqual([200, false]);
    for (const repeat of [again, quoted]) {
      expect([repeat.status, isReplayed(repeat)]).toEqual([200, true]);
      expect(repeat.body).toEqual(first.body);
    }
    expect(upstream.requests).toHaveLength(1);
    expect(await historyOf(service, string(first.body.session_id))).toHaveLength(2);
  });

  it('is compared by the validated body: only order and defaults do not matter', async () => {
    const key = randomUUID();
    const request = { message: 'hello', session_id: randomUUID() };
    const first = await chat(service, request, keyed(key));
    const { message, session_id } = request;
    const same = { temperature: 0.7, session_id, agent_role: 'assistant', message };
    expect((await chat(service, same, keyed(key))).body).toEqual(first.body);

    for (const other of [{ message: 'Hello', session_id }, { message }, { ...request, temperature: 0 }]) {
      expectError(await chat(service, other, keyed(key)), 422, 'idempotency_key_reused');
    }
    expect(upstream.requests).toHaveLength(1);
  });

  it('belongs to its caller and to its route', async () => {
    const key = randomUUID();
    const from = (caller: string) => keyed(key, { 'x-forwarded-for': caller });
    const runs = [
      await chat(service, { message: 'hello' }, from('10.5.0.1')),
      await chat(service, { message: 'hello' }, from('10.5.0.2')),
      await submit(service, { message: 'hello' }, from('10.5.0.1')),
    ];
    const stream = await openStream(service, { message: 'hello' }, from('10.5.0.1'));
    const [started] = await stream.rest();

    const ids = [...runs.map(({ body }) => body.run_id ?? body.task_id), started?.data.run_id];
    expect(new Set(ids).size).toBe(4);
    expect([...runs.map(isReplayed), stream.headers.has('idempotent-replayed')]).toEqual([false, false, false, false]);
  });

  it('is idempotency_key_in_use while the first runs, with Retry-After', async () => {
    const key = randomUUID();
    const gate = new Gate();
    const request = { message: 'hello', session_id: randomUUID() };
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const first = chat(service, request, keyed(key));
    await until('the model was called', () => upstream.asked('hello'));

    const early = await chat(service, request, keyed(key));
    expectError(early, 409, 'idempotency_key_in_use');
    expectRetryAfter(early);
    expectError(await chat(service, { message: 'other' }, keyed(key)), 422, 'idempotency_key_reused');

    gate.open();
    expect((await chat(service, request, keyed(key))).status).toBeLessThan(500);
    const { body } = await first;
    const late = await chat(service, request, keyed(key));
    expect([isReplayed(late), late.body]).toEqual([true, body]);
  });

  it('keeps the run of a caller that leaves, and answers their repeat', async () => {
    const key = randomUUID();
    const gate = new Gate();
    const caller = new AbortController();
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const left = chat(service, { message: 'hello' }, { ...keyed(key), signal: caller.signal }).catch(() => 'left');
    await until('the model was called', () => upstream.asked('hello'));
    caller.abort();
    expect(await left).toBe('left');
    gate.open();

    const answer = await until('the answer has arrived', async () => {
      const repeat = await chat(service, { message: 'hello' }, keyed(key));
      return repeat.status === 200 && repeat;
    });
    expect([isReplayed(answer), answer.body.reply]).toEqual([true, 'Echo: hello']);
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]?.abandonedAt).toBeUndefined();
  });

  it('starts one run for fifty concurrent requests', async () => {
    const key = randomUUID();
    const gate = new Gate();
    upstream.always({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const calls = Array.from({ length: 50 }, () => chat(service, { message: 'hello' }, keyed(key)));
    const refused: Answer[] = [];
    for (const call of calls) void call.then((answer) => answer.status === 409 && refused.push(answer));
    await until('the rest is refused', () => refused.length === 49);
    gate.open();

    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of refused) expectError(answer, 409, 'idempotency_key_in_use');
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([
    ['502', { does: 'refuse', status: 400 } as const, 'model_error'],
    ['422', { does: 'refuse', status: 400, error: { code: 'content_filter' } } as const, 'content_filtered'],
    [
      '422',
      { does: 'refuse', status: 400, error: { code: 'context_length_exceeded' } } as const,
      'context_length_exceeded',
    ],
    ['503', { does: 'refuse', status: 429, headers: { 'retry-after': '60' } } as const, 'model_rate_limited'],
  ])('can be used again after a %s', async (status, plan, error) => {
    const key = randomUUID();
    upstream.next(plan);
    const failed = await chat(service, { message: 'hello' }, keyed(key));
    expectError(failed, Number(status), error);
    const again = await chat(service, { message: 'hello' }, keyed(key));

    expect([again.status, isReplayed(again)]).toEqual([200, false]);
    expect(upstream.requests).toHaveLength(2);
  });

  it('keeps a 4xx with which the run ended', async () => {
    const key = randomUUID();
    const request = { message: 'hello', session_id: randomUUID() };
    upstream.always({ does: 'reply', hold: { afterDeltas: 0, until: new Gate().opened } });
    const first = chat(service, request, keyed(key));
    await until('the model was called', () => upstream.asked('hello'));
    await send(service, `POST /api/v1/agent/runs/${runIn(service, request.session_id)}/cancel`);
    expectError(await first, 409, 'run_cancelled');

    const again = await chat(service, request, keyed(key));
    expectError(again, 409, 'run_cancelled');
    expect(isReplayed(again)).toBe(true);
    expect(upstream.requests).toHaveLength(1);
  });

  it('does not store a refusal before the start of a run', async () => {
    const key = randomUUID();
    const gate = new Gate();
    const request = { message: 'second', session_id: randomUUID() };
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const first = chat(service, { message: 'first', session_id: request.session_id });
    await until('the model was called', () => upstream.asked('first'));

    expectError(await chat(service, request, keyed(key)), 409, 'session_busy');
    expectError(await chat(service, { message: '' }, keyed(key)), 422, 'validation_failed');
    expectError(await chat(service, { message: 'x', agent_role: 'resercher' }, keyed(key)), 422, 'validation_failed');
    gate.open();
    await first;
    const answer = await chat(service, request, keyed(key));
    expect([answer.status, isReplayed(answer)]).toEqual([200, false]);
  });

  it('is deleted with its session', async () => {
    const key = randomUUID();
    const request = { message: 'hello', session_id: randomUUID() };
    await chat(service, request, keyed(key));
    await send(service, `DELETE ${SESSIONS}/${request.session_id}`);

    const answer = await chat(service, request, keyed(key));
    expect([answer.status, isReplayed(answer)]).toEqual([200, false]);
  });

  it.each(['', ' ', '""', 'a b', '"open', 'x'.repeat(256), 'ü'])('cannot be %p', async (key) => {
    const headers = { 'idempotency-key': Buffer.from(key).toString('latin1') };
    for (const path of ['chat', 'chat/stream', 'tasks']) {
      const answer = await send(service, `POST /api/v1/agent/${path}`, { body: { message: 'hello' }, headers });
      expectError(answer, 422, 'validation_failed');
      expect(objects(answer.body.errors).map(({ field }) => field)).toEqual(['Idempotency-Key']);
    }
  });
});

describe('an Idempotency-Key of a stream', () => {
  it('joins the same run, from its first event on, while it runs and after', async () => {
    const key = randomUUID();
    const gate = new Gate();
    upstream.next({ does: 'reply', text: 'one two three', hold: { afterDeltas: 1, until: gate.opened } });
    const first = await openStream(service, { message: 'hello' }, keyed(key));
    const seen = await first.readTo('message.delta');
    const second = await openStream(service, { message: 'hello' }, keyed(key));
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await second.readTo('message.delta')).toEqual(seen);
    first.leave();
    gate.open();

    const events = [...seen, ...(await second.rest())];
    expect(events.at(-1)?.event).toBe('run.completed');
    const third = await openStream(service, { message: 'hello' }, keyed(key));
    expect([third.headers.has('idempotent-replayed'), await third.rest()]).toEqual([true, events]);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    expect(upstream.requests).toHaveLength(1);
  });

  it('is idempotency_key_reused for another body', async () => {
    const key = randomUUID();
    await (await openStream(service, { message: 'hello' }, keyed(key))).rest();
    const other = await openStream(service, { message: 'goodbye' }, keyed(key));
    expect([other.status, (await other.body()).error]).toEqual([422, 'idempotency_key_reused']);
  });

  it('can be used again if the run failed without a fault of the request', async () => {
    const key = randomUUID();
    upstream.next({ does: 'refuse', status: 400 });
    const failed = await (await openStream(service, { message: 'hello' }, keyed(key))).rest();
    expect(failed.at(-1)?.event).toBe('run.failed');
    const again = await openStream(service, { message: 'hello' }, keyed(key));
    expect([again.headers.has('idempotent-replayed'), (await again.rest()).at(-1)?.event]).toEqual([
      false,
      'run.completed',
    ]);
  });
});

describe('an Idempotency-Key of a task', () => {
  it('repeats the 202 with the current task', async () => {
    const key = randomUUID();
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const first = await submit(service, { message: 'hello' }, keyed(key));
    const taskId = string(first.body.task_id);
    await until('the model was called', () => upstream.asked('hello'));
    const running = await submit(service, { message: 'hello' }, keyed(key));
    gate.open();
    const task = await ended(service, taskId);
    const over = await submit(service, { message: 'hello' }, keyed(key));

    expect([first, running, over].map(({ status }) => status)).toEqual([202, 202, 202]);
    expect([first, running, over].map(isReplayed)).toEqual([false, true, true]);
    expect([first, running, over].map(({ headers }) => headers.location)).toEqual(
      Array.from({ length: 3 }, () => first.headers.location),
    );
    expect(running.body).toMatchObject({ task_id: taskId, status: 'running' });
    expect(over.body).toEqual(task);
    expectError(await submit(service, { message: 'other' }, keyed(key)), 422, 'idempotency_key_reused');
    expect(upstream.requests).toHaveLength(1);
  });

  it('starts one task for fifty concurrent requests', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => submit(service, { message: 'hello' }, keyed(key))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.task_id)).size).toBe(1);
    expect(answers.filter(isReplayed)).toHaveLength(49);
    await ended(service, string(answers[0]?.body.task_id));
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('keeps the keys of finished runs and tasks, and frees those of interrupted runs', async () => {
    const [doneKey, lostKey, taskKey] = [randomUUID(), randomUUID(), randomUUID()];
    const done = await chat(service, { message: 'done' }, keyed(doneKey));
    upstream.when('lost', { does: 'stay silent' });
    upstream.when('background', { does: 'stay silent' });
    const lost = chat(service, { message: 'lost' }, keyed(lostKey)).catch(() => 'cut');
    const task = await submit(service, { message: 'background' }, keyed(taskKey));
    await until('the model was called', () => upstream.asked('lost') && upstream.asked('background'));

    await service.kill9();
    expect(await lost).toBe('cut');
    upstream.when('lost', { does: 'reply' });
    upstream.when('background', { does: 'reply' });
    await service.startHosted();

    const replayed = await chat(service, { message: 'done' }, keyed(doneKey));
    expect([isReplayed(replayed), replayed.body]).toEqual([true, done.body]);
    const repeated = await chat(service, { message: 'lost' }, keyed(lostKey));
    expect([repeated.status, isReplayed(repeated), repeated.body.reply]).toEqual([200, false, 'Echo: lost']);
    const same = await submit(service, { message: 'background' }, keyed(taskKey));
    expect([isReplayed(same), same.body.task_id]).toEqual([true, task.body.task_id]);
    const over = await ended(service, string(task.body.task_id));
    expect(object(over.result).reply).toBe('Echo: background');
  });
});

/** Returns the id of the run that holds the session, read from the database file as a command-line tool would. */
function runIn({ folder }: Service, sessionId: string): string {
  const database = new DatabaseSync(join(folder, 'rookery.db'), { readOnly: true });
  try {
    return string(database.prepare('SELECT run_id FROM runs WHERE session_id = ?').get(sessionId)?.run_id);
  } finally {
    database.close();
  }
}
