import { until } from '../../../test/support/until.js';
import { verified, WEBHOOK_SECRET, WebhookReceiver } from '../../../test/support/servers/webhook.receiver.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, Database, Tool } from '../../index.js';
import { Retention } from '../../runs/retention/retention.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';
import { TaskResponse } from '../tasks.dto.js';
import { TasksService } from '../tasks.service.js';
import { WebhookDelivery } from './webhooks.dto.js';
import { WebhooksService } from './webhooks.service.js';

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
    await until('it is announced', () => receiver.posts[0]);
    await tasks.cancel(id, HOST_PRINCIPAL);
    const end = await until('the end is posted', () => receiver.posts[1]);
    expect(verified(end)).toMatchObject({ status: 'cancelled', error: { error: 'run_cancelled' } });
  });

  it('is announced when approvals are asked for, once for each set of them', async () => {
    const tasks = await start([[{ tool: 'pay' }, { tool: 'pay' }], [{ tool: 'pay' }], 'Done.']);
    const id = await submit(tasks, receiver.url);
    const post = await until('the first post', () => receiver.posts[0]);
    const task = await tasks.get(id, HOST_PRINCIPAL);
    expect(verified(post)).toEqual({ type: 'approval.required', ...task });
    expect(verified(post)).toMatchObject({ task_id: id, status: 'waiting_approval' });
    const [first, second] = task.pending_approvals ?? [];
    expect(post.headers['webhook-id']).toBe(first?.approval_id);

    // The second call waits again, which was announced.
    await tasks.decide(id, first?.approval_id ?? '', { decision: 'approve' });
    await until('it waits again', async () => {
      const { status, pending_approvals = [], attempt } = await tasks.get(id, HOST_PRINCIPAL);
      return status === 'waiting_approval' && pending_approvals.length === 1 && attempt === 2;
    });
    await tasks.decide(id, second?.approval_id ?? '', { decision: 'approve' });
    const next = await until('the next set is posted', () => receiver.posts[1]);
    const { pending_approvals: [third] = [] } = await tasks.get(id, HOST_PRINCIPAL);
    expect(verified(next)).toMatchObject({ type: 'approval.required', pending_approvals: [third] });
    await tasks.decide(id, third?.approval_id ?? '', { decision: 'approve' });
    const end = await until('the end is posted', () => receiver.posts[2]);
    expect(verified(end)).toMatchObject({ task_id: id, status: 'completed' });
    expect(verified(end)).not.toHaveProperty('type');
  });

  it('is listed with its task and for its end user when approvals are asked for', async () => {
    const tasks = await start([[{ tool: 'pay' }]]);
    const ada = { tenant: 'default', id: 'key:1', endUser: 'ada' };
    const { task } = await tasks.submit({ message: 'Pay', webhook_url: receiver.url }, { principal: ada });
    const webhooks = app.module.get(WebhooksService, { strict: false });
    const listed = (endUser: string) => webhooks.list({ tenant: 'default', endUser }, { limit: 10 });
    const announcement = await until('it is delivered', async () => {
      const { items } = await listed('ada');
      return items.find(({ status }) => status === 'delivered');
    });
    const [approval] = (await tasks.get(task.task_id, ada)).pending_approvals ?? [];
    const ids = { webhook_id: approval?.approval_id, task_id: task.task_id };
    expect(WebhookDelivery.from(announcement)).toMatchObject(ids);
    expect((await listed('bob')).items).toEqual([]);

    const again = await webhooks.redeliver(announcement.run_id, ada);
    expect(WebhookDelivery.from(again)).toMatchObject({ ...ids, status: 'pending' });
    await until('it is posted again', () => receiver.posts[1]);
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
