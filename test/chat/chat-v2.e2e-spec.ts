import { randomUUID } from 'node:crypto';
import { type Answer, historyOf, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object, objects, type Json } from '../support/json.js';
import { removeServices, startPairs } from '../support/service/service.js';
import { numbersOf, openStreamV2 } from '../support/clients/sse.js';
import { Gate } from '../support/until.js';
import { INPUT_TOKENS } from '../support/servers/upstream.js';

const URL_OF_NEST = 'https://app.example/nest.jpg';
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer' } },
  required: ['city'],
  additionalProperties: false,
};
const STRICT_CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: ['integer', 'null'] } },
  required: ['city', 'people'],
  additionalProperties: false,
};

/** A message of two images in the format of each API. */
const CONTENT = {
  chat: [
    { type: 'text', text: 'Whose nest?' },
    { type: 'image_url', image_url: { url: URL_OF_NEST } },
    { type: 'image_url', image_url: { url: PIXEL } },
  ],
  responses: [
    { type: 'input_text', text: 'Whose nest?' },
    { type: 'input_image', image_url: URL_OF_NEST, detail: 'auto' },
    { type: 'input_image', image_url: PIXEL, detail: 'auto' },
  ],
};

const pairs = await startPairs({
  IMAGE_URLS: 'https',
  IMAGE_HOSTS: 'app.example',
  API_V1_DEPRECATED_AT: '2027-01-31',
  API_V1_SUNSET_AT: '2028-01-31T12:00:00Z',
});

afterAll(removeServices);

