import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Interleaving } from '../../../test/support/storage/interleaving.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { ignoreCodes } from '../../errors/agent.error.js';
import { Agent, Database, Tool } from '../../index.js';
import { storeDecision } from '../journal/run.decisions.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { ApprovalExpiry } from './approval.expiry.js';
import { Retention } from '../retention/retention.js';

const HOUR_MS = 3_600_000;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

describe.each(stores)('an undecided approval, on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let tasks: TasksService;
  let expiry: ApprovalExpiry;
  let database: Database;

  beforeAll(async () => {
    place = await store.create();
    const model = new ScriptedModel(
      ...Array.from(
        { length: 60 },
        () =>
          ({ messages }: { messages: readonly { content: string }[] }) =>
            messages.at(-1)?.content === 'Pay' ? [{ tool: 'pay' }] : 'Done.',
      ),
    );
    const { databaseUrl } = place;
    app = await createTestApp({ model, databaseUrl, providers: [PayingAgent], approvalTimeoutHours: 2, runTtlDays: 1 });
    tasks = app.module.get(TasksService);
    expiry = app.module.get(ApprovalExpiry, { strict: false });
    database = app.module.get(Database);
  });
  afterAll(async () => {
    await app.close();
    await place.drop();
  });

  /** The ids of a task that waits for a decision. */
  async function waiting(session_id?: string): Promise<{ readonly id: string; readonly approval: string }> {
    const { task } = await tasks.submit({ message: 'Pay', session_id });
    const { pending_approvals } = await until('it waits', async () => {
      const found = await tasks.get(task.task_id);
      return found.status === 'waiting_approval' && found;
    });
    return { id: task.task_id, approval: pending_approvals?.[0]?.approval_id ?? '' };
  }

  const set = (id: string, values: { readonly expires_from: number }) =>
    database.query.updateTable('approvals').set(values).where('run_id', '=', id).execute();

  const finals = async (id: string): Promise<string[]> =>
    (await Array.fromAsync((await app.runner.follow(id)) ?? []))
      .flat()
      .map(({ type }) => type)
      .filter((type) => /^run\.(failed|completed|cancelled)$/.test(type));

  it('fails its task after the time limit, and frees the session', async () => {
    const { id, approval } = await waiting('s');
    await expiry.sweep(Date.now() + 2 * HOUR_MS - 60_000);
    expect((await tasks.get(id)).status).toBe('waiting_approval');

    await expiry.sweep(Date.now() + 2 * HOUR_MS);
    const detail = 'Nobody approved or rejected the call of pay within 2 hours.';
    const task = await tasks.get(id);
    expect(task).toMatchObject({ status: 'failed', error: { error: 'approval_expired', detail } });
    expect(task).not.toHaveProperty('pending_approvals');
    expect(await finals(id)).toEqual(['run.failed']);
    const late = tasks.decide(id, approval, { decision: 'approve' });
    await expect(late).rejects.toMatchObject({ code: 'approval_expired', message: detail });

    const next = await waiting('s');
    await app.module.get(Retention).sweep(Date.now() + 2 * 24 * HOUR_MS);
    await expect(tasks.get(id)).rejects.toMatchObject({ code: 'task_not_found' });
    await tasks.cancel(next.id);
  });

  it('is asked for again if its task is retried', async () => {
    const { id, approval } = await waiting();
    await expiry.sweep(Date.now() + 2 * HOUR_MS);
    const { task } = await tasks.retry(id);
    const { pending_approvals: [again] = [] } = await until('it waits', async () => {
      const found = await tasks.get(task.task_id);
      return found.status === 'waiting_approval' && found;
    });
    expect(again?.approval_id).not.toBe(approval);
    await tasks.decide(task.task_id, again?.approval_id ?? '', { decision: 'approve' });
    await until('it has ended', async () => (await tasks.get(task.task_id)).status === 'completed');
    expect(await finals(task.task_id)).toEqual(['run.completed']);
  });

  it('waits longer if the time counts from an upgrade', async () => {
    const { id } = await waiting();
    await set(id, { expires_from: Date.now() + HOUR_MS });
    await expiry.sweep(Date.now() + 2 * HOUR_MS);
    expect((await tasks.get(id)).status).toBe('waiting_approval');
    await expiry.sweep(Date.now() + 3 * HOUR_MS);
    expect((await tasks.get(id)).status).toBe('failed');
  });

  it('either expires or is decided, also if two replicas sweep', async () => {
    const waitingTasks = await Promise.all(Array.from({ length: 8 }, () => waiting()));
    const sweep = () => expiry.sweep(Date.now() + 2 * HOUR_MS);
    const decisions = Promise.allSettled(
      waitingTasks.map(({ id, approval }) => tasks.decide(id, approval, { decision: 'approve' }, HOST_PRINCIPAL)),
    );
    const [decided] = await Promise.all([decisions, sweep(), sweep()]);
    for (const [index, { id }] of waitingTasks.entries()) {
      const isDecided = decided[index]?.status === 'fulfilled';
      await until('it has ended', async () => (await tasks.get(id)).finished_at !== undefined);
      expect(await finals(id)).toEqual([isDecided ? 'run.completed' : 'run.failed']);
    }
  });

  // SQLite has only one process.
  if (store.name === 'postgres') {
    it('is decided or expires on the replica that locks its task first, and the other one learns it', async () => {
      const other = await Database.open(place.databaseUrl);
      const sweep = () => expiry.sweep(Date.now() + 2 * HOUR_MS);
      const decideElsewhere = ({
        id: runId,
        approval: approvalId,
      }: {
        readonly id: string;
        readonly approval: string;
      }) =>
        storeDecision(other, {
          key: { runId, approvalId },
          decision: { decision: 'approve' },
          principal: HOST_PRINCIPAL,
          requestId: undefined,
        });

      const expiring = await waiting();
      const late: Promise<unknown>[] = [];
      const decision = async () => {
        const decided = decideElsewhere(expiring);
        late.push(expect(decided).rejects.toMatchObject({ code: 'approval_expired' }));
        await decided.catch(ignoreCodes('approval_expired'));
      };
      await new Interleaving(database, 1, decision).within(sweep);
      await Promise.all(late);
      expect(await finals(expiring.id)).toEqual(['run.failed']);

      const decided = await waiting();
      const work = () => decideElsewhere(decided);
      expect(await new Interleaving(other, 1, sweep).within(work)).toEqual({ status: 'queued', isRepeat: false });
      expect(await finals(decided.id)).toEqual(['run.completed']);
      await other.onApplicationShutdown();
    });
  }

  it('no longer counts as waiting once its run has ended', async () => {
    const { id } = await waiting();
    await tasks.cancel(id);
    const stream = async (): Promise<void> => {
      for await (const event of app.runner.stream({ message: 'Pay' })) {
        if (event.type === 'approval.required') await app.runner.cancel(event.run_id);
      }
    };
    await stream();
    const open = database.query.selectFrom('approvals').select('run_id').where('decided_at', 'is', null);
    expect(await open.execute()).toEqual([]);
  });

  it('is closed if an older replica has ended its run', async () => {
    const { id } = await waiting();
    await tasks.cancel(id);
    const row = database.query.updateTable('approvals').set({ decided_at: null }).where('run_id', '=', id);
    await row.execute();
    await expiry.sweep(Date.now() + 2 * HOUR_MS);
    const open = database.query.selectFrom('approvals').select('run_id').where('decided_at', 'is', null);
    expect(await open.execute()).toEqual([]);
    expect((await tasks.get(id)).status).toBe('cancelled');
  });
});

it('waits without limit if the limit is 0', async () => {
  const model = new ScriptedModel([{ tool: 'pay' }]);
  const app = await createTestApp({ model, providers: [PayingAgent], approvalTimeoutHours: 0 });
  const tasks = app.module.get(TasksService);
  const { task } = await tasks.submit({ message: 'Pay' });
  const isWaiting = async () => (await tasks.get(task.task_id)).status === 'waiting_approval';
  await until('it waits', isWaiting);
  await app.module.get(ApprovalExpiry, { strict: false }).sweep(Date.now() + 1e12);
  expect(await isWaiting()).toBe(true);
  await app.close();
});
