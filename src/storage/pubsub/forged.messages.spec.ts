import { Redis } from 'ioredis';
import { keepQuiet } from '../../../test/support/quiet.js';
import { describeOwnRedis, describeRedis, OwnRedis } from '../../../test/support/storage/redis.js';
import { hasPostgres, postgres, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, TasksService, type ModelCall, type ModelRequest, type RunEvent, Tool } from '../../index.js';
import { RunControl } from '../../runs/recovery/run.control.js';
import type { Run } from '../../runs/run.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { newId } from '../new.id.js';

const REDIS_URL = 'redis://127.0.0.1:6379';
keepQuiet();

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  static paid = 0;

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    PayingAgent.paid++;
    return 'paid';
  }
}

/** Calls the tool in the first turn of each run. */
class PayingModel extends ScriptedModel {
  override async *stream(request: ModelRequest, call: ModelCall) {
    const isPaid = request.messages.at(-1)?.role === 'tool';
    yield* new ScriptedModel(isPaid ? 'Done.' : [{ tool: 'pay' }]).stream(request, call);
  }
}

/** A stream that waits for an approval. */
interface Waiting {
  readonly run: Run;
  readonly approvalId: string;
  readonly events: RunEvent[];
  readonly ended: Promise<void>;
}

(hasPostgres ? describeRedis : describe.skip)('messages that a stranger publishes in Redis', () => {
  let place: TestDatabase;
  let apps: TestApp[];
  let stranger: Redis;
  let prefix: string;

  beforeAll(async () => {
    place = await postgres.create();
    prefix = `rookery:${new URL(place.databaseUrl).pathname.slice(1)}:broadcast:`;
    const options = {
      model: new PayingModel(),
      providers: [PayingAgent],
      databaseUrl: place.databaseUrl,
      redisUrl: REDIS_URL,
    };
    apps = [await createTestApp(options), await createTestApp(options)];
    stranger = new Redis(REDIS_URL);
  });

  afterAll(async () => {
    stranger.disconnect();
    await Promise.all(apps.map((app) => app.close()));
    await place.drop();
  });

  beforeEach(() => (PayingAgent.paid = 0));

  const appAt = (index: number): TestApp => {
    const app = apps[index];
    if (app === undefined) throw new Error('unreachable');
    return app;
  };

  /** Publishes as a replica of the release before does: without a signature. */
  const forge = (topic: string, message: string): Promise<number> =>
    stranger.publish(`${prefix}${topic}`, `${newId()}${message.length}:${message}`);

  const control = (message: object): Promise<number> => forge('control', JSON.stringify(message));

  async function waiting(): Promise<Waiting> {
    const session_id = newId();
    const events: RunEvent[] = [];
    const { runner, module } = appAt(0);
    const ended = (async () => {
      for await (const event of runner.stream({ message: 'pay', session_id })) events.push(event);
    })();
    const run = await until('it runs', () =>
      module.get(RunControl).holderOf({ tenant: HOST_PRINCIPAL.tenant, session_id }),
    );
    await until('it waits', () => events.some(({ type }) => type === 'approval.required'));
    const approvalId = await until('it waits for a decision', () => run.approvals.waitingIds[0]);
    return { run, approvalId, events, ended };
  }

  async function cancel({ run, ended }: Waiting): Promise<void> {
    await appAt(1).module.get(RunControl).cancel(run.id, HOST_PRINCIPAL, 'the test is over');
    await ended;
  }

  /** Waits until the messages before it have arrived: the replica reads the database for each of them. */
  const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 50));

  it('approve no tool call', async () => {
    const waits = await waiting();
    const { run, approvalId } = waits;
    await control({ type: 'decided', runId: run.id, approvalId, decision: 'approve' });
    await settled();
    expect(run.approvals.waitingIds).toEqual([approvalId]);
    expect(PayingAgent.paid).toBe(0);
    await cancel(waits);
  });

  it('cancel no run', async () => {
    const waits = await waiting();
    await control({ type: 'cancelled', runId: waits.run.id, reason: 'forged' });
    await settled();
    expect(waits.run.status).toBe('running');
    await cancel(waits);
    expect(waits.events.at(-1)).toMatchObject({ type: 'run.cancelled', reason: 'the test is over' });
  });

  it('show no event', async () => {
    const waits = await waiting();
    const { run, events, ended } = waits;
    const forged = { type: 'run.completed', run_id: run.id, response: { reply: 'forged' } };
    const next = events.length + 1;
    const other = Array.fromAsync((await appAt(1).runner.follow(run.id)) ?? []);
    await until(
      'the other replica reads',
      async () => (await stranger.pubsub('NUMSUB', `${prefix}run:${run.id}`))[1] === 2,
    );
    await forge(`run:${run.id}`, `${next}\n${JSON.stringify(forged)}`);
    await settled();
    await cancel(waits);
    await ended;
    expect(JSON.stringify([events, await other])).not.toContain('forged');
  });

  it('change nothing if they carry the signature of another message', async () => {
    const waits = await waiting();
    const listener = new Redis(REDIS_URL);
    const seen: string[] = [];
    listener.on('message', (_, message: string) => seen.push(message));
    await listener.subscribe(`${prefix}control`);
    appAt(1).module.get(RunControl).announceReader(waits.run.id);
    const signed = await until('a signed message passed', () => seen[0]);
    listener.disconnect();
    const message = JSON.stringify({ type: 'cancelled', runId: waits.run.id, reason: 'forged' });
    const signature = signed.slice(signed.lastIndexOf('|'));
    await stranger.publish(`${prefix}control`, `${newId()}${message.length}:${message}${signature}`);
    await settled();
    expect(waits.run.status).toBe('running');
    await cancel(waits);
  });

  it('leave a real decision of another replica as it is', async () => {
    const { run, approvalId, ended, events } = await waiting();
    const key = { runId: run.id, approvalId };
    await appAt(1).runner.decide(key, { decision: 'approve' });
    await ended;
    expect(PayingAgent.paid).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: 'run.completed' });
  });
});

(hasPostgres ? describeOwnRedis : describe.skip)('a Redis user with the rights of docs/operation.md', () => {
  it('suffices for tasks, rate limits and messages', async () => {
    const redis = await OwnRedis.start();
    const admin = new Redis(redis.url);
    await admin.acl(
      'SETUSER',
      'rookery',
      'on',
      '>secret',
      '~rookery:*',
      '&rookery:*',
      '+@all',
      '-@admin',
      '-@dangerous',
      '+info',
    );
    const redisUrl = redis.url.replace('redis://', 'redis://rookery:secret@');
    const place = await postgres.create();
    const options = {
      model: new ScriptedModel('Done.'),
      providers: [PayingAgent],
      databaseUrl: place.databaseUrl,
      redisUrl,
      rateLimit: { requests: 60, windowSeconds: 60, tokens: 100_000 },
    };
    const app = await createTestApp(options);
    const tasks = app.module.get(TasksService);
    const { task } = await tasks.submit({ message: 'Hello' });
    const done = await until('it is completed', async () => {
      const { status } = await tasks.get(task.task_id);
      return status === 'completed';
    });
    const refusals = await admin.acl('LOG');
    expect([done, refusals]).toEqual([true, []]);
    await app.close();
    admin.disconnect();
    await redis.kill();
    await place.drop();
  });
});
