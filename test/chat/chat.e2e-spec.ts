import { chat, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object, objects, string } from '../support/json.js';
import { API_KEY, modelAt, removeServices, startPairs, startService } from '../support/service/service.js';
import { deltasOf, openStream, streamAll } from '../support/clients/sse.js';
import { Gate } from '../support/until.js';
import { INPUT_TOKENS, Upstream } from '../support/servers/upstream.js';

const ID = /^[A-Za-z0-9._:-]{1,128}$/;

const tuned = await Upstream.start();
const [pairs, offline, tunedService] = await Promise.all([
  startPairs(),
  startService(),
  startService({ ...modelAt(tuned), AGENT_MODEL: 'tiny-1', MAX_OUTPUT_TOKENS: '77' }),
]);

afterAll(removeServices);

describe.each(pairs)('with MODEL_API=$api', ({ api, upstream, service }) => {
  beforeEach(() => upstream.clear());

  describe('POST /chat', () => {
    it('answers with exactly the fields of AgentResponse', async () => {
      const answer = await chat(service, { message: 'one two three' });

      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.body).toEqual({
        session_id: expect.stringMatching(ID),
        reply: 'Echo: one two three',
        tokens_used: INPUT_TOKENS + 4,
        model: 'gpt-4o',
        processing_time_ms: expect.any(Number),
        run_id: expect.stringMatching(ID),
      });
      expect(answer.body.processing_time_ms).toBeGreaterThanOrEqual(0);
    });

    it('accepts the session id of the caller, up to 128 characters', async () => {
      const sessionId = `A.z_9:-${'x'.repeat(121)}`;

      const answer = await chat(service, { message: 'hello', session_id: sessionId });

      expect(answer.status).toBe(200);
      expect(answer.body.session_id).toBe(sessionId);
    });

    it('gives each call without a session id a new session, and each run a new id', async () => {
      const [first, second] = await Promise.all([chat(service, { message: 'a' }), chat(service, { message: 'b' })]);

      expect(first?.body.session_id).not.toBe(second?.body.session_id);
      expect(first?.body.run_id).not.toBe(second?.body.run_id);
    });

    it('calls the provider once, over the configured API, with the key', async () => {
      await chat(service, { message: 'hello' });

      expect(upstream.requests).toHaveLength(1);
      expect(upstream.requests[0]).toMatchObject({ api, headers: { authorization: `Bearer ${API_KEY}` } });
      expect(upstream.requests[0]?.body.model).toBe('gpt-4o');
    });

    it('sends the instructions of the role and then the message', async () => {
      const instructions = new Set<string>();
      for (const role of ['assistant', 'researcher', 'coder']) {
        upstream.clear();
        const answer = await chat(service, { message: 'hello', agent_role: role });

        expect(answer.status).toBe(200);
        const sent = upstream.requests[0]?.messages ?? [];
        expect(sent.map((message) => message.role)).toEqual(['system', 'user']);
        expect(sent[1]?.content).toBe('hello');
        instructions.add(sent[0]?.content ?? '');
      }
      expect(instructions.size).toBe(3);
      expect(instructions).not.toContain('');
    });

    it('runs the assistant by default', async () => {
      await chat(service, { message: 'hello' });
      await chat(service, { message: 'hello', agent_role: 'assistant' });

      const [byDefault, named] = upstream.requests;
      expect(byDefault?.messages).toEqual(named?.messages);
    });

    it('sends 0.7 as temperature by default', async () => {
      await chat(service, { message: 'hello' });

      expect(upstream.requests[0]?.body.temperature).toBe(0.7);
    });

    it.each([0, 0.25, 2])('sends temperature %p as given', async (temperature) => {
      const answer = await chat(service, { message: 'hello', temperature });

      expect(answer.status).toBe(200);
      expect(upstream.requests[0]?.body.temperature).toBe(temperature);
    });

    it('retries without the temperature if the model refuses it', async () => {
      upstream.always({ does: 'refuse temperature' });

      const answer = await chat(service, { message: 'hello', temperature: 1 });

      expect(answer.status).toBe(200);
      expect(answer.body.reply).toBe('Echo: hello');
      expect(upstream.requests.at(-1)?.body).not.toHaveProperty('temperature');
    });

    it('returns a reply at the output limit with truncated: true', async () => {
      upstream.next({ does: 'reply', text: 'only half of', finish: 'length' });

      const answer = await chat(service, { message: 'hello' });

      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ reply: 'only half of', truncated: true, tokens_used: INPUT_TOKENS + 3 });
    });

    it('keeps characters whole that arrive in pieces', async () => {
      const text = 'Grüße, naïve Žluťoučký 馬鹿 🐦‍⬛ 👩‍🚀 \u{1F1E9}\u{1F1EA} fin';
      for (const pieceBytes of [1, 3, 7]) {
        upstream.next({ does: 'reply', text, pieceBytes });
        const answer = await chat(service, { message: 'hello' });
        expect(answer.body.reply).toBe(text);
      }
    });

    it('counts the tokens itself if the provider does not report them', async () => {
      upstream.next({ does: 'reply', withoutUsage: true });

      const answer = await chat(service, { message: 'one two three' });

      expect(answer.status).toBe(200);
      expect(Number.isInteger(answer.body.tokens_used)).toBe(true);
      expect(answer.body.tokens_used).toBeGreaterThan(0);
    });

    it('sends the message to the model unchanged', async () => {
      const message = '  "quoted" \\ back\n\ttab </script> ünï 🐦‍⬛ \u2028 {{x}} %s $1 ';

      const answer = await chat(service, { message });

      expect(upstream.requests[0]?.messages.at(-1)?.content).toBe(message);
      expect(answer.body.reply).toBe(`Echo: ${message}`);
    });
  });

  describe('POST /chat/stream', () => {
    it('sends run.started, the deltas and run.completed, numbered 1, 2, 3 without gaps', async () => {
      const stream = await openStream(service, { message: 'one two three', session_id: `stream-${api}` });
      const events = await stream.rest();

      expect(stream.status).toBe(200);
      expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
      expect(stream.headers.get('cache-control')).toMatch(/no-cache|no-store/);
      expect(events.map(({ event }) => event)).toEqual([
        'run.started',
        ...events.slice(1, -1).map(() => 'message.delta'),
        'run.completed',
      ]);
      expect(events.length).toBeGreaterThan(2);
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
    });

    it('repeats type, run and sequence in the data of each event', async () => {
      const events = await streamAll(service, { message: 'one two three' });

      const runId = events[0]?.data.run_id;
      expect(runId).toMatch(ID);
      for (const { id, event, data } of events) {
        expect(data).toMatchObject({ type: event, sequence: Number(id), run_id: runId });
      }
    });

    it('sends each event with its fields and no others', async () => {
      const [started, delta, ...rest] = await streamAll(service, { message: 'hi', agent_role: 'coder' });

      expect(started?.data).toEqual({
        type: 'run.started',
        run_id: expect.any(String),
        sequence: 1,
        session_id: expect.stringMatching(ID),
        agent_role: 'coder',
        model: 'gpt-4o',
      });
      expect(delta?.data).toEqual({
        type: 'message.delta',
        run_id: expect.any(String),
        sequence: 2,
        delta: expect.any(String),
      });
      expect(Object.keys(rest.at(-1)?.data ?? {}).toSorted()).toEqual(['response', 'run_id', 'sequence', 'type']);
    });

    it('completes with what /chat would answer', async () => {
      const answered = (await chat(service, { message: 'one two three' })).body;
      const events = await streamAll(service, { message: 'one two three' });

      expect(deltasOf(events)).toBe('Echo: one two three');
      expect(events.at(-1)?.data.response).toEqual({
        ...answered,
        processing_time_ms: expect.any(Number),
        run_id: events[0]?.data.run_id,
        session_id: events[0]?.data.session_id,
      });
    });

    it('forwards each delta as it arrives', async () => {
      const gate = new Gate();
      upstream.next({ does: 'reply', text: 'first second', hold: { afterDeltas: 1, until: gate.opened } });

      const stream = await openStream(service, { message: 'hello' });
      const early = await stream.readTo('message.delta');
      expect(early.at(-1)?.data.delta).toBe('first ');

      gate.open();
      expect(deltasOf([...early, ...(await stream.rest())])).toBe('first second');
    });

    it('sends run.started before the model answers', async () => {
      const gate = new Gate();
      upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });

      const stream = await openStream(service, { message: 'hello' });
      expect((await stream.next())?.event).toBe('run.started');

      gate.open();
      expect((await stream.rest()).at(-1)?.event).toBe('run.completed');
    });

    it('retries without the temperature if the model refuses it', async () => {
      upstream.always({ does: 'refuse temperature' });

      const events = await streamAll(service, { message: 'hello' });

      expect(events.at(-1)?.event).toBe('run.completed');
      expect(deltasOf(events)).toBe('Echo: hello');
    });

    it('completes with truncated: true after a reply at the output limit', async () => {
      upstream.next({ does: 'reply', text: 'only half of', finish: 'length' });

      const events = await streamAll(service, { message: 'hello' });

      expect(events.at(-1)).toMatchObject({
        event: 'run.completed',
        data: { response: { reply: 'only half of', truncated: true } },
      });
    });

    it('keeps characters whole that arrive in pieces', async () => {
      const text = 'Grüße, naïve Žluťoučký 馬鹿 🐦‍⬛ 👩‍🚀 \u{1F1E9}\u{1F1EA} fin';
      upstream.next({ does: 'reply', text, pieceBytes: 3 });

      const events = await streamAll(service, { message: 'hello' });

      expect(deltasOf(events)).toBe(text);
      expect(object(events.at(-1)?.data.response).reply).toBe(text);
    });

    it('counts the tokens itself if the provider does not report them', async () => {
      upstream.next({ does: 'reply', withoutUsage: true });

      const last = (await streamAll(service, { message: 'one two three' })).at(-1);

      expect(last?.event).toBe('run.completed');
      const { tokens_used: tokens } = object(last?.data.response);
      expect(Number.isInteger(tokens)).toBe(true);
      expect(tokens).toBeGreaterThan(0);
    });

    it('reads a stream with comments and CR LF, wherever it is split', async () => {
      for (const pieceBytes of [1, 2, 5]) {
        upstream.next({ does: 'reply', text: 'one two three', crlf: true, pieceBytes });
        const events = await streamAll(service, { message: 'hello' });
        expect(events.at(-1)?.event).toBe('run.completed');
        expect(deltasOf(events)).toBe('one two three');
      }
    });

    it('keeps line breaks of deltas inside their frames', async () => {
      const text = 'a\nb \r\n\r\nc \rd\n\ndata: e\n\n: f';
      upstream.next({ does: 'reply', text });

      expect(deltasOf(await streamAll(service, { message: 'hello' }))).toBe(text);
    });

    it('delivers a reply of a thousand deltas completely', async () => {
      const text = Array.from({ length: 1000 }, (_, index) => `word${index}`).join(' ');
      upstream.next({ does: 'reply', text });

      const events = await streamAll(service, { message: 'hello' });

      expect(deltasOf(events)).toBe(text);
      expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
    });
  });
});

