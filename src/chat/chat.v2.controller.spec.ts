import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { IsInt, IsString } from 'class-validator';
import { Agent, AgentModule, type ModelRequest, Tool, ToolError } from '../index.js';
import { ScriptedModel, type ScriptedTurn } from '../testing/index.js';
import { stallDuring } from '../../test/support/loop.stall.js';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer' } },
  required: ['city'],
  additionalProperties: false,
};

/** Definitions that each refer to the next one. */
function chain(links: number, link: (next: object) => object): object {
  const definitions = Array.from({ length: links }, (_, index) => [
    `D${index}`,
    link({ $ref: `#/$defs/D${index + 1}` }),
  ]);
  const $defs = { ...Object.fromEntries(definitions), [`D${links}`]: { type: ['string', 'null'], nullable: true } };
  return { type: 'object', properties: { a: { $ref: '#/$defs/D0' } }, $defs };
}

/** A schema whose text doubles with each reference. */
const DOUBLING = chain(40, (next) => ({ type: 'object', properties: { a: next, b: next } }));
/** A schema whose conversion to strict mode takes twice as long with each reference. */
const NULLABLE = chain(18, (next) => ({ type: ['string', 'null'], nullable: true, anyOf: [next] }));
/** Far below the time of the work, far above the time of an idle turn of the event loop. */
const MAX_STALL_MS = 200;
const ENDLESS = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };

class SumInput {
  @IsInt()
  a: number;
  @IsInt()
  b: number;
}

class Verdict {
  @IsString()
  verdict: string;
}

