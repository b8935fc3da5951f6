import { sql } from 'kysely';
import { Interleaving, isBlocked } from '../../test/support/storage/interleaving.js';
import { hasPostgres, postgres, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, Database, type ModelCall, type ModelRequest } from '../index.js';
import { newId } from '../storage/new.id.js';
import { TasksService } from '../tasks/tasks.service.js';
import { DeliveriesRepository } from '../tasks/webhooks/deliveries.repository.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { SessionsRepository } from './sessions.repository.js';

const { tenant } = HOST_PRINCIPAL;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Answers once the gate is open. */
class HeldModel extends ScriptedModel {
  gate = new Gate();
  asked = 0;

  override async reply(request: ModelRequest, call: ModelCall) {
    this.asked++;
    await this.gate.opened;
    return await super.reply(request, call);
  }
}

(hasPostgres ? describe : describe.skip)('a run that begins while another replica removes its session', () => {
  keepQuiet();
  let created: TestDatabase;
  let model: HeldModel;
  let app: TestApp;
  /** The database of the other replica. */
  let other: Database;
  let session_id: string;

  beforeAll(async () => {
    created = await postgres.create();
    model = new HeldModel(...Array.from({ length: 20 }, (_, index) => `Answer ${index}.`));
    app = await createTestApp({ model, providers: [AssistantAgent], databaseUrl: created.databaseUrl });
    other = await Database.open(created.databaseUrl);
  });

  beforeEach(async () => {
    session_id = newId();
    model.gate = new Gate();
    model.gate.open();
    for (let turn = 0; turn < 2; turn++) await chat();
    model.gate = new Gate();
    model.asked = 0;
  });

  afterAll(async () => {
    model.gate.open();
    await other.onApplicationShutdown();
    await app.close();
    await created.drop();
  });

  const chat = () => app.runner.run({ message: 'Hello', session_id });

  /** Starts a run in the middle of the commit that removes the session. */
  async function startWithin<T>(remove: (sessions: SessionsRepository) => Promise<unknown>, start: () => Promise<T>) {
    const held = new Gate();
    const isLocked = Promise.withResolvers<void>();
    const blocking = app.module
      .get(Database)
      .query.transaction()
      .execute(async (transaction) => {
        await sql`lock table webhooks in access exclusive mode`.execute(transaction);
        isLocked.resolve();
        await held.opened;
      });
    await isLocked.promise;
    const removing = remove(new SessionsRepository(other));
    await until('the removal waits', () => isBlocked(other));
    const started = start();
    await until('the model is called', () => model.asked > 0);
    held.open();
    await Promise.all([blocking, removing]);
    return () => started;
  }

  const removals: [string, (sessions: SessionsRepository) => Promise<unknown>][] = [
    ['is erased', (sessions) => sessions.erase({ tenant, session_id })],
    [
      'expires',
      (sessions) => other.write((inner) => sessions.expire({ tenant, session_id }, Date.now() + 1000, inner)),
    ],
  ];

  const rowsOf = async (table: 'runs' | 'messages' | 'sessions' | 'webhooks' | 'webhook_deliveries') =>
    await other.query.selectFrom(table).selectAll().where('session_id', '=', session_id).execute();

  it.each(removals)('is cancelled and leaves no rows if the session %s', async (_, remove) => {
    const answer = await startWithin(remove, () => Promise.allSettled([chat()]));
    model.gate.open();

    const reason = { code: 'run_cancelled', message: 'The session was deleted.' };
    expect(await answer()).toMatchObject([{ status: 'rejected', reason }]);
    await until('its rows are removed', async () => (await rowsOf('runs')).length === 0);
    expect([...(await rowsOf('messages')), ...(await rowsOf('sessions'))]).toEqual([]);

    await chat();
    expect(await rowsOf('sessions')).toMatchObject([{ message_count: 2 }]);
    expect((await rowsOf('messages')).length).toBe(2);
  });

  it('is not tried again as a task', async () => {
    const tasks = app.module.get(TasksService);
    const submitted = await startWithin(
      (sessions) => sessions.erase({ tenant, session_id }),
      () => tasks.submit({ message: 'Hello', session_id }),
    );
    const { task } = await submitted();
    model.gate.open();

    await until('its row is removed', async () => (await rowsOf('runs')).length === 0);
    await expect(tasks.get(task.task_id, HOST_PRINCIPAL)).rejects.toMatchObject({ code: 'task_not_found' });
    expect(model.asked).toBe(1);
    expect([...(await rowsOf('messages')), ...(await rowsOf('sessions'))]).toEqual([]);
  });

  it('leaves no webhook that is sent again at that moment', async () => {
    const run_id = newId();
    const times = { created_at: 1, first_tried_at: 1, last_tried_at: 1, finished_at: 1 };
    const sent = { url: 'https://a.example', body: '{}', status: 'delivered', attempts: 1, ...times } as const;
    await other.query
      .insertInto('webhook_deliveries')
      .values({ run_id, tenant, session_id, ...sent })
      .execute();
    const erase = () => new SessionsRepository(other).erase({ tenant, session_id });
    const deliveries = app.module.get(DeliveriesRepository, { strict: false });
    // Its second statement takes the webhook out of the deliveries.
    await new Interleaving(app.module.get(Database), 2, erase).within(() => deliveries.redeliver(run_id, { tenant }));
    expect([...(await rowsOf('webhooks')), ...(await rowsOf('webhook_deliveries'))]).toEqual([]);
  });
});
