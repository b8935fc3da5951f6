import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chat, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { modelAt, removeServices, startService, startToFail } from '../support/service/service.js';
import { streamAll } from '../support/clients/sse.js';
import { until } from '../support/until.js';
import { INPUT_TOKENS, Upstream } from '../support/servers/upstream.js';
import { verified, WEBHOOK_SECRET, WebhookReceiver } from '../support/servers/webhook.receiver.js';

const USAGE = 'GET /api/v1/agent/usage';
const BUDGET = 20_000;
const LONG = 17_000;

const folder = await mkdtemp(join(tmpdir(), 'rookery-prices-'));
const pricesFile = join(folder, 'prices.json');
await writeFile(pricesFile, JSON.stringify({ 'gpt-4o': { input: 2, output: 10 } }));
const [upstream, receiver] = await Promise.all([Upstream.start(), WebhookReceiver.start()]);
const service = await startService({
  ...modelAt(upstream),
  MODEL_API: 'chat',
  PRICES_FILE: pricesFile,
  TENANT_TOKENS_PER_MONTH: String(BUDGET),
  TENANT_RATE_LIMIT_REQUESTS: '1000',
  RATE_LIMIT_TOKENS: '1000000',
  BUDGET_WEBHOOK_URL: receiver.url,
  WEBHOOK_SECRET,
  WEBHOOK_ALLOW_PRIVATE: 'true',
});

afterAll(async () => {
  await removeServices();
  await receiver.close();
  await rm(folder, { recursive: true });
});

it('keeps a tenant within its budget, warns once, and reports its usage', async () => {
  upstream.next({ does: 'reply', text: 'word '.repeat(LONG).trim() });
  const first = await chat(service, { message: 'at length', agent_role: 'coder' });
  expect(first.status).toBe(200);
  expect(first.headers['ratelimit-policy']).toBe('"tenant";q=1000;w=60, "tokens";q=1000000;w=60;qu="tokens"');
  expect(first.headers.ratelimit).toMatch(/^"tenant";r=999;t=\d+, "tokens";r=1000000;t=\d+$/);
  const used = INPUT_TOKENS + LONG;
  expect(first.body.tokens_used).toBe(used);

  const warning = await until('the warning is posted', () => receiver.posts[0]);
  expect(verified(warning)).toEqual({
    type: 'budget.warning',
    tenant: 'default',
    key: null,
    month: new Date().toISOString().slice(0, 7),
    percent: 80,
    tokens: used,
    tokens_per_month: BUDGET,
    cost: (INPUT_TOKENS * 2 + LONG * 10) / 1_000_000,
    cost_per_month: null,
  });

  // A call that the provider refuses returns its reservation.
  upstream.next({ does: 'refuse', status: 400 });
  expectError(await chat(service, { message: 'to be refused' }), 502, 'model_error');
  await streamAll(service, { message: 'short' });
  const caps = upstream.requests.slice(-2).map(({ body }) => Number(body.max_completion_tokens ?? body.max_tokens));
  expect(caps[0]).toBeLessThan(BUDGET - used);
  expect(caps[0]).toBeGreaterThan(1000);
  expect(caps[1]).toBeGreaterThan(1000);

  const answers = await Promise.all(Array.from({ length: 20 }, () => chat(service, { message: 'hi' })));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.length).toBeLessThan(20);
  for (const answer of refused) expectError(answer, 429, 'token_budget_exhausted');
  for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);

  const served = answers.length - refused.length;
  const { status, body } = await send(service, `${USAGE}?group_by=model`);
  expect(status).toBe(200);
  expect(body.items).toEqual([
    {
      model: 'gpt-4o',
      runs: 2 + served,
      input_tokens: INPUT_TOKENS * (2 + served),
      output_tokens: expect.any(Number),
      cost: expect.any(Number),
    },
  ]);
  expect((await send(service, `${USAGE}?group_by=role`)).body.items).toMatchObject([
    { role: 'coder', runs: 1, output_tokens: LONG },
    { role: 'assistant', runs: 1 + served },
  ]);
  const today = new Date().toISOString().slice(0, 10);
  expect((await send(service, USAGE)).body.items).toMatchObject([{ day: today, runs: 2 + served }]);
  expect((await send(service, `${USAGE}?group_by=key`)).body.items).toMatchObject([{ key: 'anonymous' }]);
  expect((await send(service, `${USAGE}?from=2020-01-01&to=2020-01-31`)).body.items).toEqual([]);
  expect(receiver.posts).toHaveLength(1);
});

it.each(['from=2026-02-30', 'from=2026-02-02&to=2026-02-01', 'from=2020-01-01&to=2026-01-01', 'group_by=colour'])(
  'refuses to report %s',
  async (query) => expectError(await send(service, `${USAGE}?${query}`), 422, 'validation_failed'),
);

it('does not start with invalid prices, and names the fault', async () => {
  await writeFile(join(folder, 'bad.json'), '{"gpt-4o":{"input":"cheap","output":1}}');
  const { exitCode, output } = await startToFail({
    PRICES_FILE: join(folder, 'bad.json'),
    WEBHOOK_SECRET,
  });
  expect(exitCode).not.toBe(0);
  expect(output).toContain('gpt-4o.input must be US dollars');
});
