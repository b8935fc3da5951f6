import { setTimeout as sleep } from 'node:timers/promises';
import {
  hasPostgres,
  postgres,
  redisUrl,
  sqlite,
  type Store,
  type TestDatabase,
} from '../../../test/support/storage/stores.js';
import { Gate, until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, type AgentError, Database, type ModelCall, type ModelRequest } from '../../index.js';
import { DataErasure } from '../../privacy/data.erasure.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { RunsRepository } from '../runs.repository.js';
import { SessionWaiters } from './session.waiters.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Notes the message of each model call. The first one waits for the gate. */
class OrderedModel extends ScriptedModel {
  static started: string[] = [];
  static gate = new Gate();

  override async reply(request: ModelRequest, call: ModelCall) {
    OrderedModel.started.push(request.messages.findLast(({ role }) => role === 'user')?.content ?? '');
    await OrderedModel.gate.opened;
    return await super.reply(request, call);
  }
}

interface Place {
  readonly name: string;
  readonly store: Store;
  readonly redisUrl?: string | undefined;
  readonly replicas: number;
}

const redis = hasPostgres ? await redisUrl() : undefined;
const places: Place[] = [{ name: 'SQLite', store: sqlite, replicas: 1 }];
if (hasPostgres) places.push({ name: 'PostgreSQL', store: postgres, replicas: 1 });
if (redis !== undefined) places.push({ name: 'PostgreSQL and Redis', store: postgres, redisUrl: redis, replicas: 2 });

