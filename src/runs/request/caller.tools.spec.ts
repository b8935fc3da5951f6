import { Agent, type CallerTool, HOST_PRINCIPAL, type RunRequest, TasksService, Tool } from '../../index.js';
import { until } from '../../../test/support/until.js';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', handoffs: ['second'], agents: ['third'] })
class AssistantAgent {
  @Tool({ description: 'Rolls a die' })
  roll(): number {
    return 4;
  }
}

@Agent({ role: 'second', description: 'Continues.', instructions: 'Continue.' })
class SecondAgent {
  @Tool({ description: 'Flips a coin' })
  flip(): string {
    return 'heads';
  }
}

@Agent({ role: 'third', description: 'Helps.', instructions: 'Help.' })
class ThirdAgent {}

const WEATHER: CallerTool = { name: 'get_weather', description: 'The weather', parameters: { type: 'object' } };
const tools = [WEATHER, { name: 'get_time', strict: true }];
const OSLO = { city: 'Oslo' };
const IMAGE = { type: 'image_url', url: 'https://127.0.0.1/a.png' } as const;
const SESSION = 'tools';

let app: TestApp;
let model: ScriptedModel;
let databaseUrl: string | undefined;

afterEach(() => app.close());

async function start(turns: readonly ScriptedTurn[], options: object = {}): Promise<void> {
  model = new ScriptedModel(...turns);
  const providers = [AssistantAgent, SecondAgent, ThirdAgent];
  app = await createTestApp({ model, providers, ...(databaseUrl === undefined ? {} : { databaseUrl }), ...options });
}

const ask = (request: RunRequest) => app.runner.complete({ session_id: SESSION, ...request });
const call = (tool = 'get_weather') => ({ tool, arguments: OSLO });
const rolesOf = (index: number) => model.requests[index]?.messages.map(({ role }) => role);

describe.each(stores)('tools of the caller on $name', (store) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await store.create();
    ({ databaseUrl } = database);
  });
  afterAll(async () => {
    databaseUrl = undefined;
    await database.drop();
  });

  it('end the run with the calls, whose results the next run brings', async () => {
    await start([[call(), call('get_time')], ({ messages }) => `It is ${messages.at(-1)?.content}.`, 'Bye.']);
    const session_id = `results-${Date.now()}`;
    const first = await ask({ session_id, message: 'Is it cold?', tools });
    expect(first).toMatchObject({
      output: '',
      finish_reason: 'tool_calls',
      tool_calls: [],
      pending_calls: [
        { call_id: 'call-1-0', tool: 'get_weather', arguments: '{"city":"Oslo"}' },
        { call_id: 'call-1-1', tool: 'get_time', arguments: '{"city":"Oslo"}' },
      ],
    });
    expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual([
      'roll',
      'transfer_to_second',
      'ask_third',
      'get_weather',
      'get_time',
    ]);

    await expect(ask({ session_id, message: 'Well?' })).rejects.toMatchObject({
      code: 'tool_results_required',
      errors: [{ message: 'call-1-0 has no result' }, { message: 'call-1-1 has no result' }],
    });
    const one = { call_id: 'call-1-0', output: 'cold' };
    await expect(ask({ session_id, tool_results: [one] })).rejects.toMatchObject({
      errors: [{ field: 'tool_results', message: 'call-1-1 has no result' }],
    });
    const stray = [one, { call_id: 'other', output: 'x' }];
    await expect(ask({ session_id, tool_results: stray })).rejects.toMatchObject({ code: 'validation_failed' });

    const results = [{ call_id: 'call-1-1', error: 'no clock' }, one];
    const second = await ask({ session_id, tool_results: results, tools });
    expect(second).toMatchObject({ output: 'It is Error: no clock.', finish_reason: 'stop' });
    expect(second).not.toHaveProperty('pending_calls');
    expect(rolesOf(1)).toEqual(['user', 'assistant', 'tool', 'tool']);
    expect(model.requests[1]?.messages.slice(2)).toMatchObject([
      { callId: 'call-1-0', tool: 'get_weather', content: 'cold' },
      { callId: 'call-1-1', tool: 'get_time', content: 'Error: no clock' },
    ]);
    await expect(ask({ session_id, tool_results: results })).rejects.toMatchObject({ code: 'validation_failed' });
    await ask({ session_id, message: 'Thanks.' });
    expect(rolesOf(2)).toEqual(['user', 'assistant', 'tool', 'tool', 'assistant', 'user']);
  });
});

