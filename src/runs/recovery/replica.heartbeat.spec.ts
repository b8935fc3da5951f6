import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { Agent, Database } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { ReplicaId } from './replica.id.js';
import { Retention } from './retention.js';
import { RunControl } from './run.control.js';
import { newRow } from '../run.row.js';

const { jest } = import.meta;

/** Enough for several checks, one per second, on a slow machine. */
const LIMIT_MS = 30_000;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

describe.each(stores)('runs whose owner does not hold them, on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;

  beforeEach(async () => {
    place = await store.create();
    const { databaseUrl } = place;
    app = await createTestApp({ model: new ScriptedModel('Done.'), providers: [AssistantAgent], databaseUrl });
    await app.module.get(Retention).sweep();
  });
  afterEach(async () => {
    await app.close();
    await place.drop();
  });

  it('are requeued if they are tasks, and otherwise end as failed or cancelled', async () => {
    const database = app.module.get(Database);
    const { query } = database;
    const row = (run_id: string, kind: 'task' | 'stream') =>
      newRow({
        run_id,
        tenant: 'default',
        session_id: run_id,
        end_user: null,
        scopes: null,
        agent_role: 'assistant',
        kind,
        status: 'running',
        attempt: 1,
        owner: app.module.get(ReplicaId).id,
        caller: 'host',
        request_id: 'r',
        request: JSON.stringify({ message: 'Hello' }),
        model: 'scripted',
        created_at: 1,
        started_at: 1,
      });
    // The state after the connection broke just behind the commit.
    await query
      .insertInto('runs')
      .values([row('task', 'task'), row('stream', 'stream'), row('cancelled', 'stream'), row('held', 'stream')])
      .execute();
    // The process still has to store the end of this run.
    jest.spyOn(app.module.get(RunControl), 'heldIds', 'get').mockReturnValue(new Set(['held']));
    // This run is cancelled after it is found and before it is recovered.
    const write = database.write.bind(database);
    jest.spyOn(database, 'write').mockImplementation(async (...args) => {
      await query.updateTable('runs').set({ cancel_reason: 'enough' }).where('run_id', '=', 'cancelled').execute();
      return await write(...args);
    });

    const read = async () =>
      await query.selectFrom('runs').select(['run_id', 'status', 'error']).orderBy('run_id').execute();
    await until(
      'they have ended',
      async () =>
        (await read()).every(({ run_id, status }) => run_id === 'held' || !['running', 'queued'].includes(status)),
      LIMIT_MS,
    );

    expect(await read()).toEqual([
      { run_id: 'cancelled', status: 'cancelled', error: 'run_cancelled' },
      { run_id: 'held', status: 'running', error: null },
      { run_id: 'stream', status: 'failed', error: 'run_interrupted' },
      { run_id: 'task', status: 'completed', error: null },
    ]);
  });
});