@Agent({ role: 'assistant', description: 'Adds.', instructions: 'Add.' })
class AddingAgent {
  @Tool({ description: 'Adds' })
  add({ a, b }: SumInput): number {
    if (a < 0) throw new ToolError('Not below 0.');
    return a + b;
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

@Agent({ role: 'judge', description: 'Judges.', instructions: 'Judge.', output: Verdict })
class JudgingAgent {}

/** Each test scripts its own turns. */
class Model extends ScriptedModel {
  #script = new ScriptedModel();

  will(...turns: ScriptedTurn[]): ScriptedModel {
    this.#script = new ScriptedModel(...turns);
    return this.#script;
  }

  override reply(...call: Parameters<ScriptedModel['reply']>) {
    return this.#script.reply(...call);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'rookery-v2-'));
const model = new Model();
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  const options = {
    model,
    databaseUrl: `file:${join(folder, 'rookery.db')}`,
    rateLimit: { requests: 0, windowSeconds: 1 },
    images: { hosts: ['app.example'] },
    apiV1: { deprecatedAt: new Date('2027-01-31'), sunsetAt: new Date('2028-01-31T12:00:00Z') },
  };
  const module = await Test.createTestingModule({
    imports: [AgentModule.forRoot(options)],
    providers: [AddingAgent, JudgingAgent],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/api`;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${url}/v2/agent/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function answered(body: object, headers?: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await post(body, headers);
  const json: unknown = await answer.json();
  expect({ status: answer.status, json }).toMatchObject({ status: 200 });
  return Object.fromEntries(Object.entries(Object(json)));
}

/** The data of each event. */
async function events(answer: Response): Promise<Record<string, unknown>[]> {
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const text = await answer.text();
  return [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
}

const lastSaid = ({ messages }: ModelRequest) => messages.at(-1);

describe('POST /api/v2/agent/chat', () => {
  it('answers with the whole outcome', async () => {
    model.will(
      [
        { tool: 'add', arguments: { a: 1, b: 2 } },
        { tool: 'add', arguments: { a: -1, b: 2 } },
        { tool: 'none', arguments: 'not json' },
      ],
      'It is 3.',
    );
    const body = await answered({ input: 'Add.', session_id: 'sums', metadata: { ticket: '4711' } });
    const duration_ms = expect.any(Number);
    expect(body).toEqual({
      run_id: expect.any(String),
      session_id: 'sums',
      output: 'It is 3.',
      usage: { input_tokens: 20, cached_tokens: 0, output_tokens: 10, reasoning_tokens: 0, total_tokens: 30 },
      tool_calls: [
        { call_id: 'call-1-0', tool: 'add', arguments: { a: 1, b: 2 }, output: '3', duration_ms },
        { call_id: 'call-1-1', tool: 'add', arguments: { a: -1, b: 2 }, error: 'Not below 0.', duration_ms },
        {
          call_id: 'call-1-2',
          tool: 'none',
          arguments: 'not json',
          error: 'No tool "none". Offered: add, pay.',
          duration_ms,
        },
      ],
      finish_reason: 'stop',
      model: 'scripted',
      release: 'code',
      processing_time_ms: expect.any(Number),
      metadata: { ticket: '4711' },
    });
  });

  it('sends the parts to the model in later turns too, and keeps the history readable for version 1', async () => {
    const input = [
      { type: 'text', text: 'Whose nest is it?' },
      { type: 'image_url', url: 'https://app.example/nest.jpg' },
      { type: 'image_url', url: PIXEL },
    ];
    const script = model.will("A rook's.", 'Still.');
    await answered({ input, session_id: 'nest' });
    await answered({ input: [{ type: 'text', text: 'Really?' }], session_id: 'nest' });
    const content = 'Whose nest is it?\n[image]\n[image]';
    expect(script.requests.map(({ messages }) => messages)).toEqual([
      [{ role: 'user', content, parts: input }],
      [
        { role: 'user', content, parts: input },
        { role: 'assistant', content: "A rook's." },
        { role: 'user', content: 'Really?' },
      ],
    ]);
    const history = await fetch(`${url}/v1/agent/sessions/nest/messages`);
    expect(await history.json()).toMatchObject({
      items: [{ content: 'Still.' }, { content: 'Really?' }, { content: "A rook's." }, { role: 'user', content }],
    });
  });

  it('returns an answer in the schema of the caller, after one repair request if needed', async () => {
    const script = model.will('Oslo', (request) =>
      lastSaid(request)?.role === 'user' ? '{"city":"Oslo","people":null}' : '',
    );
    const body = await answered({ input: 'Where?', output_schema: CITY });
    expect(body).toMatchObject({ output: '{"city":"Oslo","people":null}', output_parsed: { city: 'Oslo' } });
    expect(body['output_parsed']).toEqual({ city: 'Oslo' });
    expect(script.requests[0]).toMatchObject({ isOutputStrict: true, output: { required: ['city', 'people'] } });
    expect(script.requests[1]?.messages.at(-1)).toMatchObject({ content: expect.stringContaining('not valid JSON') });
  });

  it('fails after a second answer outside the schema, and stores neither', async () => {
    model.will('{"town":"Oslo"}', '{"town":"Oslo"}');
    const answer = await post({ input: 'Where?', output_schema: CITY, session_id: 'lost' });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: 'model_output_invalid' });
    expect((await fetch(`${url}/v1/agent/sessions/lost`)).status).toBe(404);
  });

  it('requests a repair if a check takes too long, without delaying other callers', async () => {
    const script = model.will(JSON.stringify({ a: `${'a'.repeat(60)}!` }), '{"a":"aaa"}');
    const stallMs = await stallDuring(async () => {
      const body = await answered({ input: 'Which?', output_schema: ENDLESS });
      expect(body).toMatchObject({ output_parsed: { a: 'aaa' } });
    });

    expect(script.requests[1]?.messages.at(-1)).toMatchObject({ content: expect.stringContaining('in time') });
    expect(stallMs).toBeLessThan(MAX_STALL_MS);
  });

  it('refuses a costly schema without delaying other callers, and accepts the next one', async () => {
    const stallMs = await stallDuring(async () => {
      const answer = await post({ input: 'Which?', output_schema: NULLABLE });
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({
        error: 'validation_failed',
        detail: expect.stringContaining('Use fewer subschemas'),
        errors: [{ field: 'output_schema' }],
      });
    });

    expect(stallMs).toBeLessThan(MAX_STALL_MS);
    model.will('{"city":"Oslo"}');
    expect(await answered({ input: 'Where?', output_schema: CITY })).toMatchObject({ output_parsed: { city: 'Oslo' } });
  });

  it("returns the value of the agent's own schema, or of the caller's instead", async () => {
    model.will('{"verdict":"guilty"}', '{"city":"Oslo"}');
    const own = await answered({ input: 'Judge.', agent_role: 'judge' });
    expect(own).toMatchObject({ output_parsed: { verdict: 'guilty' } });
    const asked = await answered({ input: 'Judge.', agent_role: 'judge', output_schema: { ...CITY, required: [] } });
    expect(asked).toMatchObject({ output_parsed: { city: 'Oslo' } });
  });

  it('begins a session after the turn of an earlier run', async () => {
    const script = model.will('First.', 'Second.', 'Other.');
    const { run_id } = await answered({ input: 'One?', session_id: 'forked' });
    await answered({ input: 'Two?', session_id: 'forked' });
    const fork = await answered({ input: 'Another?', fork_from: run_id });
    expect(fork).toMatchObject({
      output: 'Other.',
      forked_from: run_id,
      session_id: expect.not.stringMatching(/^forked$/),
    });
    expect(script.requests[2]?.messages.map(({ content }) => content)).toEqual(['One?', 'First.', 'Another?']);
    const unknown = await post({ input: 'Go.', fork_from: 'nothing' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: 'run_not_found' });
  });

  it('ends with the calls of the caller, and takes their results and a transcript', async () => {
    const tools = [{ name: 'get_weather', parameters: { type: 'object' } }];
    const call = { tool: 'get_weather', arguments: { city: 'Oslo' } };
    model.will([call]);
    const first = await answered({ input: 'Is it cold?', session_id: 'calls', tools, tool_choice: 'required' });
    const pending_calls = [{ call_id: 'call-1-0', tool: 'get_weather', arguments: '{"city":"Oslo"}' }];
    expect(first).toMatchObject({ output: '', finish_reason: 'tool_calls', pending_calls });
    const early = await post({ input: 'Well?', session_id: 'calls' });
    expect(early.status).toBe(422);
    expect(await early.json()).toMatchObject({
      error: 'tool_results_required',
      errors: [{ field: 'tool_results', message: 'call-1-0 has no result' }],
    });
    const script = model.will('Yes.');
    const body = { session_id: 'calls', tool_results: [{ call_id: 'call-1-0', output: 'cold' }] };
    expect(await answered(body)).toMatchObject({ output: 'Yes.', finish_reason: 'stop' });
    expect(script.requests.at(-1)?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'cold' });

    model.will([call]);
    const streamed = await events(await post({ input: 'Cold?', tools }, { accept: 'text/event-stream' }));
    expect(streamed.at(-1)).toMatchObject({ response: { finish_reason: 'tool_calls', pending_calls } });

    const transcript = model.will('Still.');
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Cold?' }] },
      { role: 'assistant', tool_calls: [{ call_id: 'c1', tool: 'get_weather', arguments: '{}' }] },
      { role: 'tool', call_id: 'c1', output: 'cold' },
    ];
    expect(await answered({ messages })).toMatchObject({ output: 'Still.' });
    expect(transcript.requests[0]?.messages.map(({ role }) => role)).toEqual([
      'developer',
      'user',
      'assistant',
      'tool',
    ]);
  });

  it.each([
    [{ tools: [{ name: 'x', kind: 'y' }] }, 'tools[0].kind is not a field'],
    [{ tools: [{}] }, 'tools[0].name is missing'],
    [{ tool_results: 'none' }, 'tool_results must be a list'],
    [{ tool_choice: 'maybe' }, 'tool_choice must be auto, none'],
    [{ tool_choice: { name: 'x', mode: 'auto' } }, 'tool_choice.name cannot be used with allowed'],
    [{ messages: [{ role: 'robot' }] }, 'messages[0] must be a message of the role'],
    [{ messages: [{ role: 'user', content: 'x', name: 'Ada' }] }, 'messages[0].name is not a field of the role user'],
    [{ messages: [{ role: 'user', content: 'x\u0000' }] }, 'messages[0].content must not contain NUL'],
  ])('refuses %j by its field', async (body, message) => {
    const answer = await post({ input: 'Go.', ...body });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(await answer.json())).toContain(message);
  });

  it('streams if the caller accepts events, with the same body in the last event', async () => {
    model.will([{ tool: 'add', arguments: { a: 1, b: 2 } }], 'It is 3.');
    const told = await events(await post({ input: 'Add.', metadata: { a: 'b' } }, { accept: 'text/event-stream' }));
    expect(told.map(({ type }) => type)).toEqual([
      'run.started',
      'tool.started',
      'tool.completed',
      'message.delta',
      'message.delta',
      'message.delta',
      'run.completed',
    ]);
    const last = told.at(-1);
    expect(last).toMatchObject({
      sequence: 7,
      response: { output: 'It is 3.', tool_calls: [{ tool: 'add', output: '3' }], metadata: { a: 'b' } },
    });
    expect(last?.['response']).not.toHaveProperty('reply');

    const runId = String(last?.['run_id']);
    const again = await events(await fetch(`${url}/v2/agent/runs/${runId}/events?after=6`));
    expect(again).toEqual([last]);
    expect((await fetch(`${url}/v2/agent/runs/${runId}/events?after=7`)).status).toBe(204);
    const old = await events(await fetch(`${url}/v1/agent/runs/${runId}/events?after=6`));
    expect(old).toMatchObject([{ response: { reply: 'It is 3.', tokens_used: 30, run_id: runId } }]);
    expect(old[0]?.['response']).not.toHaveProperty('output');
  });

  it('returns a run of version 1 in the format of version 2', async () => {
    model.will([{ tool: 'add', arguments: { a: 1, b: 2 } }], 'It is 3.');
    const begun = await fetch(`${url}/v1/agent/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Add.' }),
    });
    const [started] = await events(begun);
    const shown = await events(await fetch(`${url}/v2/agent/runs/${String(started?.['run_id'])}/events`));
    expect(shown.at(-1)).toMatchObject({
      response: { output: 'It is 3.', usage: { total_tokens: 30 }, tool_calls: [{ output: '3' }] },
    });
  });

  it.each([
    ['an answer', {}, { accept: 'text/event-stream' }],
    ['events', { accept: 'text/event-stream' }, {}],
  ])('repeats %s by its key in either format, and runs once', async (what, first, second) => {
    const key = { 'idempotency-key': `key-${what.length}` };
    const request = { input: 'Once.', output_schema: CITY, metadata: { a: '1', b: '2' } };
    const script = model.will('{"city":"Oslo"}');
    const bodyOf = async (answer: Response) =>
      answer.headers.get('content-type')?.startsWith('text/event-stream') === true
        ? (await events(answer)).at(-1)?.['response']
        : await answer.json();
    const begun = await bodyOf(await post(request, { ...key, ...first }));
    expect(begun).toMatchObject({ output_parsed: { city: 'Oslo' } });
    const reordered = { metadata: { b: '2', a: '1' }, output_schema: CITY, input: 'Once.' };
    for (const form of [first, second]) {
      const again = await post(reordered, { ...key, ...form });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(await bodyOf(again)).toEqual(begun);
    }
    expect(script.requests).toHaveLength(1);
    const other = await post({ ...request, input: 'Twice.' }, key);
    expect(await other.json()).toMatchObject({ error: 'idempotency_key_reused' });
  });

  it('fails a run that needs an approval, with and without a key', async () => {
    for (const headers of [{}, { 'idempotency-key': 'approval' }]) {
      model.will([{ tool: 'pay' }]);
      const answer = await post({ input: 'Pay.' }, headers);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ error: 'approval_required' });
    }
  });

  const text = (length: number) => ({ type: 'text', text: 'x'.repeat(length) });
  const image = (address: string) => ({ type: 'image_url', url: address });
  it.each([
    ['no input', {}, 'input', 'must be a string or an array of parts'],
    ['an empty text', { input: '' }, 'input', '1 to 32000'],
    ['a long text', { input: 'x'.repeat(32_001) }, 'input', '1 to 32000'],
    ['no parts', { input: [] }, 'input', '1 to 20 parts'],
    ['many parts', { input: Array.from({ length: 21 }, () => text(1)) }, 'input', '1 to 20 parts'],
    ['much text in parts', { input: [text(20_000), text(12_001)] }, 'input', '32000 characters of text'],
    ['a part of another type', { input: [text(1), { type: 'audio' }] }, 'input', 'input[1].type'],
    ['a part with an unknown field', { input: [{ ...text(1), detail: 'low' }] }, 'input', 'input[0].detail'],
    ['a NUL', { input: [{ type: 'text', text: 'a\0' }] }, 'input', 'NUL'],
    ['an http image', { input: [image('http://app.example/a.png')] }, 'input', 'https: or data:'],
    ['a file', { input: [image('file:///etc/passwd')] }, 'input', 'https: or data:'],
    ['a password', { input: [image('https://a:b@app.example/a.png')] }, 'input', 'without credentials'],
    ['a long address', { input: [image(`https://app.example/${'a'.repeat(2048)}`)] }, 'input', '2048'],
    ['data of another kind', { input: [image('data:image/svg+xml;base64,AAAA')] }, 'input', 'PNG, JPEG'],
    ['data that is not base64', { input: [image('data:image/png;base64,%%%')] }, 'input', 'PNG, JPEG'],
    ['a schema of a list', { input: 'x', output_schema: { type: 'array' } }, 'output_schema', 'of type "object"'],
    ['an invalid schema', { input: 'x', output_schema: { type: 'object', required: 1 } }, 'output_schema', 'invalid'],
    ['a schema that grows with its references', { input: 'x', output_schema: DOUBLING }, 'output_schema', 'too large'],
    ['a schema as text', { input: 'x', output_schema: 'object' }, 'output_schema', 'must be a JSON Schema'],
    [
      'a long schema',
      { input: 'x', output_schema: { type: 'object', title: 'x'.repeat(17_000) } },
      'output_schema',
      '16384',
    ],
    ['metadata of numbers', { input: 'x', metadata: { a: 1 } }, 'metadata', 'metadata.a must be a string'],
    ['a long value', { input: 'x', metadata: { a: 'x'.repeat(513) } }, 'metadata', 'metadata.a must have 1 to 512'],
    ['a long name', { input: 'x', metadata: { ['x'.repeat(65)]: '' } }, 'metadata', 'a name must have 1 to 64'],
    [
      'many pairs',
      { input: 'x', metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, ''])) },
      'metadata',
      '16 pairs',
    ],
    ['an unknown release', { input: 'x', release: 'spring' }, 'release', 'Offered: code'],
    ["version 1's field", { message: 'x', input: 'x' }, 'message', 'not a field'],
    ['a temperature of 5', { input: 'x', temperature: 5 }, 'temperature', '2'],
    ['an unknown role', { input: 'x', agent_role: 'cook' }, 'agent_role', 'cook'],
  ])('refuses %s with 422', async (_, body, field, message) => {
    const script = model.will('Never.');
    const answer = await post(body);
    const told: unknown = await answer.json();
    expect({ status: answer.status, told }).toMatchObject({
      status: 422,
      told: { error: 'validation_failed', errors: expect.arrayContaining([expect.objectContaining({ field })]) },
    });
    expect(JSON.stringify(told)).toContain(JSON.stringify(message).slice(1, -1));
    expect(script.requests).toHaveLength(0);
  });

  it('refuses a stream with the same error', async () => {
    const answer = await post({ input: '' }, { accept: 'text/event-stream' });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });
});

