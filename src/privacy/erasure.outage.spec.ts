import { randomUUID } from 'node:crypto';
import { runRow } from '../../test/support/storage/databases.js';
import { until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, Database, TasksService, Tool } from '../index.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { DataErasure } from './data.erasure.js';

const { jest } = import.meta;
const GET = { strict: false };

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

describe('an erasure whose run cannot be cancelled because the database is away', () => {
  let app: TestApp;
  let cancel: jest.SpiedFunction<RunControl['cancel']>;

  beforeEach(async () => {
    app = await createTestApp({ model: new ScriptedModel([{ tool: 'pay' }]), providers: [PayingAgent] });
    cancel = jest.spyOn(app.module.get(RunControl, GET), 'cancel').mockRejectedValueOnce(away());
  });

  afterEach(() => app.close());

  const away = (): DatabaseUnavailableError => new DatabaseUnavailableError(new Error('on purpose'));

  const statusOf = async (runId: string): Promise<string | undefined> => {
    const { query } = app.module.get(Database);
    return (await query.selectFrom('runs').select('status').where('run_id', '=', runId).executeTakeFirst())?.status;
  };

  it('fails for a session without erasing anything, and succeeds later', async () => {
    const [tasks, sessions] = [app.module.get(TasksService), app.module.get(SessionsService, GET)];
    const session_id = randomUUID();
    const { task } = await tasks.submit({ message: 'Pay', session_id });
    await until('it waits', async () => (await statusOf(task.task_id)) === 'waiting_approval');

    await expect(sessions.erase(HOST_PRINCIPAL, session_id)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await statusOf(task.task_id)).toBe('waiting_approval');

    await sessions.erase(HOST_PRINCIPAL, session_id);
    expect(await statusOf(task.task_id)).toBeUndefined();
    expect(cancel).toHaveBeenCalledTimes(2);
  });

  it('fails for an end user, and keeps their run in another session', async () => {
    await app.module.get(Database).write(async (transaction) => {
      const session = { tenant: 'default', session_id: 's', agent_role: 'assistant', end_user: 'bob' };
      await transaction
        .insertInto('sessions')
        .values({ ...session, message_count: 0, created_at: 1, updated_at: 1 })
        .execute();
      const run = { ...runRow('stray'), end_user: 'ada', status: 'waiting_approval', finished_at: null } as const;
      await transaction.insertInto('runs').values(run).execute();
    });
    const erasure = app.module.get(DataErasure, GET);
    await expect(erasure.eraseEndUser(HOST_PRINCIPAL, 'ada')).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await statusOf('stray')).toBe('waiting_approval');
    await erasure.eraseEndUser(HOST_PRINCIPAL, 'ada');
    expect(await statusOf('stray')).toBeUndefined();
  });
});
