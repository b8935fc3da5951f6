import { Controller, Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { sqlite, type TestDatabase } from '../test/support/storage/stores.js';
import { AuthThrottle } from './auth/auth.throttle.js';
import {
  AgentHealth,
  AgentMetrics,
  AgentModule,
  AgentRunnerService,
  ApiLifecycle,
  AuditService,
  Authenticator,
  Database,
  KeysService,
  TasksService,
} from './index.js';

/** The parts that an application injects. */
const OFFERED = [
  AgentRunnerService,
  TasksService,
  AgentHealth,
  AgentMetrics,
  ApiLifecycle,
  AuditService,
  Authenticator,
  Database,
  AuthThrottle,
  KeysService,
];

@Injectable()
class Greeting {
  readonly text = 'hello';
}

@Module({ providers: [Greeting], exports: [Greeting] })
class GreetingModule {}

/** A controller of messages that injects a part of the application. */
@Controller()
class GreetingController {
  constructor(
    readonly runner: AgentRunnerService,
    readonly greeting: Greeting,
  ) {}
}

let database: TestDatabase;
let app: TestingModule | undefined;

beforeEach(async () => (database = await sqlite.create()));

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

  it('gives a controller of messages what forRootAsync imports', async () => {
    const { databaseUrl } = database;
    const agents = AgentModule.forRootAsync({
      imports: [GreetingModule],
      inject: [Greeting],
      useFactory: ({ text }: Greeting) => ({ databaseUrl, defaultModel: text }),
      http: false,
      rpc: GreetingController,
    });
    app = await Test.createTestingModule({ imports: [agents] }).compile();

    expect(app.get(GreetingController).greeting).toBe(app.get(Greeting));
  });

  it('does not start with invalid options, and lists all of them', async () => {
    const imports = [AgentModule.forRoot({ timeoutMs: 0, role: 'worker', http: false })];
    await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow(
      'The options of AgentModule are not valid:\n' +
        '- timeoutMs must be from 1 to 2147483647, not 0\n' +
        '- role=worker needs redisUrl to coordinate with the other processes',
    );
  });
});