describe.each(places)('runs that wait for a session, on $name', ({ store, replicas, ...place }) => {
  let database: TestDatabase;
  const apps: TestApp[] = [];

  beforeAll(async () => {
    database = await store.create();
    const options = { databaseUrl: database.databaseUrl, redisUrl: place.redisUrl, sessionPolicy: 'queue' } as const;
    for (let count = 0; count < replicas; count++) {
      const model = new OrderedModel(...Array.from({ length: 20 }, () => 'Done.'));
      apps.push(await createTestApp({ ...options, model, providers: [AssistantAgent] }));
    }
  });

  beforeEach(() => {
    OrderedModel.started = [];
    OrderedModel.gate = new Gate();
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(async () => {
    OrderedModel.gate.open();
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await database.drop();
  });

  const appAt = (index: number): TestApp => {
    const app = apps[index % apps.length];
    if (app === undefined) throw new Error('No application runs.');
    return app;
  };
  const query = () => appAt(0).module.get(Database).query;
  const submit = async (message: string, session_id: string): Promise<string> =>
    (await appAt(0).module.get(TasksService).submit({ message, session_id })).task.task_id;

  /** Starts a run that holds the session until the gate opens. The code of its failure follows; undefined: none. */
  async function hold(session_id: string): Promise<{ readonly failed: Promise<unknown> }> {
    const run = appAt(0).runner.run({ message: 'holder', session_id });
    const failed = run.then(
      () => undefined,
      ({ code }: AgentError) => code,
    );
    await until('it runs', () => OrderedModel.started.length === 1);
    return { failed };
  }

  it('begin in the order of their arrival, chats and tasks, without a write while they wait', async () => {
    const session_id = 'ordered';
    await hold(session_id);
    const order = ['chat 1', 'task 1', 'chat 2', 'chat 3', 'task 2', 'chat 4', 'chat 5'];
    const chats: Promise<unknown>[] = [];
    for (const [index, message] of order.entries()) {
      if (message.startsWith('task')) await submit(message, session_id);
      else chats.push(appAt(index).runner.run({ message, session_id }));
      await until('the chats wait', async () => (await waiting()).length === chats.length);
    }
    const begins = apps.map((app) => jest.spyOn(app.module.get(RunsRepository, { strict: false }), 'begin'));
    await sleep(50);
    await sleep(50);
    await sleep(50);
    for (const begin of begins) expect(begin).not.toHaveBeenCalled();

    OrderedModel.gate.open();
    await Promise.all(chats);
    await until('all have begun', () => OrderedModel.started.length === order.length + 1);
    expect(OrderedModel.started).toEqual(['holder', ...order]);
    await until('the last has ended', async () => {
      const open = await query().selectFrom('runs').select('run_id').where('finished_at', 'is', null).execute();
      return open.length === 0;
    });
  });

  const waiting = () => query().selectFrom('session_waiters').select('run_id').execute();

  it('do not wait any longer once their caller leaves, and let the next one begin', async () => {
    const session_id = 'left';
    await hold(session_id);
    const leaving = new AbortController();
    const left = appAt(1).runner.run({ message: 'left', session_id }, { signal: leaving.signal });
    await until('it waits', async () => (await waiting()).length === 1);
    await submit('task', session_id);
    const next = appAt(0).runner.run({ message: 'chat', session_id });
    await until('both wait', async () => (await waiting()).length === 2);

    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'client_closed_request' });
    expect(await waiting()).toHaveLength(1);
    OrderedModel.gate.open();
    await next;
    expect(OrderedModel.started).toEqual(['holder', 'task', 'chat']);
    expect(await waiting()).toEqual([]);
  });

  it('do not wait for the runs of dead replicas', async () => {
    const session_id = 'dead';
    OrderedModel.gate.open();
    const dead = { run_id: 'dead', tenant: 'default', session_id, created_at: 1, owner: 'dead' };
    await query().insertInto('session_waiters').values(dead).execute();
    await submit('task', session_id);
    await appAt(1).runner.run({ message: 'chat', session_id });
    await until('both have begun', () => OrderedModel.started.length === 2);
    expect(OrderedModel.started).toEqual(['task', 'chat']);
    await query().deleteFrom('session_waiters').execute();
  });

  it('are cancelled with their session once it is erased, and later ones begin', async () => {
    const session_id = 'erased';
    const { failed } = await hold(session_id);
    const waits = [0, 1].map((index) => appAt(index).runner.run({ message: `waits ${index}`, session_id }));
    const refused = waits.map((run) =>
      expect(run).rejects.toMatchObject({ code: 'run_cancelled', message: 'The session was deleted.' }),
    );
    await until('both wait', async () => (await waiting()).length === 2);

    await appAt(0).module.get(SessionsService, { strict: false }).erase(HOST_PRINCIPAL, session_id);
    expect(await waiting()).toEqual([]);
    await Promise.all(refused);
    expect(await failed).toBe('run_cancelled');
    OrderedModel.gate.open();
    await appAt(1).runner.run({ message: 'later', session_id });
    expect(OrderedModel.started).toEqual(['holder', 'later']);
  });

  it('are cancelled once the data of their end user is erased, and those of others begin', async () => {
    const session_id = 'of-several';
    await hold(session_id);
    const run = (message: string, endUser?: string) =>
      appAt(1).runner.run({ message, session_id }, { principal: { ...HOST_PRINCIPAL, endUser } });
    const refused = expect(run('of ada', 'ada')).rejects.toMatchObject({ code: 'run_cancelled' });
    await until('it waits', async () => (await waiting()).length === 1);
    const other = run('of the tenant');
    await until('both wait', async () => (await waiting()).length === 2);

    const erasure = appAt(0).module.get(DataErasure, { strict: false });
    await erasure.eraseEndUser(HOST_PRINCIPAL, 'ada');
    await refused;
    expect(await waiting()).toHaveLength(1);
    const audit = query().selectFrom('audit_entries').select('action').where('action', '=', 'data.erased');
    expect(await audit.execute()).toHaveLength(1);
    OrderedModel.gate.open();
    await other;
    expect(OrderedModel.started).toEqual(['holder', 'of the tenant']);
  });

  it('keep their place if another replica starts while theirs looks dead', async () => {
    const session_id = 'unseen';
    await hold(session_id);
    const waits = appAt(0).runner.run({ message: 'waits', session_id });
    await until('it waits', async () => (await waiting()).length === 1);
    const waiters = appAt(1).module.get(SessionWaiters, { strict: false });
    await query().deleteFrom('replicas').execute();
    await waiters.onModuleInit();
    OrderedModel.gate.open();
    await waits;
  });

  it('write nothing if a request is repeated that has its answer', async () => {
    const session_id = 'repeated';
    OrderedModel.gate.open();
    const ask = () => appAt(0).runner.run({ message: 'once', session_id }, { idempotencyKey: 'once' });
    await ask();
    const { module } = appAt(0);
    const begin = jest.spyOn(module.get(RunsRepository, { strict: false }), 'begin');
    const leave = jest.spyOn(module.get(SessionWaiters, { strict: false }), 'leave');
    await ask();
    // It looks for the key.
    expect(begin).toHaveBeenCalledTimes(1);
    expect(leave).not.toHaveBeenCalled();
  });
});
