import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnthropic } from '@ai-sdk/anthropic';
import { z } from 'zod';
import { Agent, AgentHealth, AgentMetrics, type RunEvent, type RunRequest, Tool } from '../../src/index.js';
import { fromAiSdk } from '../../src/models/ai-sdk/index.js';
import { createTestApp, type TestApp } from '../../src/testing/index.js';
import { chat, send } from '../support/clients/client.js';
import { objects } from '../support/json.js';
import { keepQuiet } from '../support/quiet.js';
import { AnthropicUpstream, type Block } from '../support/servers/anthropic.upstream.js';
import { Upstream } from '../support/servers/upstream.js';
import { modelAt, removeServices, startService, startToFail } from '../support/service/service.js';

const RELEASE = `name: quick\nrole: assistant\nmodel: fast\n`;
const THOUGHT: Block = { type: 'thinking', thinking: 'I need the forecast.', signature: 'signed-1' };
const CALL: Block = { type: 'tool_use', id: 'toolu_1', name: 'forecast', input: { city: 'Oslo' } };
const ANSWER: Block = { type: 'text', text: 'It is warm.' };
const AGAIN: Block = { type: 'thinking', thinking: 'That is warm.', signature: 'signed-2' };

@Agent({ role: 'assistant', description: 'Forecasts.', instructions: 'Answer.' })
class WeatherAgent {
  @Tool({ description: 'Forecasts.', input: z.object({ city: z.string() }) })
  forecast({ city }: { city: string }): string {
    return `${city} has 25 degrees.`;
  }
}

const folder = await mkdtemp(join(tmpdir(), 'rookery-releases-'));
await writeFile(join(folder, 'quick.yaml'), RELEASE);
const [anthropic, openai] = await Promise.all([AnthropicUpstream.start(), Upstream.start()]);
const [service, misconfigured] = await Promise.all([
  startService({
    ...modelAt(openai),
    MODELS: 'fast=tiny@LOCAL,big=gpt-4o',
    AGENT_MODEL: 'big',
    FALLBACK_MODELS: 'fast',
    LOCAL_BASE_URL: `${openai.url}/v1`,
    LOCAL_API_KEY: 'sk-local',
    RELEASES_DIR: folder,
  }),
  startToFail({ ...modelAt(openai), MODELS: 'fast=tiny@LOCAL,fast=other' }),
]);

keepQuiet();
let app: TestApp;

beforeEach(async () => {
  anthropic.clear();
  openai.clear();
  const claude = createAnthropic({ baseURL: anthropic.url, apiKey: 'sk-ant' })('claude-sonnet-4-5');
  app = await createTestApp({
    models: {
      claude: fromAiSdk(claude),
      fast: { model: 'tiny', provider: { baseUrl: `${openai.url}/v1` } },
    },
    defaultModel: 'claude',
    fallbacks: [{ model: 'fast' }, { model: 'claude' }],
    // It pays for less than the 4096 tokens that are reserved for an answer without a limit.
    budgets: { tenantCostPerMonth: 0.05 },
    prices: { 'claude-sonnet-4-5*': { input: 3, output: 15 }, tiny: { input: 1, output: 1 } },
    releases: { directory: folder },
    providers: [WeatherAgent],
  });
});

afterEach(() => app.close());

afterAll(async () => {
  await removeServices();
  await Promise.all([anthropic.close(), openai.close(), rm(folder, { recursive: true })]);
});

async function streamed(request: RunRequest): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of app.runner.stream(request)) events.push(event);
  return events;
}

