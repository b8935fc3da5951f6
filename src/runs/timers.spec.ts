import { jest } from '@jest/globals';
import { sql } from 'kysely';
import { hasPostgres, postgres } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { Agent, Database } from '../index.js';
import { ClaimsRepository } from '../tasks/claims/claims.repository.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { ReplicaId } from './recovery/replica.id.js';
import { RunControl } from './recovery/run.control.js';

const RECONCILE_MS = 2000;
const HEARTBEAT_MS = 1000;
const REAL = [
  'Date',
  'hrtime',
  'queueMicrotask',
  'nextTick',
  'performance',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

const MODEL = { model: new ScriptedModel('Done.'), providers: [AssistantAgent] };

describe('periodic work', () => {
  let gate: Gate;
  let app: TestApp | undefined;

  beforeEach(() => {
    gate = new Gate();
    jest.useFakeTimers({ doNotFake: [...REAL] });
  });

  afterEach(async () => {
    gate.open();
    await app?.close();
    app = undefined;
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('polls for queued tasks without overlap', async () => {
    app = await createTestApp(MODEL);
    const find = jest.spyOn(app.module.get(ClaimsRepository), 'findNext').mockImplementation(async () => {
      await gate.opened;
      return undefined;
    });
    jest.advanceTimersByTime(3 * RECONCILE_MS);
    expect(find).toHaveBeenCalledTimes(1);

    gate.open();
    await until('it polls again', () => {
      jest.advanceTimersByTime(RECONCILE_MS);
      return find.mock.calls.length > 1;
    });
  });

  (hasPostgres ? it : it.skip)('sends heartbeats during a long poll', async () => {
    const place = await postgres.create();
    app = await createTestApp({ ...MODEL, databaseUrl: place.databaseUrl });
    const reconcile = jest.spyOn(app.module.get(RunControl), 'reconcile').mockImplementation(() => gate.opened);
    const { query } = app.module.get(Database);
    const forget = async () => void (await query.updateTable('replicas').set({ heartbeat_at: 0 }).execute());
    const hasHeartbeat = async () =>
      await query
        .selectFrom('replicas')
        .select(sql`1`.as('one'))
        .where('replica_id', '=', app?.module.get(ReplicaId).id ?? '')
        .where('heartbeat_at', '>', 0)
        .executeTakeFirst();

    for (let count = 0; count < 3; count++) {
      await forget();
      await until('the replica has sent a heartbeat', () => {
        jest.advanceTimersByTime(HEARTBEAT_MS);
        return hasHeartbeat();
      });
    }
    expect(reconcile).toHaveBeenCalledTimes(1);

    gate.open();
    await app.close();
    app = undefined;
    await place.drop();
  });
});
