import { setTimeout } from 'node:timers/promises';
import { redisUrl, stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { completeOptions } from '../../options/options.defaults.js';
import { Gate, until } from '../../../test/support/until.js';
import { Agent, Database, type ModelCall, type ModelRequest, type Principal, Tool } from '../../index.js';
import { DataErasure } from '../../privacy/data.erasure.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp, type TestAppOptions } from '../../testing/index.js';

import { StorageQuota } from './storage.quota.js';
import { measureTenant } from './tenant.measure.js';
import { TenantSizes } from './tenant.sizes.js';

const { jest } = import.meta;

const ADA: Principal = { tenant: 'acme', id: 'key:ada' };
const EVE: Principal = { tenant: 'other', id: 'key:eve' };
const REFUSAL = { code: 'quota_exceeded' };

/** Answers only when the gate is open. */
class HeldModel extends ScriptedModel {
  constructor(private readonly gate: Gate) {
    super('Yes.', 'Yes.');
  }

  override async reply(request: ModelRequest, call: ModelCall) {
    await this.gate.opened;
    return await super.reply(request, call);
  }
}

/** Measures only when the gate is open. */
class HeldSizes extends TenantSizes {
  hasBegun = false;

  constructor(
    database: Database,
    private readonly gate: Gate,
  ) {
    super(database);
  }

  override async beginMeasurement(tenant: string): Promise<number | undefined> {
    const bytes = await super.beginMeasurement(tenant);
    this.hasBegun = true;
    await this.gate.opened;
    return bytes;
  }
}

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

describe.each(stores)('the quotas of a tenant, on $name', (store) => {
  let database: TestDatabase;
  let apps: TestApp[];
  let skippedMs: number;

  beforeEach(async () => {
    database = await store.create();
    apps = [];
    skippedMs = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + skippedMs);
  });

  afterEach(async () => {
    for (const app of apps) await app.close();
    await database.drop();
    jest.restoreAllMocks();
  });

  const start = async (options: Partial<TestAppOptions>): Promise<TestApp> => {
    const model = new ScriptedModel(...Array.from({ length: 50 }, () => 'Yes.'));
    const { databaseUrl } = database;
    const app = await createTestApp({ model, databaseUrl, providers: [AssistantAgent], ...options });
    apps.push(app);
    return app;
  };

  const chat = (app: TestApp, principal: Principal, session_id?: string, message = 'Hi') =>
    app.runner.run({ message, session_id }, { principal });

  describe('for sessions', () => {
    it('refuses a new session, and serves those that exist', async () => {
      const app = await start({ maxSessionsPerTenant: 2 });
      const { session_id } = await chat(app, ADA);
      await chat(app, ADA, 'named');

      await expect(chat(app, ADA)).rejects.toMatchObject(REFUSAL);
      await expect(chat(app, ADA, 'third')).rejects.toMatchObject(REFUSAL);
      await expect(chat(app, ADA, session_id)).resolves.toMatchObject({ reply: 'Yes.' });
      await expect(chat(app, ADA, 'named')).resolves.toMatchObject({ reply: 'Yes.' });
      await expect(chat(app, EVE)).resolves.toMatchObject({ reply: 'Yes.' });
    });

    it('refuses tasks, but not the repeat of one that was accepted', async () => {
      const app = await start({ maxSessionsPerTenant: 1 });
      const tasks = app.module.get(TasksService);
      const submit = (idempotencyKey: string) => tasks.submit({ message: 'Hi' }, { principal: ADA, idempotencyKey });
      await submit('first');

      await expect(submit('second')).rejects.toMatchObject(REFUSAL);
      await expect(submit('first')).resolves.toMatchObject({ isReplayed: true });
    });

    it('counts the sessions of tasks that are not over', async () => {
      const gate = new Gate();
      const app = await start({ model: new HeldModel(gate), maxSessionsPerTenant: 2 });
      const tasks = app.module.get(TasksService);
      const submit = (session_id?: string) => tasks.submit({ message: 'Hi', session_id }, { principal: ADA });
      await submit('one');
      await submit();
      skippedMs += 11_000;
      await expect(submit()).rejects.toMatchObject(REFUSAL);
      gate.open();
    });

    it('counts the session of a task that waits for a decision', async () => {
      const model = new ScriptedModel([{ tool: 'pay' }], 'Yes.');
      const app = await start({ model, maxSessionsPerTenant: 1 });
      const tasks = app.module.get(TasksService);
      const { task } = await tasks.submit({ message: 'Pay' }, { principal: ADA });
      await until('it waits', async () => (await tasks.get(task.task_id, ADA)).status === 'waiting_approval');
      skippedMs += 11_000;
      await expect(tasks.submit({ message: 'Hi' }, { principal: ADA })).rejects.toMatchObject(REFUSAL);
    });

    it('serves new sessions again after an erasure', async () => {
      const app = await start({ maxSessionsPerTenant: 1 });
      const sessions = app.module.get(SessionsService);
      await chat(app, ADA, 'old');
      await expect(chat(app, ADA, 'new')).rejects.toMatchObject(REFUSAL);

      await expect(sessions.get(ADA, 'old')).resolves.toMatchObject({ session_id: 'old' });
      await sessions.erase(ADA, 'old');
      skippedMs += 2000;
      await expect(chat(app, ADA, 'new')).resolves.toMatchObject({ reply: 'Yes.' });
    });
  });

  describe('for storage', () => {
    const text = 'x'.repeat(40_000);
    const fill = async (app: TestApp, count: number) => {
      for (let index = 0; index < count; index++) await chat(app, ADA, 'long', text);
    };
    const isRefused = (app: TestApp) =>
      chat(app, ADA).then(
        () => false,
        (failure: { readonly code: string }) => failure.code === 'quota_exceeded',
      );

    it('refuses new runs of that tenant, also after a restart', async () => {
      const app = await start({ maxStorageMbPerTenant: 1, historyTokens: 0 });
      await fill(app, 25);
      await expect(chat(app, ADA, 'long')).rejects.toMatchObject(REFUSAL);
      await expect(chat(app, EVE)).resolves.toMatchObject({ reply: 'Yes.' });
      await app.close();
      apps = [];

      const next = await start({ maxStorageMbPerTenant: 1 });
      await expect(chat(next, ADA)).rejects.toMatchObject(REFUSAL);
    });

    it('measures the data that was there before the quota, and again after an erasure', async () => {
      const before = await start({ historyTokens: 0 });
      await fill(before, 25);
      await before.close();
      apps = [];

      const app = await start({ maxStorageMbPerTenant: 1 });
      await expect(chat(app, ADA)).rejects.toMatchObject(REFUSAL);
      await app.module.get(SessionsService).erase(ADA, 'long');
      jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 120_000);
      skippedMs += 120_000;
      // The first refusal begins the measurement.
      for (let tries = 0; tries < 100 && (await isRefused(app)); tries++) {
        skippedMs += 11_000;
        await setTimeout(20);
      }
      expect(await isRefused(app)).toBe(false);
    });

    it('counts the reasoning of messages', async () => {
      const app = await start({});
      await chat(app, ADA, 'thoughtful');
      const { query } = app.module.get(Database);
      const measure = () => measureTenant(query, ADA.tenant, AbortSignal.timeout(10_000));
      const before = await measure();
      // It has a character of two bytes.
      const reasoning = JSON.stringify([{ part: 0, text: 'é' }]);
      await query.updateTable('messages').set({ reasoning }).where('role', '=', 'assistant').execute();
      expect((await measure()) - before).toBe(reasoning.length + 1);
    });

    it('is measured by the next process if the shutdown ends a measurement', async () => {
      const app = await start({});
      await chat(app, ADA);
      const gate = new Gate();
      const sizes = new HeldSizes(app.module.get(Database), gate);
      const quota = new StorageQuota(sizes, completeOptions({ maxStorageMbPerTenant: 1 }).usage);
      const checked = quota.assertRoom('acme');
      await until('it is measured', () => sizes.hasBegun);
      const closed = quota.beforeApplicationShutdown();
      gate.open();
      await Promise.all([checked, closed]);
      const { query } = app.module.get(Database);
      const rows = await query.selectFrom('tenant_sizes').select(['measured_at', 'measuring_since']).execute();
      expect(rows).toEqual([{ measured_at: null, measuring_since: null }]);
    });

    it('forgets the size of a tenant that is erased', async () => {
      const app = await start({ maxStorageMbPerTenant: 1 });
      await chat(app, ADA);
      const { query } = app.module.get(Database);
      const sizes = () => query.selectFrom('tenant_sizes').select('tenant').execute();
      expect(await sizes()).toEqual([{ tenant: 'acme' }]);
      await app.module.get(DataErasure).eraseTenant(ADA);
      expect(await sizes()).toEqual([]);
    });

    if (store.name === 'postgres') {
      it('counts what all replicas store', async () => {
        const options = { maxStorageMbPerTenant: 1, historyTokens: 0, redisUrl: await redisUrl() };
        const [one, other] = [await start(options), await start(options)];
        await fill(one, 13);
        await fill(other, 13);
        expect(await isRefused(one)).toBe(false);
        skippedMs += 20_000;
        await isRefused(other);
        expect(await isRefused(one)).toBe(true);
      });
    }
  });

  it('sends no statement to count anything without quotas', async () => {
    const app = await start({});
    await chat(app, ADA);
    expect(await app.module.get(Database).query.selectFrom('tenant_sizes').selectAll().execute()).toEqual([]);
  });
});
