import { RookeryClient, RookeryError } from './index.js';
import type { RookeryClientOptions } from './index.js';

interface Sent {
  readonly call: string;
  readonly headers: Headers;
}

type Answer = Response | Error;

const REPLY = { session_id: 's-1', run_id: 'r-1', reply: 'Hi', tokens_used: 2, model: 'm', processing_time_ms: 1 };

describe('RookeryClient', () => {
  it('retries a call with its first key while the service is unreachable or requests a wait', async () => {
    const { client, sent } = clientOf([
      new TypeError('fetch failed'),
      failure(503, 'overloaded', { 'retry-after': '0' }),
      failure(503, 'storage_unavailable', { 'retry-after': '0' }),
      Response.json(REPLY),
    ]);

    expect(await client.chat({ message: 'Hello' })).toEqual(REPLY);
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
    expect(sent[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('waits for the answer to its own earlier attempt', async () => {
    const inUse = (): Response => failure(409, 'idempotency_key_in_use', { 'retry-after': '0' });
    const { client } = clientOf([new TypeError('fetch failed'), inUse(), inUse(), Response.json(REPLY)], {
      maxRetries: 1,
    });

    expect(await client.chat({ message: 'Hello' })).toEqual(REPLY);
  });

  it.each([
    { status: 422, code: 'validation_failed' },
    { status: 409, code: 'idempotency_key_in_use' },
    { status: 502, code: 'model_error' },
    { status: 500, code: 'internal_error' },
  ])('throws $code at once', async ({ status, code }) => {
    const { client, sent } = clientOf([failure(status, code)]);

    const thrown = await client.chat({ message: 'Hello' }).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(RookeryError);
    expect(thrown).toMatchObject({ status, code, detail: 'So it is.', requestId: 'q-1' });
    expect(sent).toHaveLength(1);
  });

  it('does not wait longer than the timeout of the call', async () => {
    const { client, sent } = clientOf([failure(429, 'token_budget_exhausted', { 'retry-after': '86400' })]);

    await expect(client.chat({ message: 'a' })).rejects.toMatchObject({
      code: 'token_budget_exhausted',
      retryAfterMs: 86_400_000,
    });
    expect(sent).toHaveLength(1);
  });

  it('does not retry erasures', async () => {
    const away = failure(503, 'storage_unavailable', { 'retry-after': '0' });
    const { client, sent } = clientOf([new TypeError('fetch failed'), away]);

    await expect(client.sessions.delete('s-1')).rejects.toMatchObject({ status: 0, code: 'network_error' });
    await expect(client.sessions.delete('s-1')).rejects.toMatchObject({ status: 503, code: 'storage_unavailable' });
    expect(sent).toHaveLength(2);
  });

  it('retries decisions, because a repeat gets the current state', async () => {
    const away = failure(503, 'storage_unavailable', { 'retry-after': '0' });
    const [run, task] = [
      { run_id: 'r-1', status: 'running' },
      { task_id: 't-1', status: 'queued' },
    ];
    const { client, sent } = clientOf([away, Response.json(run), new TypeError('fetch failed'), Response.json(task)]);

    expect(await client.runs.decide('r-1', 'a-1', { decision: 'approve' })).toEqual(run);
    expect(await client.tasks.decide('t-1', 'a-2', { decision: 'reject' })).toEqual(task);
    expect(sent).toHaveLength(4);
  });

  it('resumes a stream that was cut, without gaps or duplicates', async () => {
    const { client, sent } = clientOf([
      stream([event(1), event(2)]),
      new TypeError('fetch failed'),
      stream([event(2), event(3), event(5)]),
      stream([event(4), event(5), event(6, 'run.completed')]),
    ]);

    const seen: number[] = [];
    for await (const { sequence } of client.stream({ message: 'Hello' })) seen.push(sequence);

    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sent.map(({ call, headers }) => `${call} ${headers.get('last-event-id')}`)).toEqual([
      'POST /api/v1/agent/chat/stream null',
      'GET /api/v1/agent/runs/r-1/events 2',
      'GET /api/v1/agent/runs/r-1/events 2',
      'GET /api/v1/agent/runs/r-1/events 3',
    ]);
  });

  it.each(['stream', 'chat'] as const)(
    'fails a %s after the configured tries if the service is down',
    async (method) => {
      const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
      const { client, sent } = clientOf(
        Array.from({ length: 20 }, () => refused),
        { maxRetries: 1 },
      );
      const call = {
        stream: () => Array.fromAsync(client.stream({ message: 'a' })),
        chat: () => client.chat({ message: 'a' }),
      };

      await expect(call[method]()).rejects.toMatchObject({
        code: 'network_error',
        detail: 'No answer from http://rookery.test: fetch failed (ECONNREFUSED).',
        cause: refused,
      });
      expect(sent).toHaveLength(2);
    },
  );

  it('names the cause of a network failure that has no code', async () => {
    const { client } = clientOf([new TypeError('fetch failed', { cause: new Error('bad port') })], { maxRetries: 0 });

    await expect(client.chat({ message: 'a' })).rejects.toMatchObject({
      detail: 'No answer from http://rookery.test: fetch failed (bad port).',
    });
  });

  it('fails a stream that has begun after the configured tries, with the cause', async () => {
    const refused = new TypeError('fetch failed');
    const { client, sent } = clientOf([stream([event(1)]), ...Array.from({ length: 20 }, () => refused)], {
      maxRetries: 1,
    });
    const seen: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const { sequence } of client.stream({ message: 'a' })) seen.push(sequence);
    };

    await expect(reading()).rejects.toMatchObject({
      code: 'stream_broken',
      cause: { code: 'network_error', cause: refused },
    });
    expect(seen).toEqual([1]);
    expect(sent).toHaveLength(3);
  });

  it('names the cause if each connection of a stream breaks', async () => {
    const reset = new TypeError('terminated');
    const broken = (): Response => new Response(new ReadableStream({ pull: (controller) => controller.error(reset) }));
    const { client } = clientOf([stream([event(1)]), broken(), broken()], { maxRetries: 1 });

    await expect(Array.fromAsync(client.stream({ message: 'a' }))).rejects.toMatchObject({
      code: 'stream_broken',
      detail: 'The stream broke and could not be rejoined: terminated.',
      cause: reset,
    });
  });

  it('gives up a silent stream', async () => {
    const cut = Array.from({ length: 3 }, () => stream([]));
    const { client } = clientOf([stream([event(1)]), ...cut], { maxRetries: 1 });

    const seen: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const { sequence } of client.stream({ message: 'Hello' })) seen.push(sequence);
    };

    await expect(reading()).rejects.toMatchObject({ code: 'stream_broken' });
    expect(seen).toEqual([1]);
  });

  it('closes the connection of a reader that leaves', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(event(1))),
    });
    const { client, signals } = clientOf([new Response(body)]);

    for await (const { sequence } of client.stream({ message: 'Hello' })) {
      expect(sequence).toBe(1);
      break;
    }

    expect(signals[0]?.aborted).toBe(true);
  });

  it('polls a task if its events fail', async () => {
    const task = { task_id: 't-1', agent_role: 'assistant', session_id: 's-1', created_at: '', attempt: 1 };
    const { client } = clientOf(
      [
        failure(503, 'draining', { 'retry-after': '0' }),
        Response.json({ ...task, status: 'running' }),
        stream([event(1, 'run.completed')]),
        Response.json({ ...task, status: 'completed', result: REPLY }),
      ],
      { maxRetries: 0 },
    );
    const seen: string[] = [];

    const done = await client.waitForTask('t-1', { onEvent: ({ type }) => seen.push(type) });

    expect(done).toMatchObject({ status: 'completed', result: { reply: 'Hi' } });
    expect(seen).toEqual(['run.completed']);
  });

  it('throws the abort reason from a stream and a wait, and sends nothing more', async () => {
    const [reason, ended] = [new Error('enough'), new AbortController()];
    const open = (): Response => {
      const start = (controller: ReadableStreamDefaultController): void => {
        ended.signal.addEventListener('abort', () => controller.error(reason));
        controller.enqueue(new TextEncoder().encode(event(1)));
      };
      return new Response(new ReadableStream({ start }));
    };
    const { client, sent } = clientOf([open(), open()], { signal: ended.signal });
    const streaming = async (): Promise<void> => {
      for await (const { sequence } of client.stream({ message: 'Hello' })) expect(sequence).toBe(1);
    };
    const [reading, waiting] = [streaming(), client.waitForTask('t-1', { onEvent: () => ended.abort(reason) })];

    await expect(reading).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(sent).toHaveLength(2);
  });

  it('lists page after page', async () => {
    const { client, sent } = clientOf([
      Response.json({ items: [{ session_id: 'a' }], next_cursor: 'c-1' }),
      Response.json({ items: [{ session_id: 'b' }], next_cursor: null }),
    ]);

    const ids: string[] = [];
    for await (const { session_id: id } of client.sessions.list({ pageSize: 1 })) ids.push(id);

    expect(ids).toEqual(['a', 'b']);
    expect(sent.map(({ call }) => call)).toEqual([
      'GET /api/v1/agent/sessions?limit=1',
      'GET /api/v1/agent/sessions?limit=1&cursor=c-1',
    ]);
  });

  it('ignores slashes at the end of its URL, in linear time', async () => {
    const { client, sent } = clientOf([Response.json({ items: [] })], { baseUrl: 'http://rookery.test/sub///' });
    await client.roles();
    expect(sent[0]?.call).toBe('GET /sub/api/v1/agent/roles');

    const startMs = performance.now();
    expect(() => clientOf([], { baseUrl: `http://rookery.test/${'/'.repeat(50_000)}a` })).not.toThrow();
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it('does not show a secret that no header can have', async () => {
    const { client } = clientOf([], { apiKey: 'sk-a\nsk-b' });
    const thrown: unknown = await client.roles().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(TypeError);
    expect(String(thrown)).toBe('TypeError: A key, a token or another header has characters that cannot be sent.');
  });

  it('requests the secret for each call, and throws the reason of an abort', async () => {
    let asked = 0;
    const { client, sent } = clientOf([Response.json({ items: [] }), Response.json({ items: [] })], {
      token: () => `t-${(asked += 1)}`,
      endUser: 'u-1',
    });
    await client.roles();
    await client.roles();

    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t-1', 'Bearer t-2']);
    expect(sent[0]?.headers.get('x-end-user')).toBe('u-1');
    const reason = new Error('enough');
    await expect(client.roles({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

function clientOf(answers: Answer[], options: Partial<RookeryClientOptions> = {}) {
  const sent: Sent[] = [];
  const signals: AbortSignal[] = [];
  const client = new RookeryClient({
    baseUrl: 'http://rookery.test/',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      if (init?.signal) signals.push(init.signal);
      init?.signal?.throwIfAborted();
      sent.push({ call: `${request.method} ${url.pathname}${url.search}`, headers: request.headers });
      const answer = answers.shift();
      if (answer === undefined) throw new Error('No answer is left.');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  return { client, sent, signals };
}

function failure(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error, detail: 'So it is.', request_id: 'q-1' }, { status, headers });
}

function event(sequence: number, type = 'message.delta'): string {
  const data = JSON.stringify({ type, run_id: 'r-1', sequence, delta: 'a' });
  return `id: ${sequence}\nevent: ${type}\ndata: ${data}\n\n`;
}

function stream(events: readonly string[]): Response {
  return new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } });
}
