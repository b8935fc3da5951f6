import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Injectable, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { until } from '../../../test/support/until.js';
import {
  Agent,
  AgentModule,
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
} from '../../index.js';
import { ScriptedModel } from '../../testing/index.js';
import { RookeryClient } from '../index.js';
import { AgentClientModule, type AgentClientModuleOptions, agentClientToken, InjectAgentClient } from './index.js';

@Agent({ role: 'assistant', description: 'Talks.', instructions: 'Talk.' })
class TalkingAgent {}

/** Answers "one" at once. Every other stream never ends. */
class EndlessModel extends LanguageModel {
  readonly stopped: string[] = [];

  nameFor(): string {
    return 'endless';
  }

  reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    return new ScriptedModel('One.').reply(request, call);
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const message = request.messages.at(-1)?.content ?? '';
    if (message === 'one') {
      yield* new ScriptedModel('One.').stream(request, call);
      return;
    }
    yield { type: 'delta', text: 'and ' };
    await new Promise((resolve) => call.signal.addEventListener('abort', resolve, { once: true }));
    this.stopped.push(message);
    call.signal.throwIfAborted();
  }
}

@Injectable()
class Helpdesk {
  constructor(readonly agents: RookeryClient) {}
}

const model = new EndlessModel();
const hosts: NestFastifyApplication[] = [];
let folder: string;
let service: NestFastifyApplication;
let baseUrl: string;
let headersSeen: Record<string, unknown>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-client-'));
  const databaseUrl = `file:${join(folder, 'rookery.db')}`;
  const agents = AgentModule.forRoot({ model, databaseUrl, streamGraceMs: 0, shutdownTimeoutMs: 100 });
  service = await appOf({ imports: [agents], providers: [TalkingAgent] });
  const fastify = service.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', async ({ headers }) => void headersSeen.push(headers));
  await service.listen(0, '127.0.0.1');
  baseUrl = await service.getUrl();
});

beforeEach(() => {
  headersSeen = [];
});

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