describe('settings of the model', () => {
  it('speaks Chat Completions to a custom base URL if MODEL_API is not set', async () => {
    tuned.clear();
    await chat(tunedService, { message: 'hello' });

    expect(tuned.requests[0]?.path).toBe('/v1/chat/completions');
  });

  it('requests AGENT_MODEL and answers with its name', async () => {
    tuned.clear();
    const answer = await chat(tunedService, { message: 'hello' });

    expect(tuned.requests[0]?.body.model).toBe('tiny-1');
    expect(answer.body.model).toBe('tiny-1');
  });

  it('limits the reply to MAX_OUTPUT_TOKENS', async () => {
    tuned.clear();
    await chat(tunedService, { message: 'hello' });

    const { max_tokens: old, max_completion_tokens: limit } = tuned.requests[0]?.body ?? {};
    expect(limit ?? old).toBe(77);
  });
});

describe('GET /roles', () => {
  it('lists the roles with their description, model and tools', async () => {
    const answer = await send(offline, 'GET /api/v1/agent/roles');

    expect(answer.status).toBe(200);
    const items = objects(answer.body.items);
    expect(items.map(({ role }) => role)).toEqual(expect.arrayContaining(['assistant', 'researcher', 'coder']));
    for (const item of items) {
      expect(Object.keys(item).toSorted()).toEqual(['description', 'model', 'role', 'tools']);
      expect(string(item.description)).not.toBe('');
      expect(item.tools).toBeInstanceOf(Array);
    }
  });
});

