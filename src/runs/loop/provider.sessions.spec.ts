import { randomUUID } from 'node:crypto';
import { type Json, objects, string } from '../../../test/support/json.js';
import { completion, response } from '../../../test/support/servers/provider.behaviours.js';
import type { Plan } from '../../../test/support/servers/upstream.plan.js';
import { Upstream } from '../../../test/support/servers/upstream.js';
import { Agent, Database, type RunOutcome, Tool } from '../../index.js';
import { createTestApp, type TestApp } from '../../testing/index.js';
import { IsOptional, IsString } from 'class-validator';

class Sum {
  @IsOptional()
  @IsString()
  expression?: string;
}

const made: unknown[] = [];
let result: unknown = '2';

@Agent({ role: 'assistant', description: 'Calculates.', instructions: 'Calculate.' })
class CalculatingAgent {
  @Tool({ description: 'Calculates' })
  calculate(input: Sum): unknown {
    made.push(input);
    return result;
  }
}

const APIS = ['chat', 'responses'] as const;
const MODES = ['whole', 'streamed'] as const;
const WAYS = APIS.flatMap((api) => MODES.map((mode) => ({ api, mode })));

describe.each(WAYS)('a session over $api, $mode', ({ api, mode }) => {
  let upstream: Upstream;
  let app: TestApp;
  let session: string;

  beforeAll(async () => {
    upstream = await Upstream.start();
    const model = { baseUrl: `${upstream.url}/v1`, apiKey: 'k', api };
    app = await createTestApp({ model, providers: [CalculatingAgent] });
  });
  afterAll(async () => {
    await app.close();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.clear();
    made.length = 0;
    result = '2';
    session = randomUUID();
  });

  async function ask(message: string): Promise<Pick<RunOutcome, 'output' | 'tool_calls' | 'finish_reason'>> {
    if (mode === 'whole') return await app.runner.complete({ message, session_id: session });
    let text = '';
    for await (const event of app.runner.stream({ message, session_id: session })) {
      if (event.type === 'message.delta') {
        expect(event.delta.isWellFormed()).toBe(true);
        text += event.delta;
      }
      if (event.type === 'run.failed') throw Object.assign(new Error('The run failed.'), { code: event.error.error });
      if (event.type === 'run.completed') expect(text.endsWith(event.response.reply)).toBe(true);
    }
    const [last] = await app.module
      .get(Database)
      .query.selectFrom('runs')
      .selectAll()
      .where('session_id', '=', session)
      .orderBy('created_at', 'desc')
      .orderBy('run_id', 'desc')
      .execute();
    return JSON.parse(last?.outcome ?? '{}');
  }

  /** Answers with tool calls. */
  function calls(...texts: string[]): Plan {
    return {
      does: 'reply',
      toolCalls: texts.map((text, index) => ({ id: `call_${index}`, name: 'calculate', arguments: text })),
    };
  }

  /** An answer as the API sends it, whole or as the events of a stream. */
  function sends(ofChat: Json, ofResponses: Json): Plan {
    if (api === 'responses') {
      const ended = `response.${string(ofResponses.status)}`;
      return { does: 'answer with body', body: ofResponses, events: [{ type: ended, response: ofResponses }] };
    }
    const [choice = {}] = objects(ofChat.choices);
    const chunks = [{ ...ofChat, choices: [{ index: 0, delta: choice.message, finish_reason: choice.finish_reason }] }];
    return { does: 'answer with body', body: ofChat, events: chunks };
  }

  function sent(): string {
    return JSON.stringify(upstream.requests.at(-1)?.body);
  }

  /** The results of tools in the last request. */
  function results(): unknown[] {
    const { messages, input } = upstream.requests.at(-1)?.body ?? {};
    return objects(messages ?? input).flatMap(({ role, type, content, output }) =>
      role === 'tool' ? [content] : type === 'function_call_output' ? [output] : [],
    );
  }

  it('never makes a call that was cut, and tells the model', async () => {
    const cut = { id: 'call_a', type: 'function', function: { name: 'calculate', arguments: '' } };
    const item = { type: 'function_call', call_id: 'call_a', name: 'calculate', arguments: '' };
    const details = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    upstream.next(sends(completion({ content: null, tool_calls: [cut] }, 'length'), response([item], details)));
    const { output, tool_calls } = await ask('Go');
    expect(output).toBe('Echo: Go');
    expect(made).toEqual([]);
    expect(results()).toEqual([expect.stringContaining('was cut')]);
    expect(tool_calls).toMatchObject([{ tool: 'calculate', error: expect.stringContaining('was cut') }]);
  });

  it('continues after arguments that are not JSON', async () => {
    upstream.next(calls('{"expression": '));
    expect((await ask('Go')).output).toBe('Echo: Go');
    expect(made).toEqual([]);
    expect(results()).toEqual([expect.stringContaining('not JSON. They begin with: {"expression": ')]);
    expect(sent()).toContain('"arguments":"{}"');
  });

  it('reads arguments that are JSON within JSON', async () => {
    upstream.next(calls(JSON.stringify('{"expression":"1+1"}')));
    await ask('Go');
    expect(made).toEqual([{ expression: '1+1' }]);
  });

  it('refuses a number that would be rounded, and says why', async () => {
    upstream.next(calls('{"expression": 12345678901234567890}'));
    const { tool_calls } = await ask('Go');
    expect(made).toEqual([]);
    expect(results()).toEqual([expect.stringContaining('12345678901234567890 cannot be read exactly')]);
    expect(JSON.stringify(tool_calls)).toContain('12345678901234567890');
    expect(JSON.stringify(tool_calls)).not.toContain('12345678901234567000');
  });

  it('makes no call whose arguments are an object with a number that was rounded', async () => {
    const given = { expression: 9007199254740992 };
    const call = { id: 'call_a', type: 'function', function: { name: 'calculate', arguments: given } };
    const item = { type: 'function_call', call_id: 'call_a', name: 'calculate', arguments: given };
    upstream.next(sends(completion({ content: null, tool_calls: [call] }, 'tool_calls'), response([item])));
    await ask('Go');
    expect(made).toEqual([]);
    expect(results()).toEqual([expect.stringContaining('Send the integer as a string.')]);
  });

  it.each([
    ['a text cut within a character', () => `${'x'.repeat(64 * 1024 - 1)}😀 and more`],
    ['half a character', () => 'half \ud83d'],
    ['half a character in an object', () => ({ half: '\ud83d' })],
  ])('sends, shows and stores no half characters of %s', async (_, give) => {
    result = give();
    upstream.next(calls('{}'));
    const { tool_calls } = await ask('Go');
    const rows = await app.module.get(Database).query.selectFrom('messages').selectAll().execute();
    for (const text of [sent(), JSON.stringify(tool_calls), JSON.stringify(rows)]) {
      expect(text.isWellFormed()).toBe(true);
      // Written by JSON.stringify as an escape.
      expect(text).not.toMatch(/\\ud[89a-f]/i);
    }
  });

  it('sends back what its provider expects, in the same run and in later ones', async () => {
    const call = {
      id: 'call_a',
      type: 'function',
      function: { name: 'calculate', arguments: '{}' },
      extra_content: { google: { thought_signature: 'sig-1' } },
    };
    const items = [
      { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'sig-1' },
      { type: 'function_call', call_id: 'call_a', name: 'calculate', arguments: '{}' },
    ];
    upstream.next(
      sends(
        completion({ content: null, reasoning_content: 'Thoughts.', tool_calls: [call] }, 'tool_calls'),
        response(items),
      ),
    );
    const { output } = await ask('Go');
    expect(output).not.toContain('Thoughts');
    expect(sent()).toContain('sig-1');
    await ask('And again');
    expect(sent()).toContain('sig-1');
    if (api === 'chat') expect(sent()).toContain('"reasoning_content":"Thoughts."');
  });

  it('continues after an empty answer, at a provider that refuses empty messages', async () => {
    upstream.next(
      sends(completion({ content: null, reasoning_content: 'Hm.' }), response([{ type: 'reasoning', summary: [] }])),
    );
    expect((await ask('Go')).output).toBe('');
    upstream.always({
      does: 'decide',
      by: ({ messages, input }) =>
        objects(messages ?? input).some(({ content }) => content === '' || content === null)
          ? { does: 'refuse', status: 400, error: { message: 'messages: text content blocks must be non-empty' } }
          : { does: 'reply' },
    });
    expect((await ask('And now?')).output).toBe('Echo: And now?');
  });

  const TOO_LONG: Plan = {
    does: 'refuse',
    status: 400,
    error: { code: 'context_length_exceeded', message: 'too long' },
  };

  it('is asked once more with half of the history if it is too long', async () => {
    for (const message of ['One', 'Two', 'Three', 'Four']) await ask(message);
    upstream.next(TOO_LONG);
    expect((await ask('Five')).output).toBe('Echo: Five');
    expect(sent()).not.toContain('Echo: One');
    expect(sent()).toContain('Echo: Four');
    expect(upstream.allAsked('Five')).toHaveLength(2);
  });

  it('fails as too long if half of the history is too long, too', async () => {
    await ask('One');
    upstream.next(TOO_LONG, TOO_LONG);
    await expect(ask('Two')).rejects.toMatchObject({ code: 'context_length_exceeded' });
    expect(upstream.allAsked('Two')).toHaveLength(2);
  });

  it('fails at once as too long without a history', async () => {
    upstream.next(TOO_LONG);
    await expect(ask('One')).rejects.toMatchObject({ code: 'context_length_exceeded' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('stores nothing of an answer that ended with an error', async () => {
    const failed = { status: 'failed', error: { code: 'server_error', message: 'no' } };
    upstream.always(sends(completion({ content: 'Half an' }, 'error'), response([], failed)));
    await expect(ask('Go')).rejects.toMatchObject({ code: 'model_error' });
    const rows = app.module.get(Database).query.selectFrom('messages').selectAll().where('session_id', '=', session);
    expect(await rows.execute()).toEqual([]);
  });

  it('parses the final answer, not the commentary before it', async () => {
    const parts = [
      { id: 'msg_1', type: 'message', phase: 'commentary', content: [{ type: 'output_text', text: 'I think.' }] },
      { id: 'msg_2', type: 'message', phase: 'final_answer', content: [{ type: 'output_text', text: '{"n":1}' }] },
    ];
    upstream.next(sends(completion({ content: '```json\n{"n":1}\n```' }), response(parts)));
    const output_schema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const outcome = await app.runner.complete({ message: 'Go', session_id: session, output_schema });
    expect(outcome.output_parsed).toEqual({ n: 1 });
    expect(upstream.requests).toHaveLength(1);
    await ask('And now?');
    if (api === 'responses') expect(sent()).toContain('"phase":"commentary"');
  });
});