describe('AgentClientModule', () => {
  it('injects a client', async () => {
    const host = await hostOf([AgentClientModule.register({ baseUrl })], Helpdesk);
    const { agents } = host.get(Helpdesk);

    expect((await agents.chat({ message: 'one' })).reply).toBe('One.');
    const types: string[] = [];
    for await (const { type } of agents.stream({ message: 'one' })) types.push(type);
    expect(types).toEqual(['run.started', 'message.delta', 'run.completed']);
    const { task_id: id } = await agents.tasks.create({ message: 'one' });
    expect(await agents.waitForTask(id)).toMatchObject({ status: 'completed', result: { reply: 'One.' } });
  });

  it('registers several clients, each with its own name, options and factory', async () => {
    @Module({ providers: [{ provide: 'SECRET', useValue: 'rk_second' }], exports: ['SECRET'] })
    class SecretsModule {}
    @Injectable()
    class Office {
      constructor(
        @InjectAgentClient('first') readonly first: RookeryClient,
        @InjectAgentClient('second') readonly second: RookeryClient,
        @InjectAgentClient() readonly unnamed: RookeryClient,
      ) {}
    }
    const useFactory = async (apiKey: string): Promise<AgentClientModuleOptions> => ({ baseUrl, apiKey });
    const host = await hostOf(
      [
        AgentClientModule.register({ name: 'first', baseUrl, apiKey: 'rk_first' }),
        AgentClientModule.registerAsync({ name: 'second', imports: [SecretsModule], inject: ['SECRET'], useFactory }),
        AgentClientModule.registerAsync({ useFactory: () => ({ baseUrl }) }),
      ],
      Office,
    );
    const { first, second, unnamed } = host.get(Office);

    for (const client of [first, second, unnamed]) await client.roles();

    expect(headersSeen.map((headers) => headers['x-api-key'])).toEqual(['rk_first', 'rk_second', undefined]);
    expect(host.get(agentClientToken('second'))).toBe(second);
  });

  it('is available to all modules if global, else only to importing modules', async () => {
    @Module({ providers: [Helpdesk] })
    class FeatureModule {}

    const host = await hostOf([AgentClientModule.register({ baseUrl, isGlobal: true }), FeatureModule]);
    const narrow = hostOf([AgentClientModule.register({ baseUrl }), FeatureModule]);

    expect(host.get(Helpdesk, { strict: false }).agents).toBeInstanceOf(RookeryClient);
    await expect(narrow).rejects.toThrow(/RookeryClient/);
  });

  it('aborts calls at shutdown, even if answers of the application wait for them', async () => {
    const followed = (): boolean =>
      headersSeen.some(({ accept, ...rest }) => accept === 'text/event-stream' && rest['content-type'] === undefined);
    @Controller()
    class WaitingController {
      constructor(private readonly agents: RookeryClient) {}

      @Get('wait')
      async wait(): Promise<{ ended: string }> {
        const { task_id: id } = await this.agents.tasks.create({ message: 'task' });
        return this.agents.waitForTask(id).then(
          ({ status }) => ({ ended: status }),
          (failure: unknown) => ({ ended: String(failure) }),
        );
      }
    }
    @Module({ imports: [AgentClientModule.register({ baseUrl })], controllers: [WaitingController] })
    class FeatureModule {}
    const host = await hostOf([FeatureModule, AgentClientModule.register({ name: 'streams', baseUrl })]);
    await host.listen(0, '127.0.0.1');
    const agents = host.get<RookeryClient>(agentClientToken('streams'), { strict: false });
    const seen: string[] = [];
    const streaming = (async () => {
      for await (const { type } of agents.stream({ message: 'stream' })) seen.push(type);
    })().catch((failure: unknown) => failure);
    const waiting = fetch(`${await host.getUrl()}/wait`).then((answer) => answer.json());
    await until('both have begun', () => seen.length === 2 && followed());

    await host.close();

    expect(await streaming).toMatchObject({ name: 'AbortError', message: 'The application is shutting down.' });
    expect(await waiting).toEqual({ ended: 'AbortError: The application is shutting down.' });
    expect(seen).toEqual(['run.started', 'message.delta']);
    await expect(agents.roles()).rejects.toMatchObject({ name: 'AbortError' });
    // The service notices the disconnect and stops the model.
    await until('the model has stopped', () => model.stopped.includes('stream'));
  });

  it('aborts calls with a signal of the application', async () => {
    const ended = new AbortController();
    const host = await hostOf([AgentClientModule.register({ baseUrl, signal: ended.signal })]);
    const reason = new Error('enough');

    ended.abort(reason);

    await expect(host.get(RookeryClient, { strict: false }).roles()).rejects.toBe(reason);
  });

  it('propagates the trace of a call only if configured', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const traced = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1 });
    const host = await hostOf([
      AgentClientModule.register({ name: 'traced', baseUrl, traceContext: true }),
      AgentClientModule.register({ name: 'plain', baseUrl }),
    ]);
    const clientOf = (name: string): RookeryClient => host.get(agentClientToken(name), { strict: false });
    try {
      await context.with(traced, () => clientOf('traced').roles());
      await context.with(traced, () => clientOf('plain').roles());
      await clientOf('traced').roles();
    } finally {
      context.disable();
      propagation.disable();
    }

    const expected = `00-${traceId}-${spanId}-01`;
    expect(headersSeen.map(({ traceparent }) => traceparent)).toEqual([expected, undefined, undefined]);
  });

  it.each([
    { options: {}, faults: ['baseUrl is missing'] },
    { options: { baseUrl: 'agents.example.com' }, faults: ['baseUrl must be an http or https URL'] },
    { options: { baseUrl: 'https://a.example/api/v1' }, faults: ['baseUrl must not include /api'] },
    { options: { baseUrl: 'https://me:secret@a.example' }, faults: ['baseUrl must not contain credentials'] },
    {
      options: { baseUrl: 'https://a.example', apiKey: ' ', token: 'secret', timeoutMs: 0, maxRetries: -1, retries: 2 },
      faults: [
        'set either apiKey or token, not both',
        'apiKey must be a non-empty string',
        'timeoutMs must be a whole number from 1 to 2147483647',
        'maxRetries must be a whole number from 0 to 100',
        'retries is not an option; the options are baseUrl, ',
      ],
    },
  ])('does not start with $options', async ({ options, faults }) => {
    // A factory may return options from an untyped source.
    const useFactory = (): AgentClientModuleOptions => JSON.parse(JSON.stringify(options));

    const failure = await hostOf([AgentClientModule.registerAsync({ name: 'billing', useFactory })]).then(
      () => '',
      (error: unknown) => String(error),
    );

    expect(failure).toMatch(/^Error: AgentClientModule "billing": /);
    for (const fault of faults) expect(failure).toContain(fault);
    expect(failure).not.toContain('secret');
  });
});

async function hostOf(imports: NonNullable<ModuleMetadata['imports']>, ...providers: Type<object>[]) {
  const host = await appOf({ imports, providers });
  hosts.push(host);
  return host.init();
}

async function appOf(metadata: ModuleMetadata): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule(metadata).compile();
  // An aborted fetch leaves an idle connection behind.
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  return module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
}