describe('the offline model', () => {
  it('labels itself in the reply and in model', async () => {
    const answer = await chat(offline, { message: 'hello' });

    expect(answer.status).toBe(200);
    expect(answer.body.reply).toMatch(/offline/i);
    expect(answer.body.model).toMatch(/offline/i);
    expect(answer.body.tokens_used).toEqual(expect.any(Number));
  });

  it('gives the same reply to the same message', async () => {
    const first = await chat(offline, { message: 'what is a rook?' });
    const second = await chat(offline, { message: 'what is a rook?' });

    expect(second.body.reply).toBe(first.body.reply);
    expect(second.body.tokens_used).toBe(first.body.tokens_used);
  });

  it('streams its reply in more than one delta', async () => {
    const { reply } = (await chat(offline, { message: 'hello' })).body;
    const events = await streamAll(offline, { message: 'hello' });

    expect(deltasOf(events)).toBe(reply);
    expect(events.filter(({ event }) => event === 'message.delta').length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ event: 'run.completed', data: { response: { reply } } });
  });
});

describe('X-Request-Id', () => {
  it.each(['abc', 'A.b_c:d-9', 'x'.repeat(128)])('keeps the id %s of the caller', async (id) => {
    const headers = { 'x-request-id': id };

    expect((await chat(offline, { message: 'hello' }, { headers })).headers['x-request-id']).toBe(id);
    expect((await chat(offline, {}, { headers })).body.request_id).toBe(id);
    expect((await openStream(offline, { message: 'hello' }, { headers })).headers.get('x-request-id')).toBe(id);
  });

  it.each(['', 'a b', 'x'.repeat(129), 'a/b', 'a"b', 'ü'])('replaces the id %p', async (id) => {
    const headers = { 'x-request-id': Buffer.from(id).toString('latin1') };

    const answer = await chat(offline, { message: 'hello' }, { headers });

    expect(answer.status).toBe(200);
    expect(answer.headers['x-request-id']).toMatch(ID);
    expect(answer.headers['x-request-id']).not.toBe(id);
  });

  it.each(['GET /health', 'GET /api/v1/agent/roles', 'GET /nowhere', 'POST /api/v1/agent/chat'])(
    'gives %s a new id if the caller sent none',
    async (call) => {
      const [first, second] = await Promise.all([send(offline, call), send(offline, call)]);

      expect(first?.headers['x-request-id']).toMatch(ID);
      expect(second?.headers['x-request-id']).not.toBe(first?.headers['x-request-id']);
    },
  );
});