describe('a deprecated version 1', () => {
  it('announces it in every answer, unlike version 2', async () => {
    model.will('Hello.');
    const json = { 'content-type': 'application/json' };
    const answers = await Promise.all([
      fetch(`${url}/v1/agent/roles`),
      fetch(`${url}/v1/agent/sessions/none`),
      fetch(`${url}/v1/agent/chat`, { method: 'POST', headers: json, body: '{}' }),
      fetch(`${url}/v1/agent/chat/stream`, { method: 'POST', headers: json, body: '{"message":"Hi"}' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 422, 200]);
    for (const { headers } of answers) {
      expect(headers.get('deprecation')).toBe('@1801353600');
      expect(headers.get('sunset')).toBe('Mon, 31 Jan 2028 12:00:00 GMT');
      expect(headers.get('link')).toBe('</api/v2/agent/chat>; rel="successor-version"');
    }
    const { headers } = await post({});
    expect([headers.get('deprecation'), headers.get('sunset'), headers.get('link')]).toEqual([null, null, null]);
  });
});

describe('on Express', () => {
  it('answers and streams', async () => {
    const databaseUrl = `file:${join(folder, 'express.db')}`;
    const script = new ScriptedModel('Hello.', 'Hello.');
    const module = await Test.createTestingModule({
      imports: [AgentModule.forRoot({ model: script, databaseUrl })],
      providers: [AddingAgent],
    }).compile();
    const express = module.createNestApplication(new ExpressAdapter(), { logger: false });
    await express.listen(0, '127.0.0.1');
    try {
      const answers = ['application/json', 'text/event-stream'].map(async (accept) =>
        fetch(`${await express.getUrl()}/api/v2/agent/chat`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept },
          body: '{"input":"Hi"}',
        }),
      );
      const [json, stream] = await Promise.all(answers);
      expect(await json?.json()).toMatchObject({ output: 'Hello.', finish_reason: 'stop' });
      const told = stream && (await events(stream));
      expect(told?.at(-1)).toMatchObject({ type: 'run.completed', response: { output: 'Hello.' } });
    } finally {
      await express.close();
    }
  });
});
