import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Controller,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { ModulesContainer } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { keepQuiet } from '../test/support/quiet.js';
import { sqlite, type TestDatabase } from '../test/support/storage/stores.js';
import { Gate, until } from '../test/support/until.js';
import {
  Agent,
  AgentHealth,
  AgentMetrics,
  AgentModule,
  AgentRunnerService,
  ApiLifecycle,
  AuditService,
  Authenticator,
  AuthThrottle,
  Database,
  KeysService,
  TasksService,
  Tool,
} from './index.js';
import { RpcController } from './rpc/index.js';
import { RunsModuleOptions } from './runs/runs.options.js';
import { ScriptedModel } from './testing/index.js';

/** The parts that an application injects. */
const OFFERED = [
  AgentRunnerService,
  TasksService,
  AgentHealth,
  AgentMetrics,
  ApiLifecycle,
  AuditService,
  Authenticator,
  AuthThrottle,
  Database,
  KeysService,
];

@Injectable()
class Greeting {
  readonly text = 'hello';
}

@Module({ providers: [Greeting], exports: [Greeting] })
class GreetingModule {}

/** Stands for a subclass of `RpcController`. */
@Controller()
class OwnController {}

/** Stands for a subclass of `ChatGateway`. */
@Injectable()
class OwnGateway {}

const INJECTED = [...OFFERED, Greeting];
for (const own of [OwnController, OwnGateway]) {
  for (const part of INJECTED) Inject(part)(own.prototype, part.name);
}

/** The events of the application, in order. */
let history: string[];
let gate: Gate;

@Injectable()
class Pool implements OnApplicationBootstrap, OnModuleDestroy {
  async onApplicationBootstrap(): Promise<void> {
    await sleep(20);
    history.push('the pool opens');
  }

  onModuleDestroy(): void {
    history.push('the pool closes');
  }
}

@Module({ providers: [Pool], exports: [Pool] })
class PoolModule {}

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {
  constructor(private readonly pool: Pool) {}

  @Tool({ description: 'Asks the pool', idempotent: true })
  async query(): Promise<string> {
    history.push('the tool begins');
    await gate.opened;
    history.push('the tool ends');
    return this.pool.constructor.name;
  }
}

@Module({ imports: [PoolModule], providers: [AssistantAgent] })
class FeatureModule {}

let database: TestDatabase;
let app: TestingModule | undefined;

beforeEach(async () => {
  [history, gate] = [[], new Gate()];
  database = await sqlite.create();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await database.drop();
});

