import { redisUrl, stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { Agent, AgentError, Database, type ModelCall, type ModelRequest } from '../index.js';
import { estimateUsage } from '../models/token.estimate.js';
import { TasksService } from '../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp, type TestAppOptions } from '../testing/index.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import type { BudgetWarning } from './budget.warning.js';
import { Budgets } from './budgets.js';
import { BudgetsRepository } from './budgets.repository.js';
import { UsageRepository } from './usage.repository.js';

const { jest } = import.meta;

const OUTPUT = 20;
const MESSAGE = 'Hello';
const PRICES = { scripted: { input: 1, output: 10 }, 'gpt-4o': { input: 1, output: 10 } };

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Counts tokens like the estimate of the service. Answers only while its gate is open. */
class CountingModel extends ScriptedModel {
  gate = new Gate();
  isDown = false;

  constructor() {
    super(...Array<string>(300).fill('Yes.'));
    this.gate.open();
  }

  override async reply(request: ModelRequest, call: ModelCall) {
    const reply = await super.reply(request, call);
    await this.gate.opened;
    if (this.isDown) throw new AgentError('model_unavailable');
    return { ...reply, usage: { inputTokens: estimateUsage(request, '').inputTokens, outputTokens: OUTPUT } };
  }
}

/** All but the date. */
const CLOCKS = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
] as const;

const codeOf = (outcome: PromiseSettledResult<unknown>): unknown =>
  outcome.status === 'fulfilled' ? 'served' : outcome.reason.code;

