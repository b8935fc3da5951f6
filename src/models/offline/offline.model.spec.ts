import { msOf } from '../../../test/support/time.js';
import type { ModelRequest } from '../language.model.js';
import { OfflineModel } from './offline.model.js';
import { matchToolCall } from './offline.tool-call.js';

const request = (maxOutputTokens?: number): ModelRequest => ({
  model: 'gpt-4o',
  instructions: 'Answer.',
  messages: [
    { role: 'user', content: 'My name is Ada.' },
    { role: 'assistant', content: 'Noted.' },
    { role: 'user', content: 'Who am I?' },
  ],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens,
});

describe('OfflineModel', () => {
  it('labels its reply, repeats earlier messages, and names its limits', async () => {
    const reply = await new OfflineModel().reply(request());
    expect(reply).toMatchObject({ model: 'offline', isTruncated: false });
    expect(reply.text).toMatch(/^\[offline model\].*Who am I\?.*My name is Ada\..*cannot understand/);
  });

  it('streams the same text as its reply', async () => {
    const model = new OfflineModel();
    let streamed = '';
    for await (const event of model.stream(request())) if (event.type === 'delta') streamed += event.text;
    expect(streamed).toBe((await model.reply(request())).text);
  });

  it('reports an answer as truncated at the output limit', async () => {
    const reply = await new OfflineModel().reply(request(5));
    expect(reply.isTruncated).toBe(true);
    expect(reply.usage.outputTokens).toBeLessThanOrEqual(5);
  });

  it.each([
    ['What is 6 * (7 - 1)?', 'calculate', { expression: '6 * (7 - 1)' }],
    ['0.1+0.2', 'calculate', { expression: '0.1+0.2' }],
    ['What time is it in Europe/Oslo?', 'current_time', { timezone: 'Europe/Oslo' }],
    ['What is the time?', 'current_time', {}],
    ['Search for installation on Linux', 'search_documents', { query: 'installation on Linux' }],
    ['Run: 1 + 1', 'run_javascript', { code: '1 + 1' }],
    ['Please run\n```js\n[1,2].map(x => x * 2)\n```', 'run_javascript', { code: '[1,2].map(x => x * 2)' }],
  ])('calls a tool for %j', async (content, name, input) => {
    const tools = [{ name, description: '', parameters: {} }];
    const reply = await new OfflineModel().reply({ ...request(), tools, messages: [{ role: 'user', content }] });
    expect(reply.text).toBe('');
    expect(reply.toolCalls).toEqual([{ callId: 'call_1', name, arguments: JSON.stringify(input) }]);
  });

  it('calls a tool that it does not know if exactly one fits the message, with sample arguments', async () => {
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    };
    const weather = { name: 'get_weather', description: 'Get the current weather', parameters };
    const forecast = { name: 'get_forecast', description: 'Weather of the next days', parameters };
    const send = { name: 'sendMail', description: '', parameters: {} };
    const ask = { name: 'ask_researcher', description: 'Asks about the weather', parameters: {} };
    const callsOf = async (content: string, tools: ModelRequest['tools'], toolChoice?: ModelRequest['toolChoice']) => {
      const messages = [{ role: 'user', content }] as const;
      const given = { ...request(), tools, messages, ...(toolChoice === undefined ? {} : { toolChoice }) };
      return (await new OfflineModel().reply(given)).toolCalls;
    };
    const expected = { city: '[offline model]', unit: 'celsius' };
    expect(await callsOf("What's the weather in Oslo?", [weather, send, ask])).toEqual([
      { callId: 'call_1', name: 'get_weather', arguments: JSON.stringify(expected) },
    ]);
    expect(await callsOf('Please mail it.', [weather, send])).toMatchObject([{ name: 'sendMail', arguments: '{}' }]);
    expect(await callsOf("What's the weather?", [weather, forecast])).toEqual([]);
    expect(await callsOf("What's the weather?", [weather], 'none')).toEqual([]);
    expect(await callsOf('Hello.', [weather, send])).toEqual([]);
    expect(await callsOf('Hello.', [weather, send], 'required')).toMatchObject([{ name: 'get_weather' }]);
  });

  it.each(['Who am I?', 'I am 30 years old', 'Call 555-1234 at noon?'])('calls no tool for %j', async (content) => {
    const tools = ['current_time', 'search_documents', 'run_javascript'].map((name) => ({
      name,
      description: '',
      parameters: {},
    }));
    const reply = await new OfflineModel().reply({ ...request(), tools, messages: [{ role: 'user', content }] });
    expect(reply.toolCalls).toEqual([]);
  });

  it.each([
    ['find: no search', 'search_documents'],
    ['find two\nlines', 'search_documents'],
    ['an empty fence: ``` ```', 'run_javascript'],
    ['an open fence: ```js 1 + 1', 'run_javascript'],
    ['Run: ', 'run_javascript'],
    ['1 + x, and -5', 'calculate'],
  ])('does not call a tool for %j: %s', (content, name) => {
    const tools = [{ name, description: '', parameters: {} }];
    expect(matchToolCall({ ...request(), tools, messages: [{ role: 'user', content }] })).toBeUndefined();
  });

  it.each([
    ['calculate', '', '(', ''],
    ['calculate', '', '-', ''],
    ['calculate', '', '1', 'x'],
    ['calculate', '', '1 ', 'x'],
    ['calculate', '1-', '(', ''],
    ['calculate', '', '(1', ''],
    ['search_documents', 'find ', '?', 'x'],
    ['search_documents', 'find about ', ' ', '!!!\nx'],
    ['run_javascript', '```', ' ', ''],
    ['run_javascript', 'run:', ' ', ''],
    ['current_time', 'time ', 'Aa', ''],
  ])('reads 100,000 characters for %s quickly: %j, %j repeated, %j', (name, begin, piece, end) => {
    const content = begin + piece.repeat(100_000 / piece.length) + end;
    const tools = [{ name, description: '', parameters: {} }];

    // A pattern that retries at each position takes minutes.
    expect(msOf(() => matchToolCall({ ...request(), tools, messages: [{ role: 'user', content }] }))).toBeLessThan(
      5000,
    );
  });

  it('repeats the result of the tool', async () => {
    const messages: ModelRequest['messages'] = [
      { role: 'user', content: '6*7' },
      { role: 'assistant', content: '', toolCalls: [{ callId: 'c', name: 'calculate', arguments: '{}' }] },
      { role: 'tool', callId: 'c', tool: 'calculate', content: '42' },
    ];
    const reply = await new OfflineModel().reply({ ...request(), messages });
    expect(reply.text).toBe('[offline model] I called the tool calculate. It says: 42');
  });

  it('matches the requested schema with sample values', async () => {
    const text = { type: 'string' };
    const output = {
      type: 'object',
      properties: {
        name: text,
        size: { type: 'integer', minimum: 3 },
        mood: { type: 'string', enum: ['calm', 'loud'] },
        twins: { type: 'array', items: { type: 'object', properties: { name: text } }, minItems: 1 },
        either: { anyOf: [{ type: 'boolean' }, text] },
        note: { type: ['string', 'null'] },
        none: { type: 'null' },
      },
    };
    const reply = await new OfflineModel().reply({ ...request(), output });
    const name = '[offline model]';
    expect(JSON.parse(reply.text)).toEqual({
      name,
      size: 3,
      mood: 'calm',
      twins: [{ name }],
      either: false,
      note: name,
      none: null,
    });
    expect(reply.isTruncated).toBe(false);
  });

  it.each([
    ['an impossibly long list', { type: 'array', minItems: 10 ** 12, items: { type: 'boolean' } }],
    ['a list of long texts', listOf(10_000, { const: 'x'.repeat(10_000) })],
    ['lists of lists', listOf(100, listOf(100, listOf(100, { type: 'boolean' })))],
  ])('returns only the beginning of %s', async (_, list) => {
    const output = { type: 'object', properties: { list } };
    const { text } = await new OfflineModel().reply({ ...request(), output });
    expect(text.length).toBeLessThan(128 * 1024);
    expect(JSON.parse(text)).toMatchObject({ list: expect.any(Array) });
  });
});

function listOf(minItems: number, items: object): object {
  return { type: 'array', minItems, items };
}