describe('AgentModule', () => {
  it('offers its services to the application', async () => {
    const host = { provide: 'host', inject: OFFERED, useFactory: (...parts: object[]) => parts };
    const { databaseUrl } = database;
    const imports = [AgentModule.forRoot({ databaseUrl, http: false })];
    app = await Test.createTestingModule({ imports, providers: [host] }).compile();

    const parts: object[] = app.get('host');
    expect(parts).toEqual(OFFERED.map((service) => expect.any(service)));
  });

  it.each([
    ['a controller of messages', OwnController, { rpc: OwnController, http: false }],
    ['a gateway', OwnGateway, { webSocket: OwnGateway }],
  ])('offers them to %s, and what forRootAsync imports', async (_, own, extras) => {
    const { databaseUrl } = database;
    const agents = AgentModule.forRootAsync({
      imports: [GreetingModule],
      inject: [Greeting],
      useFactory: ({ text }: Greeting) => ({ databaseUrl, defaultModel: text }),
      ...extras,
    });
    app = await Test.createTestingModule({ imports: [agents] }).compile();

    const injected: object = app.get(own);
    expect(INJECTED.map(({ name }) => Reflect.get(injected, name))).toEqual(INJECTED.map((part) => expect.any(part)));
  });

  it('takes its options from ConfigService', async () => {
    const load = [() => ({ AGENT_DATABASE: database.databaseUrl, AGENT_TIMEOUT: '5000' })];
    const agents = AgentModule.forRootAsync({
      imports: [ConfigModule.forRoot({ ignoreEnvFile: true, load })],
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        databaseUrl: config.getOrThrow<string>('AGENT_DATABASE'),
        timeoutMs: Number(config.get('AGENT_TIMEOUT')),
      }),
      http: false,
    });
    app = await Test.createTestingModule({ imports: [agents] }).compile();

    await expect(access(database.databaseUrl.slice('file:'.length))).resolves.toBeUndefined();
    expect(app.get(RunsModuleOptions, { strict: false }).timeoutMs).toBe(5000);
  });

  it('refuses what a factory returns under a wrong name or with a wrong type', async () => {
    const useFactory = () => Object({ database: 'file:x.db', timeoutMs: '5000', http: false });
    const imports = [AgentModule.forRootAsync({ useFactory, http: false })];
    await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow(
      'The options of AgentModule are not valid:\n' +
        '- database is not an option. Did you mean databaseUrl?\n' +
        '- http must stand beside useFactory of forRootAsync, because it is fixed at the import\n' +
        '- timeoutMs must be a number, not a string',
    );
  });

  it('does not start with invalid options, and lists all of them', async () => {
    const imports = [AgentModule.forRoot({ timeoutMs: 0, role: 'worker', http: false })];
    await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow(
      'The options of AgentModule are not valid:\n' +
        '- timeoutMs must be from 1 to 2147483647, not 0\n' +
        '- role=worker needs redisUrl to coordinate with the other processes',
    );
  });

  describe('with tools that use a module of the application', () => {
    keepQuiet();

    async function start(shutdownTimeoutMs: number, extras = {}): Promise<TestingModule> {
      const { databaseUrl } = database;
      const model = new ScriptedModel([{ tool: 'query' }], 'Done.');
      const agents = AgentModule.forRoot({ databaseUrl, model, shutdownTimeoutMs, http: false, ...extras });
      const started = await Test.createTestingModule({ imports: [agents, FeatureModule] }).compile();
      await started.init();
      return started;
    }

    it('ends background runs before that module ends', async () => {
      app = await start(10_000);
      await app.get(TasksService).submit({ message: 'Hi' });
      await until('the tool begins', () => history.includes('the tool begins'));
      const closed = app.close();
      await sleep(20);
      gate.open();
      await closed;

      expect(history).toEqual(['the pool opens', 'the tool begins', 'the tool ends', 'the pool closes']);
    });

    it('starts background runs after that module has started', async () => {
      const first = await start(0);
      await first.get(TasksService).submit({ message: 'Hi' });
      await until('the tool begins', () => history.includes('the tool begins'));
      await first.close();

      history = [];
      app = await start(10_000);
      await until('the tool begins again', () => history.includes('the tool begins'));
      gate.open();

      expect(history.slice(0, 2)).toEqual(['the pool opens', 'the tool begins']);
    });

    it('leaves messages to other replicas before background runs have ended', async () => {
      app = await start(10_000, { rpc: RpcController });
      const server = { drain: () => history.push('the server drains'), close: () => undefined };
      app.get(ModulesContainer).addRpcTarget(server);
      await app.get(TasksService).submit({ message: 'Hi' });
      await until('the tool begins', () => history.includes('the tool begins'));
      app.get(AgentRunnerService).onDraining(() => {
        throw new Error('a listener of the application fails');
      });
      const closed = app.close();
      await until('the server drains', () => history.includes('the server drains'));
      gate.open();
      await closed;

      expect(history.indexOf('the server drains')).toBeLessThan(history.indexOf('the tool ends'));
      expect(history.indexOf('the tool ends')).toBeLessThan(history.indexOf('the pool closes'));
    });

    it('refuses new runs as soon as the shutdown begins', async () => {
      app = await start(10_000);
      const runner = app.get(AgentRunnerService);
      const outcomes: string[] = [];
      runner.onDraining(() => outcomes.push('draining'));
      const closed = app.close();
      await runner.run({ message: 'Hi' }).catch((failure: unknown) => outcomes.push(String(failure)));
      gate.open();
      await closed;

      expect(outcomes).toEqual(['draining', expect.stringContaining('shutting down')]);
    });
  });
});