describe.each(stores)('a budget, on $name', (store) => {
  let database: TestDatabase;
  let model: CountingModel;
  let apps: TestApp[] = [];
  let tenants = 0;
  let tenant: string;
  /** The usage of a run with one message. */
  let each: number;

  beforeAll(async () => {
    database = await store.create();
  });
  afterAll(() => database.drop());

  beforeEach(() => {
    model = new CountingModel();
    tenant = `tenant-${++tenants}`;
  });
  afterEach(async () => {
    jest.useRealTimers();
    model.gate.open();
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });

  async function start(options: Partial<TestAppOptions> = {}): Promise<TestApp> {
    const { databaseUrl } = database;
    const all = { model, providers: [AssistantAgent], databaseUrl, prices: PRICES, maxOutputTokens: OUTPUT };
    const app = await createTestApp({ ...all, ...options });
    apps.push(app);
    each ??= await measured(app);
    return app;
  }

  /** The input and output of one run of a caller without a budget. */
  async function measured(app: TestApp): Promise<number> {
    const principal = { ...HOST_PRINCIPAL, tenant: 'measured' };
    const { tokens_used } = await app.runner.run({ message: MESSAGE }, { principal });
    return tokens_used;
  }

  const caller = (tokensPerMonth?: number, costPerMonth?: number): Principal => ({
    tenant,
    id: 'key:0f1e2d3c4b5a6978',
    limits: { tokensPerMonth, costPerMonth },
  });

  const ask = (app: TestApp, principal: Principal) => app.runner.run({ message: MESSAGE }, { principal });

  const usageOf = async (app: TestApp) => {
    const day = new Date().toISOString().slice(0, 10);
    return await app.module.get(UsageRepository).report({ tenant, from: day, to: day, groupBy: 'model' });
  };

  const reservations = async (app: TestApp) =>
    await app.module.get(Database).query.selectFrom('reservations').selectAll().execute();

  it('serves ten of a hundred concurrent runs on any replica, if it covers ten', async () => {
    const redis = store.name === 'postgres' ? await redisUrl() : undefined;
    const first = await start({ redisUrl: redis });
    const replicas = redis === undefined ? [first] : [first, await start({ redisUrl: redis })];
    const principal = caller(10 * each);
    const crowd = Array.from({ length: 100 }, (_, index) => ask(replicas[index % replicas.length] ?? first, principal));
    const outcomes = (await Promise.allSettled(crowd)).map(codeOf);
    expect(outcomes.filter((outcome) => outcome === 'served')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'token_budget_exhausted')).toHaveLength(90);
    await expect(ask(first, principal)).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    await until('nothing is reserved', async () => (await reservations(first)).length === 0);
    const [used] = await usageOf(first);
    expect((used?.input_tokens ?? 0) + (used?.output_tokens ?? 0)).toBe(10 * each);
  });

  it('lowers the cap of the answer near its end, and can be used completely', async () => {
    const app = await start();
    const principal = caller(2 * each - 3);
    await ask(app, principal);
    await ask(app, principal);
    expect(model.requests.slice(-2).map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([OUTPUT, OUTPUT - 3]);
    const refused = await ask(app, principal).catch((failure: unknown) => failure);
    expect(refused).toMatchObject({ code: 'token_budget_exhausted', status: 429 });
    expect(refused instanceof AgentError && refused.retryAfterSeconds).toBeGreaterThan(5);
  });

  it('caps answers that have no other cap, and requires the cap', async () => {
    const app = await start({ maxOutputTokens: undefined });
    await ask(app, caller(100_000));
    expect(model.requests.at(-1)).toMatchObject({ maxOutputTokens: 4096, isOutputLimitRequired: true });
    await ask(app, { tenant, id: 'somebody' });
    expect(model.requests.at(-1)?.maxOutputTokens).toBeUndefined();
    expect(model.requests.at(-1)?.isOutputLimitRequired).toBeUndefined();
  });

  it('releases the reservation of a failed run', async () => {
    const app = await start();
    const principal = caller(each);
    model.isDown = true;
    await expect(ask(app, principal)).rejects.toMatchObject({ code: 'model_unavailable' });
    model.isDown = false;
    await until('nothing is reserved', async () => (await reservations(app)).length === 0);
    await expect(ask(app, principal)).resolves.toMatchObject({ tokens_used: each });
  });

  it('is charged once for a call that ends in the next month', async () => {
    jest.useFakeTimers({ doNotFake: [...CLOCKS], now: Date.parse('2026-01-31T23:59:59Z') });
    const app = await start();
    const principal = caller(10 * each);
    model.gate = new Gate();
    const before = model.requests.length;
    const asked = ask(app, principal);
    await until('the model was called', () => model.requests.length > before);
    jest.setSystemTime(Date.parse('2026-02-01T00:00:01Z'));
    model.gate.open();
    await asked;
    await ask(app, principal);
    await until('nothing is reserved', async () => (await reservations(app)).length === 0);
    const { query } = app.module.get(Database);
    const budgets = query.selectFrom('budgets').select(['month', 'tokens']).where('tenant', '=', tenant);
    expect(await budgets.orderBy('month').execute()).toEqual([
      { month: '2026-01', tokens: each },
      { month: '2026-02', tokens: each },
    ]);
  });

  // A commit of SQLite has no unknown outcome.
  const moments = store.name === 'sqlite' ? ['before'] : ['before', 'after'];
  it.each(moments)('is charged once for a call if the database fails %s its commit', async (moment) => {
    const app = await start();
    const rows = app.module.get(BudgetsRepository);
    const [alone, release] = [rows.write.bind(rows), rows.release.bind(rows)];
    let settlements = 0;
    // First in a group with the end of the run, then alone.
    const lost = moment === 'before' ? 2 : 1;
    const lose = (when: string): void => {
      if (settlements === 0 || settlements > lost || when !== moment) return;
      throw new DatabaseUnavailableError(new Error('on purpose'), 'PostgreSQL cannot be reached', true);
    };
    jest.spyOn(rows, 'release').mockImplementation(async (...args) => {
      settlements++;
      lose('before');
      return await release(...args);
    });
    jest.spyOn(rows, 'write').mockImplementation(async (budgets, work) => {
      const result = await alone(budgets, work);
      lose('after');
      return result;
    });
    await ask(app, caller(10 * each));
    await until('it is settled again', () => settlements > lost);
    await until('nothing is reserved', async () => (await reservations(app)).length === 0);
    const { query } = app.module.get(Database);
    const budgets = await query.selectFrom('budgets').select('tokens').where('tenant', '=', tenant).execute();
    expect(budgets).toEqual([{ tokens: each }]);
    jest.restoreAllMocks();
  });

  it('is charged for an aborted run as its row says', async () => {
    const app = await start();
    model.gate = new Gate();
    const leaving = new AbortController();
    const asked = app.runner.run({ message: MESSAGE }, { principal: caller(1000), signal: leaving.signal });
    await until('the model was called', () => model.requests.length > 0);
    leaving.abort();
    await expect(asked).rejects.toMatchObject({ code: 'client_closed_request' });
    const input = each - OUTPUT;
    const row = await until('its end is stored', () =>
      app.module
        .get(Database)
        .query.selectFrom('runs')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('finished_at', 'is not', null)
        .executeTakeFirst(),
    );
    expect(row).toMatchObject({ status: 'cancelled', input_tokens: input, output_tokens: 0, cost: input * 1000 });
    expect(await usageOf(app)).toEqual([
      { name: 'gpt-4o', runs: 1, input_tokens: input, output_tokens: 0, cost: input * 1000 },
    ]);
  });

  it('counts the cost of models if it is in dollars', async () => {
    const app = await start();
    // US dollars per million tokens: input 1, output 10.
    const run = (each - OUTPUT + OUTPUT * 10) / 1e6;
    const principal = caller(undefined, 3 * run);
    const outcomes = await Promise.allSettled(Array.from({ length: 9 }, () => ask(app, principal)));
    expect(outcomes.map(codeOf).filter((outcome) => outcome === 'served')).toHaveLength(3);
  });

  it('limits all callers of its tenant together, and no other tenant', async () => {
    const app = await start({ budgets: { tenantTokensPerMonth: 2 * each } });
    await ask(app, { tenant, id: 'one' });
    await ask(app, { tenant, id: 'two' });
    await expect(ask(app, { tenant, id: 'three' })).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    await expect(ask(app, { tenant: `${tenant}-other`, id: 'one' })).resolves.toBeDefined();
  });

  it('includes the earlier usage of its first month', async () => {
    const app = await start();
    const { id } = caller();
    await ask(app, { tenant, id });
    await ask(app, { tenant, id });
    await expect(ask(app, caller(2 * each))).rejects.toMatchObject({ code: 'token_budget_exhausted' });
  });

  it('warns once at 80 %, and once when it is used up', async () => {
    const app = await start();
    const warnings: BudgetWarning[] = [];
    app.module.get(Budgets).onWarning((warning) => Promise.resolve(void warnings.push(warning)));
    const principal = caller(10 * each);
    const percents = async (runs: number) => {
      for (let index = 0; index < runs; index++) await ask(app, principal);
      await until('nothing is reserved', async () => (await reservations(app)).length === 0);
      return warnings.map(({ percent }) => percent);
    };
    expect(await percents(7)).toEqual([]);
    expect(await percents(2)).toEqual([80]);
    expect(await percents(1)).toEqual([80, 100]);
    expect(warnings[0]).toMatchObject({ tenant, payer: principal.id, tokens: 8 * each, tokensPerMonth: 10 * each });
  });

  it('ignores the reservations of dead replicas', async () => {
    const app = await start();
    const { query } = app.module.get(Database);
    const principal = caller(each);
    const month = new Date().toISOString().slice(0, 7);
    const left = { tenant, payer: principal.id, month, tokens: each, cost: 0, created_at: Date.now() };
    await query
      .insertInto('reservations')
      .values({ ...left, reservation_id: 'dead', owner: 'dead' })
      .execute();
    await expect(ask(app, principal)).resolves.toBeDefined();
  });

  it('limits tasks like waiting callers', async () => {
    const app = await start({ budgets: { tenantTokensPerMonth: 1 } });
    const tasks = app.module.get(TasksService);
    const principal: Principal = { tenant, id: 'one' };
    const { task } = await tasks.submit({ message: MESSAGE }, { principal });
    const ended = await until('it has ended', async () => {
      const seen = await tasks.get(task.task_id, principal);
      return seen.status === 'failed' && seen;
    });
    expect(ended.error?.error).toBe('token_budget_exhausted');
    expect(model.requests.length).toBe(0);
  });
});
