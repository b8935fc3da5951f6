import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { clusterPlace } from '../../bench/chaos/places.js';
import { send } from '../../test/support/clients/client.js';
import { expectError } from '../../test/support/clients/expect-error.js';
import { sqlite, type TestDatabase } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { Agent, AgentModule, Database, KeysService, type Scope } from '../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { SwitchesService } from './switches.service.js';

const PATH = '/api/v1/admin/switches';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

describe('PUT /admin/switches', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let host: { url: string };

  beforeAll(async () => {
    database = await sqlite.create();
    const { databaseUrl } = database;
    const options = { model: new ScriptedModel('Hi.'), databaseUrl, auth: 'api-key' } as const;
    const imports = [AgentModule.forRoot({ ...options, admin: true })];
    const module = await Test.createTestingModule({ imports, providers: [AssistantAgent] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    host = { url: await app.getUrl() };
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function headersOf(scopes: Scope[]): Promise<Record<string, string>> {
    const { key } = await app.get(KeysService).create({ name: 'test', tenant: 'acme', scopes }, 'host');
    return { authorization: `Bearer ${key}` };
  }

  it('stops an agent for callers, and lets it run again', async () => {
    const [operator, caller] = [await headersOf(['admin']), await headersOf(['chat'])];
    const chat = () => send(host, 'POST /api/v1/agent/chat', { headers: caller, body: { message: 'Hi' } });
    const set = (body: object) => send(host, `PUT ${PATH}`, { headers: operator, body });

    const stopped = await set({ kind: 'role', name: 'assistant', stopped: true, reason: 'maintenance' });
    const { items } = stopped.body;
    expect([stopped.status, items]).toEqual([
      200,
      [expect.objectContaining({ kind: 'role', name: 'assistant', reason: 'maintenance' })],
    ]);
    expect((await send(host, `GET ${PATH}`, { headers: operator })).body).toEqual({ items });
    const refused = await chat();
    expectError(refused, 503, 'stopped');
    expect(refused.body.detail).toBe('The agent "assistant" is stopped by the operator: maintenance');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);

    expect((await set({ kind: 'role', name: 'assistant', stopped: false })).body).toEqual({ items: [] });
    expect((await chat()).status).toBe(200);
    for (const fault of [{ kind: 'model' }, { name: '' }, { stopped: 'yes' }, { reason: '' }]) {
      expectError(await set({ kind: 'role', name: 'x', stopped: true, ...fault }), 422, 'validation_failed');
    }
    expectError(await send(host, `GET ${PATH}`, { headers: caller }), 403, 'forbidden');
  });
});

const place = await clusterPlace();

(place ? describe : describe.skip)('a switch that was set on another replica', () => {
  let apps: readonly TestApp[];

  beforeAll(async () => {
    const { databaseUrl, redisUrl } = place ?? {};
    const answers = Array.from({ length: 500 }, () => 'Hi.');
    const start = (): Promise<TestApp> =>
      createTestApp({ databaseUrl, redisUrl, model: new ScriptedModel(...answers), providers: [AssistantAgent] });
    apps = [await start(), await start()];
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await place?.remove();
  });

  const isRefused = async (): Promise<boolean> => {
    try {
      await apps[1]?.runner.run({ message: 'Hi' });
    } catch (failure) {
      // A run that has just begun is cancelled.
      expect(failure).toMatchObject({ code: expect.stringMatching(/^(stopped|run_cancelled)$/) });
      return true;
    }
    return false;
  };

  it('is felt, also if its message was lost', async () => {
    const switches = apps[0]?.module.get(SwitchesService);
    await switches?.set({ kind: 'role', name: 'assistant', stopped: true });
    await until('it is felt', isRefused);
    await switches?.set({ kind: 'role', name: 'assistant', stopped: false });
    await until('it is lifted', async () => !(await isRefused()));

    const row = { kind: 'tenant', name: 'default', reason: null, stopped_by: 'test', stopped_at: 1 } as const;
    await apps[0]?.module.get(Database).query.insertInto('switches').values(row).execute();
    await until('the poll finds it', isRefused, 2000);
  });
});
