import { randomUUID } from 'node:crypto';
import { clusterPlace, embeddedPlace } from '../../bench/chaos/places.ts';
import {
  Agent,
  AgentError,
  AuditService,
  Database,
  KeysService,
  type ModelCall,
  type ModelReply,
  type ModelRequest,
  openKeys,
  type Principal,
  type Task,
  Tool,
} from '../../src/index.js';
import { TasksService } from '../../src/tasks/tasks.service.js';
import { WebhooksService } from '../../src/tasks/webhooks/webhooks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../src/testing/index.js';
import { status, verified, WEBHOOK_SECRET, WebhookReceiver } from '../support/servers/webhook.receiver.js';
import { Gate, until } from '../support/until.js';

const TENANT = 'acme';
const REVOKED_KEY = 'Cancelled because its API key was revoked.';
const OTHER: Principal = { tenant: TENANT, id: 'key:other', scopes: ['chat', 'tasks'] };

let gate = new Gate();
const asked: string[] = [];

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Waits', idempotent: true })
  async wait(): Promise<string> {
    await gate.opened;
    return 'waited';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

/** Does what the message says. */
class ObedientModel extends ScriptedModel {
  override async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    const { content } = request.messages.find(({ role }) => role === 'user') ?? { content: '' };
    asked.push(content);
    if (content === 'fail') throw new AgentError('model_error');
    if (content === 'retry') throw new AgentError('model_unavailable', { retryAfterSeconds: 60 });
    const isFirst = request.messages.at(-1)?.role === 'user';
    const tool = ['wait', 'pay'].find((name) => content.startsWith(name));
    const turn = isFirst && tool !== undefined ? [{ tool }] : `Done: ${content}`;
    return await new ScriptedModel(turn).reply(request, call);
  }
}

const places = [await embeddedPlace(), await clusterPlace()].filter((place) => place !== undefined);

