import type { LoggerService } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { send } from '../test/support/clients/client.js';
import { sqlite, type TestDatabase } from '../test/support/storage/stores.js';
import { Agent, AgentModule, type AgentModuleOptions, KeysService } from './index.js';
import { RpcController } from './rpc/index.js';
import { ScriptedModel } from './testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

type Extras = Parameters<typeof AgentModule.forRoot>[0];

/** Keeps the warnings of the start. */
class Warnings implements LoggerService {
  readonly lines: unknown[] = [];
  log(): void {}
  error(): void {}
  warn(line: unknown): void {
    this.lines.push(line);
  }
}

const before = process.env['NODE_ENV'];
let database: TestDatabase;
let warnings: Warnings;
let app: NestFastifyApplication | undefined;

beforeEach(async () => {
  database = await sqlite.create();
  warnings = new Warnings();
});

afterEach(async () => {
  setEnvironment(before);
  await app?.close();
  app = undefined;
  await database.drop();
});

function setEnvironment(value: string | undefined): void {
  if (value === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = value;
}

async function start(options: Extras & AgentModuleOptions = {}): Promise<NestFastifyApplication> {
  const agents = AgentModule.forRoot({
    model: new ScriptedModel('Hi.'),
    databaseUrl: database.databaseUrl,
    ...options,
  });
  const builder = Test.createTestingModule({ imports: [agents], providers: [AssistantAgent] }).setLogger(warnings);
  const module = await builder.compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('the routes of an application without the option auth', () => {
  it.each([{}, { http: false, rpc: RpcController }])('prevent the start in production: %j', async (extras) => {
    setEnvironment('production');

    await expect(start(extras)).rejects.toThrow(
      "auth must be set in production. Write auth: 'none' if your own guards authenticate callers.",
    );
  });

  it.each([undefined, 'development', 'test'])('cause a warning if NODE_ENV is %s', async (environment) => {
    setEnvironment(environment);
    await start();

    expect(warnings.lines).toEqual([
      "Everyone who reaches the routes of AgentModule may use them. Set auth, or write auth: 'none'.",
    ]);
  });

  it('are accepted in silence with auth', async () => {
    setEnvironment('production');
    await start({ auth: 'none' });

    expect(warnings.lines).toEqual([]);
  });

  it('are not asked for with http: false', async () => {
    setEnvironment('production');
    await start({ http: false });

    expect(warnings.lines).toEqual([]);
  });
});

describe('the admin routes of an application', () => {
  const ADMIN = ['keys', 'budgets', 'switches', 'audit', 'releases'].map((name) => `GET /api/v1/admin/${name}`);

  async function statusesOf(options: Extras): Promise<number[]> {
    const host = await start({ auth: 'api-key', ...options });
    const { key } = await host.get(KeysService).create({ name: 'ops', tenant: 'ops', scopes: ['admin'] }, 'test');
    const headers = { authorization: `Bearer ${key}` };
    const target = { url: await host.getUrl() };
    const calls = [...ADMIN, 'GET /api/v1/admin/tenants/acme/export', 'GET /api/v1/agent/roles'];
    return Promise.all(calls.map(async (call) => (await send(target, call, { headers })).status));
  }

  it('do not exist by default', async () => {
    expect(await statusesOf({})).toEqual([404, 404, 404, 404, 404, 404, 200]);
  });

  it('exist with admin: true', async () => {
    expect(await statusesOf({ admin: true })).toEqual([200, 200, 200, 200, 200, 200, 200]);
  });
});