it('makes its own calls of a turn before the run ends', async () => {
  await start([[{ tool: 'roll' }, call(), { tool: 'roll' }], 'Done.']);
  const first = await ask({ message: 'Go.', tools });
  expect(first.tool_calls).toMatchObject([{ output: '4' }, { output: '4' }]);
  expect(first.pending_calls).toMatchObject([{ call_id: 'call-1-1' }]);
  await ask({ tool_results: [{ call_id: 'call-1-1', output: 'cold' }] });
  expect(rolesOf(1)).toEqual(['user', 'assistant', 'tool', 'tool', 'tool']);
});

it('keeps the tools over a handoff, and from agents that are asked', async () => {
  await start([
    [{ tool: 'ask_third', arguments: { message: 'Help?' } }],
    'Yes.',
    [{ tool: 'transfer_to_second' }],
    [call()],
  ]);
  expect(await ask({ message: 'Go.', tools })).toMatchObject({ finish_reason: 'tool_calls' });
  const names = model.requests.map((request) => request.tools.map(({ name }) => name));
  expect(names[1]).toEqual([]);
  expect(names[3]).toEqual(['flip', 'get_weather', 'get_time']);
});

it('continues without results if the caller abandons the calls, or is late', async () => {
  await start([[call()], 'Well.', [call()], 'So.', [call()], 'Late.'], { openCallsTimeoutMinutes: 0 });
  await ask({ message: 'Go.', tools });
  await ask({ message: 'Never mind.', abandon_calls: true });
  expect(model.requests[1]?.messages.at(-2)?.content).toMatch('Error: The caller has abandoned the call.');
  await ask({ message: 'Go.', tools });
  await ask({ message: 'Hello?' });
  expect(model.requests[3]?.messages.at(-2)?.content).toMatch('Error: The caller has not sent a result in time.');
  await ask({ message: 'Go.', tools });
  await ask({ tool_results: [{ call_id: 'call-5-0', output: 'late' }] });
  expect(model.requests[5]?.messages.at(-1)?.content).toBe('late');
});

it('sends the turn of open calls although it does not fit into the history', async () => {
  await start(['Long.', [call()], 'Done.'], { historyTokens: 10 });
  await ask({ message: 'Before.' });
  await ask({ message: 'word '.repeat(200), tools });
  await ask({ tool_results: [{ call_id: 'call-2-0', output: 'cold' }] });
  expect(rolesOf(2)).toEqual(['user', 'assistant', 'tool']);
});

it('refuses tools that are invalid, or whose names are taken', async () => {
  await start([]);
  const faulty: readonly (readonly [string, readonly CallerTool[]])[] = [
    ['has a tool "roll"', [{ name: 'roll' }]],
    ['has a tool "flip"', [{ name: 'flip' }]],
    ['has a tool "ask_third"', [{ name: 'ask_third' }]],
    ['tools[1].name repeats', [WEATHER, WEATHER]],
    ['tools[0].name must be', [{ name: 'no way' }]],
    ['tools[0].parameters must be', [{ name: 'x', parameters: { type: 'string' } }]],
    ['tools[0].parameters must not use $id', [{ name: 'x', parameters: { type: 'object', $id: 'x' } }]],
    ['more than 64', Array.from({ length: 65 }, (_, index) => ({ name: `tool_${index}` }))],
  ];
  for (const [text, given] of faulty) {
    await expect(ask({ message: 'Go.', tools: given })).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ field: 'tools', message: expect.stringContaining(text) }],
    });
  }
});

it('returns calls that cannot be made to the model', async () => {
  await start([[{ tool: 'get_weather', arguments: 'not json' }], [call(), call()], 'Done.']);
  const outcome = await ask({ message: 'Go.', tools, max_tool_calls: 1 });
  expect(outcome.pending_calls).toMatchObject([{ call_id: 'call-2-0' }]);
  expect(outcome.tool_calls).toMatchObject([
    { error: expect.stringContaining('must be a JSON object') },
    { error: expect.stringContaining('At most 1 calls') },
  ]);
});

it('refuses more calls of a turn than results can answer', async () => {
  await start([Array.from({ length: 129 }, () => call())]);
  const outcome = await ask({ message: 'Go.', tools });
  expect(outcome.pending_calls).toHaveLength(128);
  expect(outcome.tool_calls).toMatchObject([{ error: 'At most 128 calls can be made in a turn.' }]);
});