describe('a model of the AI SDK by its name', () => {
  it('answers with a tool, and gets its signatures back in the next run of the session', async () => {
    anthropic.next({ does: 'reply', blocks: [THOUGHT, CALL] }, { does: 'reply', blocks: [AGAIN, ANSWER] });

    const first = await app.runner.run({ message: 'Is it warm in Oslo?', session_id: 's-1' });
    const second = await app.runner.run({ message: 'Thank you.', session_id: 's-1' });

    expect(first).toMatchObject({ reply: 'It is warm.', model: 'claude-sonnet-4-5-2026' });
    expect(second.reply).toBe('Hello.');
    expect(anthropic.sentBlocks(1)).toEqual([THOUGHT, CALL]);
    expect(anthropic.sentBlocks(2)).toEqual([THOUGHT, CALL, AGAIN, ANSWER]);
    expect(JSON.stringify(anthropic.requests[1]?.body)).toContain('Oslo has 25 degrees.');
  });

  it('streams its answer but no thoughts', async () => {
    anthropic.next({ does: 'reply', blocks: [THOUGHT, CALL] }, { does: 'reply', blocks: [AGAIN, ANSWER] });

    const events = await streamed({ message: 'Is it warm in Oslo?' });

    expect(events[0]).toMatchObject({ type: 'run.started', model: 'claude-sonnet-4-5' });
    expect(events.flatMap((event) => (event.type === 'message.delta' ? [event.delta] : [])).join('')).toBe(
      'It is warm.',
    );
    expect(events.map(({ type }) => type)).toContain('tool.completed');
    expect(events.at(-1)).toMatchObject({ type: 'run.completed', response: { model: 'claude-sonnet-4-5-2026' } });
  });

  it('costs what the table says for the name of its provider, also before it answers', async () => {
    await app.runner.run({ message: 'hello' });

    const metrics = (await app.module.get(AgentMetrics).text()).split('\n');
    // 5 tokens of input, 3 cached ones and 7 of output.
    expect(metrics).toContain('rookery_model_cost_dollars_total{model="claude-sonnet-4-5-2026"} 0.000129');
    expect(metrics).toContainEqual(expect.stringMatching(/call_duration_seconds_count.*model="claude-sonnet-4-5"/));
    const maxTokens = anthropic.requests[0]?.body.max_tokens;
    expect(maxTokens).toBeGreaterThan(1000);
    expect(maxTokens).toBeLessThan(0.05 / 15e-6);
  });

  it('is replaced by another provider while it fails, and takes over the session again', async () => {
    const overloaded = {
      does: 'refuse',
      status: 529,
      type: 'overloaded_error',
      headers: { 'retry-after': '60' },
    } as const;
    anthropic.next({ does: 'reply', blocks: [THOUGHT, ANSWER] }, overloaded);
    const run = (message: string) => app.runner.run({ message, session_id: 's-1' });

    const models = [await run('One.'), await run('Two.'), await run('Three.')].map(({ model }) => model);

    expect(models).toEqual(['claude-sonnet-4-5-2026', 'tiny', 'claude-sonnet-4-5-2026']);
    expect(openai.requests.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
      ['Answer.', 'One.', 'It is warm.', 'Two.'],
    ]);
    expect(anthropic.sentBlocks(2)).toEqual([THOUGHT, ANSWER, { type: 'text', text: 'Echo: Two.' }]);
    expect(
      app.module
        .get(AgentHealth)
        .breakers()
        .map(({ upstream, model }) => `${model} at ${upstream}`),
    ).toEqual(['claude-sonnet-4-5 at anthropic', `tiny at ${openai.url}/v1`]);
  });

  it('replaces a model that a release names', async () => {
    openai.next({ does: 'refuse', status: 401 });

    const replaced = await app.runner.run({ message: 'hello', release: 'quick' });
    const answered = await app.runner.run({ message: 'hello', release: 'quick' });

    expect([replaced.model, answered.model]).toEqual(['claude-sonnet-4-5-2026', 'tiny']);
    expect(openai.requests.map(({ body }) => body.model)).toEqual(['tiny', 'tiny']);
  });
});

// The failures of one test count for the breakers of the others.
describe('MODELS', () => {
  it('is refused if a name repeats or a provider has no address', () => {
    expect(misconfigured.exitCode).not.toBe(0);
    expect(misconfigured.output).toContain('MODELS must not repeat a name');
    expect(misconfigured.output).toContain('MODELS names the provider LOCAL, which needs LOCAL_BASE_URL');
  });

  it('names the model of AGENT_MODEL, which callers see as its provider names it', async () => {
    const answer = await chat(service, { message: 'hello' });

    expect(answer.body).toMatchObject({ reply: 'Echo: hello', model: 'gpt-4o' });
    expect(openai.requests.map(({ body }) => body.model)).toEqual(['gpt-4o']);
    const { body } = await send(service, 'GET /api/v1/agent/roles');
    expect(objects(body.items).map(({ model }) => model)).toEqual(['gpt-4o', 'gpt-4o', 'gpt-4o']);
  });

  it('names a fallback', async () => {
    openai.next({ does: 'refuse', status: 401 });
    expect((await chat(service, { message: 'hello' })).body).toMatchObject({ reply: 'Echo: hello', model: 'tiny' });
    expect(openai.requests.at(-1)?.headers.authorization).toBe('Bearer sk-local');
  });
});