describe.each(places)('the revocation of a key, $name,', (place) => {
  let receiver: WebhookReceiver;
  /** Tests share them, because each start takes long. */
  let apps: TestApp[] = [];
  let key: Principal;
  let keyId: string;

  beforeEach(async () => {
    gate = new Gate();
    asked.length = 0;
    receiver = await WebhookReceiver.start();
    const count = place.name === 'cluster' ? 2 : 1;
    while (apps.length < count) apps.push(await start());
    const made = await last()
      .module.get(KeysService)
      .create({ name: 'k', tenant: TENANT, scopes: ['tasks'] }, 'test');
    keyId = made.key_id;
    key = { tenant: TENANT, id: `key:${keyId}`, scopes: ['chat', 'tasks'] };
  });

  afterEach(async () => {
    gate.open();
    await receiver.close();
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await place.remove();
  });

  const start = (): Promise<TestApp> =>
    createTestApp({
      model: new ObedientModel(),
      providers: [PayingAgent],
      databaseUrl: place.databaseUrl,
      redisUrl: place.redisUrl,
      sessionPolicy: 'queue',
      webhooks: { secret: WEBHOOK_SECRET, allowPrivate: true },
    });

  function first(): TestApp {
    const [app] = apps;
    if (app === undefined) throw new Error('No application was started.');
    return app;
  }
  const last = (): TestApp => apps.at(-1) ?? first();
  const tasks = (): TasksService => first().module.get(TasksService);

  async function submit(message: string, principal = key, session_id: string = randomUUID()): Promise<string> {
    const { task } = await tasks().submit({ message, session_id, webhook_url: receiver.url }, { principal });
    return task.task_id;
  }

  const get = (id: string): Promise<Task> => tasks().get(id, { tenant: TENANT });
  const reached = (id: string, wanted: Task['status']): Promise<Task> =>
    until(`the task is ${wanted}`, async () => {
      const task = await get(id);
      return task.status === wanted && task;
    });

  /** Tasks of the key in each state that an unfinished task may have. */
  async function unfinished(): Promise<string[]> {
    const session = randomUUID();
    const running = await submit('wait', key, session);
    await reached(running, 'running');
    const queued = await submit('later', key, session);
    const waiting = await submit('pay');
    await reached(waiting, 'waiting_approval');
    const resting = await submit('retry');
    await until('the task waits for its provider', async () => {
      const row = await rowOf(resting);
      return row.status === 'queued' && row.not_before !== null;
    });
    return [running, queued, waiting, resting];
  }

  const rowOf = (id: string) =>
    first()
      .module.get(Database)
      .query.selectFrom('runs')
      .selectAll()
      .where('run_id', '=', id)
      .executeTakeFirstOrThrow();

  async function auditDetails(): Promise<unknown[]> {
    const filter = { action: 'key.revoked', tenant: TENANT, limit: 100 } as const;
    const { items } = await first().module.get(AuditService).list(filter);
    return items.filter(({ target }) => target === `key:${keyId}`).map(({ details }) => details);
  }

  /** Revokes the key from another process, which tells nobody. */
  async function revokeElsewhere(): Promise<void> {
    const opened = await openKeys(place.databaseUrl);
    await opened.keys.revoke(keyId, 'cli:ops');
    await opened.close();
  }

  it.each(['a replica', 'the command line'])('by %s cancels its unfinished tasks', async (who) => {
    const ids = await unfinished();
    const foreign = await submit('pay', OTHER);
    await reached(foreign, 'waiting_approval');
    await until('the approvals are announced', () => receiver.posts.length === 2);

    if (who === 'a replica') await last().module.get(KeysService).revoke(keyId);
    else await revokeElsewhere();

    for (const id of ids) {
      const task = await reached(id, 'cancelled');
      expect(task.error).toMatchObject({ error: 'run_cancelled', detail: REVOKED_KEY });
    }
    expect(await auditDetails()).toEqual([{ tasks_cancelled: 4 }]);
    expect(await get(foreign)).toMatchObject({ status: 'waiting_approval' });
    await tasks().cancel(foreign, OTHER);
    await until('the end of the other task is posted', () => receiver.posts.length === 3);
    expect(verified(receiver.posts[2])).toMatchObject({ task_id: foreign });
    for (const id of ids) {
      await expect(tasks().retry(id, { principal: OTHER })).rejects.toMatchObject({
        code: 'task_not_retryable',
        message: 'The API key that submitted the task was revoked.',
      });
    }
  });

  it('is completed by a later process if the one that revoked it dies', async () => {
    const waiting = await submit('pay');
    await reached(waiting, 'waiting_approval');
    await Promise.all(apps.map((app) => closeApp(app)));
    await revokeElsewhere();

    apps = [await start()];

    await reached(waiting, 'cancelled');
  });

  it('spares its tasks if they are kept, until it is repeated', async () => {
    const [running = '', queued = '', waiting = '', resting = ''] = await unfinished();

    await last().module.get(KeysService).revoke(keyId, 'test', { keepTasks: true });

    expect(await auditDetails()).toEqual([{ tasks_kept: 4 }]);
    gate.open();
    for (const id of [running, queued]) await reached(id, 'completed');
    await until('their ends are posted', () => receiver.posts.length === 3);
    expect(await get(waiting)).toMatchObject({ status: 'waiting_approval' });

    await last().module.get(KeysService).revoke(keyId);

    for (const id of [waiting, resting]) await reached(id, 'cancelled');
    expect(await auditDetails()).toEqual([{ tasks_cancelled: 2 }, { tasks_kept: 4 }]);
  });

  it.each([{ keepTasks: false }, { keepTasks: true }])('ends its keyed chats and streams with %j', async (options) => {
    const runs = {
      chat: first().runner.complete({ message: 'wait' }, { principal: key, idempotencyKey: randomUUID() }),
      other: first().runner.complete({ message: 'wait' }, { principal: OTHER, idempotencyKey: randomUUID() }),
    };
    const stream = Array.fromAsync(
      first().runner.stream({ message: 'wait' }, { principal: key, idempotencyKey: randomUUID() }),
    );
    const chat = expect(runs.chat).rejects.toMatchObject({ code: 'run_cancelled' });
    await until('they run', () => asked.length === 3);

    await last().module.get(KeysService).revoke(keyId, 'test', options);

    await chat;
    expect((await stream).at(-1)).toMatchObject({ type: 'run.cancelled', reason: REVOKED_KEY });
    gate.open();
    expect(await runs.other).toMatchObject({ output: 'Done: wait' });
  });

  it('cancels a task that is submitted while it happens', async () => {
    await last().module.get(KeysService).revoke(keyId);
    const late = await submit('late');
    expect(await reached(late, 'cancelled')).toMatchObject({ error: { detail: REVOKED_KEY } });
    expect(asked).toEqual([]);
  });

  it('ends the posts of tasks that have ended before', async () => {
    receiver.always(status(500));
    const failing = await submit('fail');
    await until('it is posted', () => receiver.posts.length > 0);
    await last().module.get(KeysService).revoke(keyId);
    receiver.always(status(204));
    const webhooks = first().module.get(WebhooksService, { strict: false });

    await webhooks.redeliver(failing, { tenant: TENANT });

    const givenUp = await until('it is given up', async () => {
      const { items } = await webhooks.list({ tenant: TENANT }, { limit: 100, status: 'given_up' });
      return items.find(({ run_id }) => run_id === failing);
    });
    expect(givenUp.last_error).toMatch(/key that submitted the task was revoked/);
    const posts = receiver.posts.length;

    const { task } = await tasks().retry(failing, { principal: OTHER });

    await reached(task.task_id, 'failed');
    expect((await rowOf(task.task_id)).webhook_url).toBeNull();
    expect(receiver.posts).toHaveLength(posts);
  });
});

/** Closes an application whose tasks wait. */
async function closeApp(app: TestApp): Promise<void> {
  gate.open();
  await app.close();
}