describe.each(pairs)('version 2 with MODEL_API=$api', ({ api, upstream, service }) => {
  beforeEach(() => upstream.clear());

  const ask = (body: Json, headers: Record<string, string> = {}): Promise<Answer> =>
    send(service, 'POST /api/v2/agent/chat', { body, headers });
  /** Returns the messages of a request, without the instructions. */
  const messagesOf = (index: number): Json[] => {
    const { messages, input } = object(upstream.requests[index]?.body);
    return api === 'chat' ? objects(messages).slice(1) : objects(input);
  };

  it('answers with exactly the fields of ChatResponse', async () => {
    const answer = await ask({ input: 'one two three', metadata: { ticket: '4711' } });

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.body).toEqual({
      run_id: expect.any(String),
      session_id: expect.any(String),
      output: 'Echo: one two three',
      usage: {
        input_tokens: INPUT_TOKENS,
        cached_tokens: 0,
        output_tokens: 4,
        reasoning_tokens: 0,
        total_tokens: INPUT_TOKENS + 4,
      },
      tool_calls: [],
      finish_reason: 'stop',
      model: 'gpt-4o',
      release: 'code',
      processing_time_ms: expect.any(Number),
      metadata: { ticket: '4711' },
    });
  });

  it('sends images in the format of the API, in later turns too', async () => {
    const session_id = randomUUID();
    const images = [URL_OF_NEST, PIXEL].map((url) => ({ type: 'image_url', url }));
    await ask({ input: [{ type: 'text', text: 'Whose nest?' }, ...images], session_id });
    await ask({ input: 'And now?', session_id });

    const first = { role: 'user', content: CONTENT[api] };
    expect(messagesOf(0)).toEqual([first]);
    expect(messagesOf(1)).toEqual([first, expect.anything(), { role: 'user', content: 'And now?' }]);
    expect((await historyOf(service, session_id))[0]).toEqual({
      role: 'user',
      content: 'Whose nest?\n[image]\n[image]',
    });
  });

  it("requests the caller's output schema, and once more if the answer lacks it", async () => {
    upstream.next({ does: 'reply', text: '{"town":"Oslo"}' }, { does: 'reply', text: '{"city":"Oslo","people":null}' });

    const { status, body } = await ask({ input: 'Where?', output_schema: CITY });

    expect({ status, parsed: body.output_parsed }).toEqual({ status: 200, parsed: { city: 'Oslo' } });
    expect(object(body.usage).total_tokens).toBe(2 * INPUT_TOKENS + 2);
    const named = { name: 'answer', schema: STRICT_CITY, strict: true };
    const { text, response_format } = object(upstream.requests[0]?.body);
    if (api === 'chat') expect(response_format).toEqual({ type: 'json_schema', json_schema: named });
    else expect(text).toEqual({ format: { type: 'json_schema', ...named } });
    expect(upstream.requests[1]?.messages.at(-1)?.content).toContain("must have required property 'city'");
  });

  it('refuses a costly schema, and accepts the next one', async () => {
    const definitions = Array.from({ length: 24 }, (_, index) => [
      `D${index}`,
      { type: ['string', 'null'], nullable: true, anyOf: [{ $ref: `#/$defs/D${index + 1}` }] },
    ]);
    const costly = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/D0' } },
      $defs: { ...Object.fromEntries(definitions), D24: { type: 'string' } },
    };

    expectError(await ask({ input: 'Where?', output_schema: costly }), 422, 'validation_failed');
    upstream.next({ does: 'reply', text: '{"city":"Oslo","people":1}' });
    const { body } = await ask({ input: 'Where?', output_schema: CITY });
    expect(body.output_parsed).toEqual({ city: 'Oslo', people: 1 });
  });

  it('reports tool calls, and a truncated answer', async () => {
    const call = { id: 'call_1', name: 'calculate', arguments: '{"expression":"6 * 7"}' };
    upstream.next({ does: 'reply', toolCalls: [call] }, { does: 'reply', text: 'It is', finish: 'length' });

    const { body } = await ask({ input: 'What is 6 * 7?' });

    expect(body).toMatchObject({ output: 'It is', finish_reason: 'length' });
    expect(body.tool_calls).toEqual([
      {
        call_id: 'call_1',
        tool: 'calculate',
        arguments: { expression: '6 * 7' },
        output: '42',
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it('streams, and lets a disconnected reader rejoin by its key', async () => {
    const gate = new Gate();
    const headers = { 'idempotency-key': randomUUID() };
    const request = { input: 'hello', metadata: { a: 'b' } };
    upstream.next({ does: 'reply', text: 'one two three', hold: { afterDeltas: 1, until: gate.opened } });
    const stream = await openStreamV2(service, request, { headers });
    const seen = await stream.readTo('message.delta');
    stream.leave();

    const lastId = String(seen.length);
    const back = await openStreamV2(service, request, { headers: { ...headers, 'last-event-id': lastId } });
    expect(back.headers.get('idempotent-replayed')).toBe('true');
    expectError(await ask(request, headers), 409, 'idempotency_key_in_use');
    gate.open();
    const events = [...seen, ...(await back.rest())];

    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    const completed = object(events.at(-1)?.data.response);
    expect(completed).toMatchObject({ output: 'one two three', metadata: { a: 'b' }, finish_reason: 'stop' });
    const repeated = await ask(request, headers);
    expect(repeated.headers['idempotent-replayed']).toBe('true');
    expect(repeated.body).toEqual(completed);
    expect(upstream.requests).toHaveLength(1);
  });

  it('refuses a body beyond the limit, and unknown options', async () => {
    const url = `data:image/png;base64,${'A'.repeat(256 * 1024)}`;
    expectError(await ask({ input: [{ type: 'image_url', url }] }), 413, 'payload_too_large');
    expectError(await ask({ input: 'x', release: 'spring' }), 422, 'validation_failed');
    expectError(await ask({ message: 'x' }), 422, 'validation_failed');
    expect(upstream.requests).toHaveLength(0);
  });

  it('is the successor of version 1, whose answers announce its end', async () => {
    const [plain, none, method, malformed, successor] = await Promise.all([
      send(service, 'GET /api/v1/agent/roles'),
      send(service, 'GET /api/v1/agent/none'),
      send(service, 'PUT /api/v1/agent/chat'),
      send(service, 'POST /api/v1/agent/chat', { body: '{', headers: { 'content-type': 'application/json' } }),
      ask({}),
    ]);

    expect([plain, none, method, malformed].map((answer) => answer?.status)).toEqual([200, 404, 405, 400]);
    for (const answer of [plain, none, method, malformed]) {
      expect(answer?.headers).toMatchObject({
        deprecation: '@1801353600',
        sunset: 'Mon, 31 Jan 2028 12:00:00 GMT',
        link: '</api/v2/agent/chat>; rel="successor-version"',
      });
    }
    expect(Object.keys(successor?.headers ?? {})).not.toEqual(expect.arrayContaining(['deprecation']));
    const { paths } = (await send(service, 'GET /openapi.json')).body;
    const of = (path: string) => object(object(object(paths)[path]).post).deprecated;
    expect([of('/api/v1/agent/chat'), of('/api/v2/agent/chat')]).toEqual([true, undefined]);
  });
});
