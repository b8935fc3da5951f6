import { randomUUID } from 'node:crypto';
import { insertRun } from '../../../test/support/storage/databases.js';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { countTransactions } from '../../../test/support/storage/transactions.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, Database, Tool } from '../../index.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { Retention } from '../retention/retention.js';
import { RunControl } from '../recovery/run.control.js';

const OTHER = { ...HOST_PRINCIPAL, tenant: 'other' };
const APPROVE = { decision: 'approve' } as const;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

describe.each(stores)('a decision that changes nothing, on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let database: Database;
  let control: RunControl;
  let runId: string;
  let approvalId: string;

  beforeAll(async () => {
    place = await store.create();
  });
  afterAll(() => place.drop());

  beforeEach(async () => {
    app = await createTestApp({
      model: new ScriptedModel([{ tool: 'pay' }], 'Paid.'),
      providers: [PayingAgent],
      databaseUrl: place.databaseUrl,
    });
    database = app.module.get(Database);
    // Waits for the writes of the start.
    await app.module.get(Retention).sweep();
    control = app.module.get(RunControl);
    const tasks = app.module.get(TasksService);
    runId = (await tasks.submit({ message: 'Pay' })).task.task_id;
    const task = await until('it waits', async () => {
      const found = await tasks.get(runId);
      return found.status === 'waiting_approval' && found;
    });
    approvalId = task.pending_approvals?.[0]?.approval_id ?? '';
  });
  afterEach(() => app.close());

  it.each([
    ['run_not_found', () => control.decide({ runId, approvalId }, APPROVE, OTHER)],
    ['not_found', () => control.decide({ runId, approvalId: 'none' }, APPROVE, HOST_PRINCIPAL)],
    [
      'task_already_finished',
      async () => {
        await app.runner.cancel(runId);
        return await control.decide({ runId, approvalId }, APPROVE, HOST_PRINCIPAL);
      },
    ],
  ])('writes nothing with %s', async (code, decide) => {
    const transactions = countTransactions(database);
    await expect(decide()).rejects.toMatchObject({ code });
    expect(transactions).toEqual({ begun: code === 'task_already_finished' ? 1 : 0, undone: 0 });
  });

  it('answers a repeat with the state of the run, and writes nothing', async () => {
    const first = await control.decide({ runId, approvalId }, { decision: 'reject', reason: 'No.' }, HOST_PRINCIPAL);
    expect(first).toEqual({ run_id: runId, status: 'queued' });
    await until('it has ended', async () => (await app.module.get(TasksService).get(runId)).status === 'completed');
    const transactions = countTransactions(database);

    const again = await control.decide({ runId, approvalId }, { decision: 'reject' }, HOST_PRINCIPAL);
    expect(again).toEqual({ run_id: runId, status: 'completed' });
    const others = [
      control.decide({ runId, approvalId }, APPROVE, HOST_PRINCIPAL),
      control.decide({ runId, approvalId }, { decision: 'reject' }, { ...HOST_PRINCIPAL, id: 'key:other' }),
    ];
    for (const other of others) await expect(other).rejects.toMatchObject({ code: 'approval_already_decided' });
    expect(transactions).toEqual({ begun: 0, undone: 0 });
    const { query } = database;
    const rows = await query
      .selectFrom('approvals')
      .select(['decided_by', 'reason'])
      .where('run_id', '=', runId)
      .execute();
    expect(rows).toEqual([{ decided_by: 'host', reason: 'No.' }]);
  });

  it('keeps the other writes of its group if another decision came first', async () => {
    const transactions = countTransactions(database);
    const writes = ['a', 'b'].map(() => insertRun(database, randomUUID()));
    const deciders = Array.from({ length: 5 }, (_, index) => ({ ...HOST_PRINCIPAL, id: `key:${index}` }));
    const decided = deciders.map((principal) => control.decide({ runId, approvalId }, APPROVE, principal));
    const ends = await Promise.allSettled(decided);
    await Promise.all(writes);
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []));
    expect(refusals).toEqual(Array(4).fill('approval_already_decided'));
    expect(transactions.undone).toBe(0);
  });
});