it('applies the choice of tools to those of the caller, and leaves the own ones as they are', async () => {
  await start([[{ tool: 'roll' }, call('get_time')], 'Done.', [call()]]);
  const allowed = { allowed: ['get_weather'], mode: 'auto' } as const;
  const outcome = await ask({ message: 'Go.', tools, tool_choice: allowed });
  expect(outcome.tool_calls).toMatchObject([{ output: '4' }, { error: 'This tool may not be called now.' }]);
  const forced = await ask({ message: 'Go.', tools, tool_choice: 'required' });
  expect(forced.finish_reason).toBe('tool_calls');
  expect(model.requests[2]?.tools.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
});

it('lets a task end with calls, and another one bring the results', async () => {
  await start([[{ tool: 'roll' }, call()], 'Done.']);
  const tasks = app.module.get(TasksService);
  const finished = async (request: RunRequest) => {
    const { task } = await tasks.submit({ session_id: SESSION, ...request });
    return await until('the task is over', async () => {
      const { status, result, error } = await tasks.get(task.task_id);
      return status === 'completed' || status === 'failed' ? { status, result, error } : undefined;
    });
  };
  const pending_calls = [{ call_id: 'call-1-1', tool: 'get_weather', arguments: '{"city":"Oslo"}' }];
  expect(await finished({ message: 'Go.', tools })).toMatchObject({ status: 'completed', result: { pending_calls } });
  expect(await finished({ message: 'Go on.' })).toMatchObject({ error: { error: 'tool_results_required' } });
  const tool_results = [{ call_id: 'call-1-1', output: 'cold' }];
  expect(await finished({ tool_results })).toMatchObject({ status: 'completed', result: { reply: 'Done.' } });
});

describe('a transcript of the caller', () => {
  const messages = [
    { role: 'developer', content: 'The user is in Oslo.' },
    { role: 'user', content: [{ type: 'image_url', url: 'data:image/png;base64,iVBO' }] },
    { role: 'assistant', content: 'Hm.', tool_calls: [{ call_id: 'c1', tool: 'get_weather', arguments: '{}' }] },
    { role: 'tool', call_id: 'c1', output: 'cold' },
  ] as const;

  it('stands in place of a session, and begins a new one', async () => {
    await start(['Cold.', 'Still cold.']);
    const { session_id } = await app.runner.complete({ messages, message: 'So?' });
    const sent = [
      { role: 'developer', content: 'The user is in Oslo.' },
      { role: 'user', content: '[image]', parts: messages[1].content },
      { role: 'assistant', content: 'Hm.', toolCalls: [{ callId: 'c1', name: 'get_weather', arguments: '{}' }] },
      { role: 'tool', callId: 'c1', tool: 'get_weather', content: 'cold' },
      { role: 'user', content: 'So?' },
    ];
    expect(model.requests[0]?.messages).toEqual(sent);
    await app.runner.complete({ session_id, message: 'And now?' });
    const answers = [
      { role: 'assistant', content: 'Cold.' },
      { role: 'user', content: 'And now?' },
    ];
    expect(model.requests[1]?.messages).toEqual([...sent, ...answers]);
    const { items } = await app.module
      .get(SessionsService, { strict: false })
      .messages(HOST_PRINCIPAL, session_id, { limit: 10 });
    expect(items.map(({ role }) => role).toReversed()).toEqual([
      'user',
      'user',
      'assistant',
      'tool',
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
  });

  it('continues a session that the request names, and answers its open calls', async () => {
    await start([[call()], 'Cold.']);
    await ask({ message: 'Go.', tools });
    const answer = [
      { role: 'tool', call_id: 'call-1-0', output: 'cold' },
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'And?' },
    ] as const;
    await ask({ messages: answer });
    expect(rolesOf(1)).toEqual(['user', 'assistant', 'tool', 'developer', 'user']);
  });

  it('is refused if a call lacks its result, or a result its call', async () => {
    await start([]);
    const [, user, assistant, result] = messages;
    const faulty: readonly (readonly [string, RunRequest])[] = [
      ['message must not be empty', {}],
      ['message must not be empty', { abandon_calls: true }],
      ['must have 1 to 1000 items', { messages: [], message: 'x' }],
      ['must not end with the role assistant', { messages: [user, { role: 'assistant', content: 'Hm.' }] }],
      ['must be the result of the call "c1"', { messages: [assistant, user] }],
      ['lacks the result of the call "c1"', { messages: [assistant], message: 'x' }],
      ['is not the id of a call', { messages: [user, result] }],
      ['No call with the id "c1"', { messages: [result, user] }],
      ['messages[0].content[0].url must not lead to', { messages: [{ role: 'user', content: [IMAGE] }] }],
      ['more than 1000000 characters', { messages: [{ role: 'user', content: 'x'.repeat(1_000_001) }] }],
    ];
    for (const [text, request] of faulty) {
      await expect(app.runner.complete(request)).rejects.toMatchObject({
        code: 'validation_failed',
        errors: [{ message: expect.stringContaining(text) }],
      });
    }
  });
});
