import { hasPostgres, postgres } from '../../test/support/stores.js';
import { until } from '../../test/support/until.js';
import { Agent, Database } from '../index.js';
import { createTestApp, ScriptedModel } from '../testing/index.js';
import { Replica } from './replica.js';
import { newRow } from './run.starter.js';

const LIMIT_MS = 9000;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

(hasPostgres ? describe : describe.skip)('runs that are said to be with a process that does not know of them', () => {
  it('go on where they are tasks, and else are failed', async () => {
    const place = await postgres.create();
    const app = await createTestApp({
      model: new ScriptedModel('Done.'),
      providers: [AssistantAgent],
      databaseUrl: place.databaseUrl,
    });
    const { query } = app.module.get(Database);
    const row = (kind: 'task' | 'stream') =>
      newRow({
        run_id: kind,
        tenant: 'default',
        session_id: kind,
        end_user: null,
        scopes: null,
        agent_role: 'assistant',
        kind,
        status: 'running',
        attempt: 1,
        owner: app.module.get(Replica).id,
        caller: 'host',
        request_id: 'r',
        request: JSON.stringify({ message: 'Hello' }),
        model: 'scripted',
        created_at: 1,
        started_at: 1,
      });
    // As a connection leaves it that breaks once the commit has come about.
    await query
      .insertInto('runs')
      .values([row('task'), row('stream')])
      .execute();

    const read = async () =>
      await query.selectFrom('runs').select(['run_id', 'status', 'error']).orderBy('run_id').execute();
    await until(
      'both have ended',
      async () => (await read()).every(({ status }) => status !== 'running' && status !== 'queued'),
      LIMIT_MS,
    );

    expect(await read()).toEqual([
      { run_id: 'stream', status: 'failed', error: 'run_interrupted' },
      { run_id: 'task', status: 'completed', error: null },
    ]);
    await app.close();
    await place.drop();
  });
});
