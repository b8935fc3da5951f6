import { until } from '../../../test/support/until.js';
import { verified, WEBHOOK_SECRET, WebhookReceiver } from '../../../test/support/servers/webhook.receiver.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, Database, Tool } from '../../index.js';
import { Retention } from '../../runs/recovery/retention.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';
import { TaskResponse } from '../tasks.dto.js';
import { TasksService } from '../tasks.service.js';

const DAY_MS = 86_400_000;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

const submitter = { principal: HOST_PRINCIPAL, requestId: 'r', idempotencyKey: undefined };

describe('the end of a task', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;

  beforeEach(async () => (receiver = await WebhookReceiver.start()));
  afterEach(async () => {
    await app.close();
    await receiver.close();
  });

  async function start(turns: readonly ScriptedTurn[], options: object = {}): Promise<TasksService> {
    const webhooks = { secret: WEBHOOK_SECRET, allowPrivate: true };
    app = await createTestApp({ model: new ScriptedModel(...turns), webhooks, providers: [PayingAgent], ...options });
    return app.module.get(TasksService);
  }

  const submit = async (tasks: TasksService, webhook_url: string | undefined): Promise<string> => {
    const { task } = await tasks.submit({ message: 'Pay', session_id: 's', webhook_url }, submitter);
    return task.task_id;
  };

  const reached = (tasks: TasksService, id: string, status: string) =>
    until(`it is ${status}`, async () => (await tasks.get(id, HOST_PRINCIPAL)).status === status);

  const count = async (): Promise<number> => {
    const rows = await app.module.get(Database).query.selectFrom('webhooks').select('run_id').execute();
    return rows.length;
  };

  async function postedBody(tasks: TasksService, id: string): Promise<unknown> {
    const post = await until('the webhook is posted', () => receiver.posts[0]);
    expect(verified(post)).toEqual(TaskResponse.from(await tasks.get(id, HOST_PRINCIPAL)));
    return verified(post);
  }

  it('is posted when it completes', async () => {
    const tasks = await start(['Done.']);
    const id = await submit(tasks, receiver.url);
    expect(await postedBody(tasks, id)).toMatchObject({ task_id: id, status: 'completed', result: { reply: 'Done.' } });
  });

  it('is posted when it fails', async () => {
    const tasks = await start([]);
    const id = await submit(tasks, receiver.url);
    expect(await postedBody(tasks, id)).toMatchObject({ status: 'failed', error: { error: 'internal_error' } });
  });

  it('is posted when it is cancelled while it is suspended', async () => {
    const tasks = await start([[{ tool: 'pay' }]]);
    const id = await submit(tasks, receiver.url);
    await reached(tasks, id, 'waiting_approval');
    expect(receiver.posts).toEqual([]);
    await tasks.cancel(id, HOST_PRINCIPAL);
    expect(await postedBody(tasks, id)).toMatchObject({ status: 'cancelled', error: { error: 'run_cancelled' } });
  });

  it('is not posted without a webhook_url', async () => {
    const tasks = await start(['Done.']);
    await reached(tasks, await submit(tasks, undefined), 'completed');
    expect(await count()).toBe(0);
  });

  it('is kept with its run once it is delivered', async () => {
    const tasks = await start(['Done.'], { runTtlDays: 1 });
    const id = await submit(tasks, receiver.url);
    const { query } = app.module.get(Database);
    const kept = () => query.selectFrom('webhook_deliveries').select(['run_id', 'status']).execute();
    await until('it is delivered', async () => (await kept()).length === 1);
    expect(await kept()).toEqual([{ run_id: id, status: 'delivered' }]);
    const retention = app.module.get(Retention);
    await retention.sweep(Date.now() + DAY_MS - 60_000);
    expect(await kept()).toHaveLength(1);
    await retention.sweep(Date.now() + DAY_MS + 60_000);
    expect(await kept()).toEqual([]);
  });

  it('outlives its run by two days', async () => {
    receiver.always((response) => void response.writeHead(500).end());
    const tasks = await start(['Done.'], { runTtlDays: 0 });
    await submit(tasks, receiver.url);
    await until('it was tried', () => receiver.posts[0]);
    const retention = app.module.get(Retention);
    await retention.sweep(Date.now() + DAY_MS);
    expect(await app.module.get(Database).query.selectFrom('runs').select('run_id').execute()).toEqual([]);
    expect(await count()).toBe(1);
    await retention.sweep(Date.now() + 2 * DAY_MS + 60_000);
    expect(await count()).toBe(0);
  });
});
