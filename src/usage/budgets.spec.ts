import type { Principal } from '../auth/principal.js';
import { ApiKeyCache } from '../auth/api-key.cache.js';
import type { Database } from '../storage/database.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { LocalPubSub } from '../storage/pubsub/local.pubsub.js';
import { WriteRetries } from '../storage/write.retries.js';
import { Databases, insertRun, runIds } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { countTransactions } from '../../test/support/storage/transactions.js';
import { Gate, until } from '../../test/support/until.js';
import type { BudgetWarning } from './budget.warning.js';
import { Budgets, type Reservation } from './budgets.js';
import { BudgetsRepository } from './budgets.repository.js';
import { Prices } from './prices.js';
import { completeOptions } from '../options/options.defaults.js';

const { jest } = import.meta;

const LIMITED: Principal = { tenant: 'acme', id: 'key:k1', scopes: ['chat'], limits: { tokensPerMonth: 1000 } };
const USED = { inputTokens: 60, outputTokens: 40 };

describe.each(stores)('budgets on $name', (store) => {
  const databases = new Databases(store);
  const retries = new WriteRetries();
  afterAll(async () => {
    await retries.beforeApplicationShutdown();
    await databases.remove();
  });

  interface Rules {
    tenantTokensPerMonth?: number;
    tenantCostPerMonth?: number;
  }

  function budgetsOn(database: Database, rules: Rules = {}, rows = new BudgetsRepository(database)): Budgets {
    const prices = new Prices({ priced: { input: 10, output: 20 } });
    const options = completeOptions({ budgets: rules }).usage;
    const keys = new ApiKeyCache(database, new LocalPubSub());
    return new Budgets(rows, keys, prices, options, retries);
  }

  async function opened(url?: string): Promise<Database> {
    const database = await databases.open(url);
    await database.write(async (transaction) => {
      await transaction
        .insertInto('replicas')
        .values({ replica_id: 'alive', heartbeat_at: Date.now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
    return database;
  }

  const call = (principal: Principal, maxOutputTokens: number | undefined = 40, model = 'free', owner = 'alive') => ({
    principal,
    owner,
    model,
    inputTokens: () => 60,
    maxOutputTokens,
  });

  async function reservedOf(database: Database): Promise<number> {
    return (await database.query.selectFrom('reservations').selectAll().execute()).length;
  }

  it('never serves more than a budget covers, on any replica', async () => {
    const url = await databases.newUrl();
    const first = budgetsOn(await opened(url));
    const second = store.name === 'postgres' ? budgetsOn(await opened(url)) : first;
    const tries = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? first : second).reserve(call(LIMITED)));
    const ends = await Promise.allSettled(tries);
    const served = ends.filter(({ status }) => status === 'fulfilled');
    const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason);
    expect(served).toHaveLength(10);
    expect(refused).toHaveLength(90);
    for (const refusal of refused) expect(refusal).toMatchObject({ code: 'token_budget_exhausted' });
  });

  it('releases unused reservations, and all of a call without usage', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    const all = await budgets.reserve(call(LIMITED, 940));
    await expect(budgets.reserve(call(LIMITED))).rejects.toThrow('reserved by runs in progress');
    await all?.settle('free', USED);
    const next = await budgets.reserve(call(LIMITED, 840));
    expect(next?.maxOutputTokens).toBe(840);
    await next?.settle('free', undefined);
    expect(await reservedOf(database)).toBe(0);
    expect((await budgets.reserve(call(LIMITED, 900)))?.maxOutputTokens).toBe(840);
  });

  it('gives a call what the one before has left, while its settlement is being committed', async () => {
    const budgets = budgetsOn(await opened());
    const all = await budgets.reserve(call(LIMITED, 940));
    const settled = all?.settle('free', USED);
    expect((await budgets.reserve(call(LIMITED, 840)))?.maxOutputTokens).toBe(840);
    await settled;
    await expect(budgets.reserve(call(LIMITED))).rejects.toThrow('reserved by runs in progress');
  });

  it('lowers the cap to the remainder, and refuses a call if too little remains', async () => {
    const budgets = budgetsOn(await opened());
    const first = await budgets.reserve({ ...call(LIMITED), maxOutputTokens: undefined });
    expect(first?.maxOutputTokens).toBe(940);
    await first?.settle('free', { inputTokens: 800, outputTokens: 110 });
    expect((await budgets.reserve(call(LIMITED)))?.maxOutputTokens).toBe(30);
    await expect(budgets.reserve(call(LIMITED))).rejects.toMatchObject({ code: 'token_budget_exhausted' });
  });

  it('refuses runs once the month is used up, until the next month', async () => {
    const budgets = budgetsOn(await opened());
    await budgets.assertAvailable(LIMITED);
    await (await budgets.reserve(call(LIMITED)))?.settle('free', { inputTokens: 900, outputTokens: 100 });
    const refusal = await budgets.assertAvailable(LIMITED).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'token_budget_exhausted', retryAfterSeconds: expect.any(Number) });
    await expect(budgets.assertAvailable({ ...LIMITED, id: 'key:k2' })).resolves.toBeUndefined();
  });

  it('limits the cost of a tenant too', async () => {
    const budgets = budgetsOn(await opened(), { tenantCostPerMonth: 0.01 });
    const anybody: Principal = { tenant: 'acme', id: 'anybody', scopes: [] };
    // 60 input tokens cost $0.0006; the rest of $0.01 pays for 470 output tokens.
    const reservation = await budgets.reserve(call(anybody, 5000, 'priced'));
    expect(reservation?.maxOutputTokens).toBe(470);
    await reservation?.settle('priced', { inputTokens: 60, outputTokens: 470 });
    await expect(budgets.assertAvailable({ ...anybody, id: 'somebody' })).rejects.toThrow('The tenant has used');
    await expect(budgets.assertAvailable({ ...anybody, tenant: 'other' })).resolves.toBeUndefined();
  });

  it('ignores the reservations of a dead process', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    if (store.name === 'sqlite') {
      await budgets.reserve(call(LIMITED, 940));
      expect((await budgetsOn(database).reserve(call(LIMITED, 940)))?.maxOutputTokens).toBe(940);
      return;
    }
    await budgets.reserve(call(LIMITED, 940, 'free', 'dead'));
    expect((await budgets.reserve(call(LIMITED, 940)))?.maxOutputTokens).toBe(940);
    await new BudgetsRepository(database).removeExpired();
    expect(await reservedOf(database)).toBe(1);
  });

  it('does not make other callers wait for the writes beside a reservation', async () => {
    if (store.name === 'sqlite') return;
    const url = await databases.newUrl();
    const [here, elsewhere] = [await opened(url), await opened(url)];
    const [others, gate] = [new Gate(), new Gate()];
    const reserved = budgetsOn(here).reserve(call(LIMITED));
    // Lets the reservation come first in its group.
    for (let tick = 0; tick < 20; tick++) await Promise.resolve();
    const written = here.write(() => {
      others.open();
      return gate.opened;
    });
    await others.opened;
    await expect(budgetsOn(elsewhere).reserve(call({ ...LIMITED, id: 'key:k2' }))).resolves.toBeDefined();
    await expect(budgetsOn(elsewhere).reserve(call(LIMITED))).resolves.toBeDefined();
    gate.open();
    await Promise.all([reserved, written]);
  });

  it('never deadlocks, in whatever order replicas use budgets', async () => {
    const url = await databases.newUrl();
    const replicas = [await opened(url), store.name === 'sqlite' ? undefined : await opened(url)].flatMap(
      (database) => database ?? [],
    );
    const transactions = replicas.map(countTransactions);
    const payers = Array.from({ length: 8 }, (_, n) => ({ ...LIMITED, id: `key:k${n}` }));
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        replicas.flatMap((database, index) => {
          const budgets = budgetsOn(database);
          const ordered = index === 0 ? payers : payers.toReversed();
          return ordered.map(async (payer) => await (await budgets.reserve(call(payer)))?.settle('free', USED));
        }),
      );
    }
    expect(transactions.map(({ undone }) => undone)).toEqual(replicas.map(() => 0));
  });

  it('warns once at 80 % and once when it is used up', async () => {
    const budgets = budgetsOn(await opened());
    const warnings: BudgetWarning[] = [];
    budgets.onWarning((warning) => Promise.resolve(void warnings.push(warning)));
    const all: (Reservation | undefined)[] = [];
    for (let n = 0; n < 10; n++) all.push(await budgets.reserve(call(LIMITED)));
    await Promise.all(all.map(async (reservation) => await reservation?.settle('free', USED)));
    expect(warnings).toMatchObject([
      { tenant: 'acme', payer: 'key:k1', percent: 80, tokens: 800, tokensPerMonth: 1000 },
      { percent: 100, tokens: 1000 },
    ]);
  });

  it('says what a call needs and what the budget has left, if the call does not fit', async () => {
    const budgets = budgetsOn(await opened());
    await (await budgets.reserve(call(LIMITED)))?.settle('free', { inputTokens: 890, outputTokens: 60 });
    await expect(budgets.reserve(call(LIMITED))).rejects.toThrow(
      "The caller's budget for " +
        `${new Date().toISOString().slice(0, 7)} has 50 of 1000 tokens left: 950 are used. ` +
        'This call needs at least 76 (60 input, 16 output).',
    );
    await (await budgets.reserve({ ...call(LIMITED), inputTokens: () => 30 }))?.settle('free', undefined);
    const held = await budgets.reserve({ ...call(LIMITED, 16), inputTokens: () => 4 });
    await expect(budgets.reserve({ ...call(LIMITED), inputTokens: () => 30 })).rejects.toThrow(
      'has 30 of 1000 tokens left: 950 are used, and 20 are reserved by runs in progress. ' +
        'This call needs at least 46 (30 input, 16 output).',
    );
    await held?.settle('free', { inputTokens: 4, outputTokens: 46 });
    await expect(budgets.assertAvailable(LIMITED)).rejects.toThrow('The caller has used up the budget for');
  });

  it('says how many dollars are left, if the money does not pay for a call', async () => {
    const budgets = budgetsOn(await opened(), { tenantCostPerMonth: 0.01 });
    const anybody: Principal = { tenant: 'acme', id: 'anybody', scopes: ['usage:read'] };
    await (
      await budgets.reserve(call(anybody, 400, 'priced'))
    )?.settle('priced', { inputTokens: 60, outputTokens: 440 });
    await expect(budgets.reserve(call(anybody, 40, 'priced'))).rejects.toThrow(
      'has $0.0006 of $0.01 left: $0.0094 are used. This call needs at least $0.00092 (60 input, 16 output tokens).',
    );
    await expect(budgets.reserve(call({ ...anybody, scopes: [] }, 40, 'priced'))).rejects.toThrow(
      'has too little left. This call needs at least $0.00092 (60 input, 16 output tokens).',
    );
  });

  it('warns of a budget that was lowered below its usage, although the next call is refused', async () => {
    const budgets = budgetsOn(await opened());
    const warnings: BudgetWarning[] = [];
    budgets.onWarning((warning) => Promise.resolve(void warnings.push(warning)));
    await (await budgets.reserve(call(LIMITED)))?.settle('free', { inputTokens: 500, outputTokens: 40 });
    const lowered: Principal = { ...LIMITED, limits: { tokensPerMonth: 600 } };
    await expect(budgets.reserve(call(lowered))).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    await expect(budgets.reserve(call(lowered))).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    expect(warnings).toMatchObject([{ percent: 80, tokens: 540, tokensPerMonth: 600 }]);

    const spent: Principal = { ...LIMITED, limits: { tokensPerMonth: 500 } };
    await expect(budgets.assertAvailable(spent)).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    await expect(budgets.assertAvailable(spent)).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    expect(warnings).toMatchObject([{ percent: 80 }, { percent: 100, tokens: 540, tokensPerMonth: 500 }]);
  });

  it('warns of a budget that begins within a month and is used up already', async () => {
    const database = await opened();
    await database.write((transaction) =>
      transaction
        .insertInto('usage')
        .values({
          tenant: 'acme',
          day: new Date().toISOString().slice(0, 10),
          caller: 'key:k1',
          role: 'assistant',
          model: 'free',
          replica_id: '',
          runs: 1,
          input_tokens: 900,
          cached_tokens: 0,
          output_tokens: 100,
          reasoning_tokens: 0,
          cost: 0,
        })
        .execute(),
    );
    const budgets = budgetsOn(database);
    const warnings: BudgetWarning[] = [];
    budgets.onWarning((warning) => Promise.resolve(void warnings.push(warning)));
    await expect(budgets.assertAvailable(LIMITED)).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    await expect(budgets.assertAvailable(LIMITED)).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    expect(warnings).toMatchObject([{ percent: 100, tokens: 1000 }]);
  });

  it('refuses a call within a group of writes, which is committed', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    await budgets.reserve(call(LIMITED, 940));
    const transactions = countTransactions(database);
    const ends = await Promise.allSettled([
      insertRun(database, 'a'),
      budgets.reserve(call(LIMITED)),
      insertRun(database, 'b'),
      budgets.reserve(call(LIMITED)),
      insertRun(database, 'c'),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await runIds(database)).toEqual(['a', 'b', 'c']);
    expect(transactions).toEqual({ begun: 1, undone: 0 });
  });

  it('takes no transaction for a call that fits, if this process is the only one', async () => {
    if (store.name === 'postgres') return;
    const database = await opened();
    const budgets = budgetsOn(database);
    await (await budgets.reserve(call(LIMITED)))?.settle('free', USED);
    const transactions = countTransactions(database);
    const reservation = await budgets.reserve(call(LIMITED, 840));
    expect(reservation?.maxOutputTokens).toBe(840);
    expect(transactions).toEqual({ begun: 0, undone: 0 });
    await reservation?.settle('free', USED);
    expect(transactions).toEqual({ begun: 1, undone: 0 });
  });

  it('counts a call once whose reservation was tried twice, because another write of its group failed', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    const [reserved, failed] = await Promise.allSettled([
      budgets.reserve(call(LIMITED, 940)),
      database.write(() => Promise.reject(new Error('on purpose')), { lock: 'z' }),
    ]);
    expect(failed.status).toBe('rejected');
    expect(reserved).toMatchObject({ status: 'fulfilled', value: { maxOutputTokens: 940 } });
  });

  it('refuses a run of a used-up budget without a write', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    await (await budgets.reserve(call(LIMITED)))?.settle('free', { inputTokens: 900, outputTokens: 100 });
    const transactions = countTransactions(database);
    await expect(budgets.assertAvailable(LIMITED)).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    await budgets.assertAvailable({ ...LIMITED, id: 'key:k2' });
    expect(transactions).toEqual({ begun: 0, undone: 0 });
  });

  it('counts the usage and releases the rest, even after an outage of the database', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    const reservation = await budgets.reserve(call(LIMITED, 940));
    jest
      .spyOn(database, 'write')
      .mockRejectedValueOnce(new DatabaseUnavailableError(new Error('the connection broke')));
    await reservation?.settle('free', USED);
    expect(await reservedOf(database)).toBe(0);
    expect((await budgets.reserve(call(LIMITED, 940)))?.maxOutputTokens).toBe(840);
  });

  it('counts a reservation while its settlement is retried', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    const reservation = await budgets.reserve(call(LIMITED, 940));
    const write = database.write.bind(database);
    const failing = jest.spyOn(database, 'write').mockImplementation((work, options) =>
      write(async (transaction) => {
        await work(transaction);
        throw new Error('on purpose');
      }, options),
    );
    jest.spyOn(retries, 'retry').mockImplementationOnce(async (_, again) => {
      await expect(again()).rejects.toThrow('on purpose');
      failing.mockRestore();
      await expect(budgets.reserve(call(LIMITED))).rejects.toThrow('reserved by runs in progress');
      await again();
    });
    await reservation?.settle('free', USED);
    expect((await budgets.reserve(call(LIMITED, 940)))?.maxOutputTokens).toBe(840);
  });

  it('releases a reservation whose settlement is given up', async () => {
    // Elsewhere, it ends after an hour.
    if (store.name === 'postgres') return;
    const database = await opened();
    const budgets = budgetsOn(database);
    const reservation = await budgets.reserve(call(LIMITED, 940));
    const failing = jest.spyOn(database, 'write').mockRejectedValue(new Error('on purpose'));
    jest.spyOn(retries, 'retry').mockImplementationOnce(async (_, write) => {
      await expect(write()).rejects.toThrow('on purpose');
    });
    await reservation?.settle('free', USED);
    failing.mockRestore();
    expect((await budgets.reserve(call(LIMITED, 940)))?.maxOutputTokens).toBe(940);
  });

  it('warns again of a budget whose warning was undone with its group', async () => {
    const database = await opened();
    const rows = new BudgetsRepository(database);
    const limited = budgetsOn(database, { tenantTokensPerMonth: 1000 }, rows);
    await (await limited.reserve(call(LIMITED)))?.settle('free', { inputTokens: 500, outputTokens: 40 });
    const lowered: Principal = { ...LIMITED, limits: { tokensPerMonth: 600 } };
    const write = database.write.bind(database);
    jest.spyOn(database, 'write').mockImplementationOnce(async (work, options) => {
      const undone = write(async (transaction) => {
        await work(transaction);
        throw new Error('on purpose');
      }, options);
      await expect(undone).rejects.toThrow('on purpose');
      // Meanwhile others use up the budget of the tenant, so that the repeated call ends there.
      await database.query.updateTable('budgets').set({ tokens: 1000 }).where('payer', '=', '').execute();
      return await write(work, options);
    });
    await expect(limited.reserve(call(lowered))).rejects.toThrow('The tenant has used');

    const budgets = budgetsOn(database, {}, rows);
    const warnings: BudgetWarning[] = [];
    budgets.onWarning((warning) => Promise.resolve(void warnings.push(warning)));
    await budgets.reserve({ ...call(lowered, 16), inputTokens: () => 4 });
    expect(warnings).toMatchObject([{ percent: 80, tokens: 540, tokensPerMonth: 600 }]);
  });

  it('releases a stored reservation whose commit was not confirmed', async () => {
    const database = await opened();
    const budgets = budgetsOn(database);
    const write = database.write.bind(database);
    jest.spyOn(database, 'write').mockImplementationOnce(async (...args) => {
      await write(...args);
      throw new DatabaseUnavailableError(new Error('the connection broke'));
    });
    await expect(budgets.reserve(call(LIMITED, 940))).rejects.toThrow(DatabaseUnavailableError);
    await until('its reservation is released', async () => (await reservedOf(database)) === 0);
  });

  it('counts usage once if its commit was not confirmed', async () => {
    // SQLite always confirms it.
    if (store.name === 'sqlite') return;
    const database = await opened();
    const budgets = budgetsOn(database);
    const reservation = await budgets.reserve(call(LIMITED, 940));
    const write = database.write.bind(database);
    jest.spyOn(database, 'write').mockImplementationOnce(async (...args) => {
      await write(...args);
      throw new DatabaseUnavailableError(new Error('the connection broke'));
    });
    await reservation?.settle('free', USED);
    expect((await budgets.reserve(call(LIMITED, 940)))?.maxOutputTokens).toBe(840);
  });

  it('does not query the database without a budget', async () => {
    const database = await opened();
    expect(await budgetsOn(database).reserve(call({ tenant: 'acme', id: 'anybody', scopes: [] }))).toBeUndefined();
    expect(await database.query.selectFrom('budgets').selectAll().execute()).toEqual([]);
  });
});