describe('validation of AgentRequest', () => {
  const message = 'hello';
  const invalid = [
    { what: 'no message', request: {}, field: 'message' },
    { what: 'an empty message', request: { message: '' }, field: 'message' },
    { what: 'a message of 4001 characters', request: { message: 'x'.repeat(4001) }, field: 'message' },
    { what: 'a number as message', request: { message: 5 }, field: 'message' },
    { what: 'null as message', request: { message: null }, field: 'message' },
    { what: 'a list as message', request: { message: ['hello'] }, field: 'message' },
    { what: 'an object as message', request: { message: { length: 3 } }, field: 'message' },
    { what: 'an empty session id', request: { message, session_id: '' }, field: 'session_id' },
    { what: 'a session id of 129 characters', request: { message, session_id: 'x'.repeat(129) }, field: 'session_id' },
    { what: 'a space in the session id', request: { message, session_id: 'a b' }, field: 'session_id' },
    { what: 'a slash in the session id', request: { message, session_id: 'a/b' }, field: 'session_id' },
    { what: 'a line end after the session id', request: { message, session_id: 'a\n' }, field: 'session_id' },
    { what: 'a letter beyond ASCII in the session id', request: { message, session_id: 'ü' }, field: 'session_id' },
    { what: '"." as session id', request: { message, session_id: '.' }, field: 'session_id' },
    { what: '".." as session id', request: { message, session_id: '..' }, field: 'session_id' },
    { what: 'a number as session id', request: { message, session_id: 7 }, field: 'session_id' },
    { what: 'an unknown role', request: { message, agent_role: 'resercher' }, field: 'agent_role' },
    { what: 'a role that only objects have', request: { message, agent_role: 'constructor' }, field: 'agent_role' },
    { what: 'an empty role', request: { message, agent_role: '' }, field: 'agent_role' },
    { what: 'a number as role', request: { message, agent_role: 1 }, field: 'agent_role' },
    { what: 'temperature 5.0', request: { message, temperature: 5.0 }, field: 'temperature' },
    { what: 'temperature 2.01', request: { message, temperature: 2.01 }, field: 'temperature' },
    { what: 'temperature -0.1', request: { message, temperature: -0.1 }, field: 'temperature' },
    { what: 'a temperature in a string', request: { message, temperature: '0.7' }, field: 'temperature' },
    { what: 'a boolean as temperature', request: { message, temperature: true }, field: 'temperature' },
    { what: 'a misspelt field', request: { message, temprature: 1 }, field: 'temprature' },
    { what: 'a field of /tasks', request: { message, webhook_url: 'https://a.example' }, field: 'webhook_url' },
  ];

  it.each(invalid)('refuses $what and names the field', async ({ request, field }) => {
    for (const path of ['/chat', '/chat/stream']) {
      const answer = await send(offline, `POST /api/v1/agent${path}`, { body: request });

      expectError(answer, 422, 'validation_failed');
      expect(objects(answer.body.errors).map((error) => error.field)).toContain(field);
    }
  });

  it('names every invalid field', async () => {
    const answer = await chat(offline, { message: '', temperature: 9, session_id: '..', agent_role: 7, more: 1 });

    expectError(answer, 422, 'validation_failed');
    expect(new Set(objects(answer.body.errors).map(({ field }) => field))).toEqual(
      new Set(['message', 'temperature', 'session_id', 'agent_role', 'more']),
    );
  });

  it.each(['[]', '"hello"', '5', 'null', '[{"message":"hello"}]'])(
    'refuses %s, which is not an object',
    async (body) => {
      const headers = { 'content-type': 'application/json' };

      expectError(await send(offline, 'POST /api/v1/agent/chat', { body, headers }), 422, 'validation_failed');
    },
  );

  it('names the offered roles if it refuses one', async () => {
    const answer = await chat(offline, { message, agent_role: 'resercher' });

    expectError(answer, 422, 'validation_failed');
    for (const role of ['assistant', 'researcher', 'coder']) expect(answer.text).toContain(role);
  });

  it.each([
    ['4000 characters', 'x'.repeat(4000)],
    ['4000 characters of two UTF-16 units each', '🐦'.repeat(4000)],
    ['a single space', ' '],
  ])('accepts a message of %s', async (_, text) => {
    expect((await chat(offline, { message: text })).status).toBe(200);
  });
});
