import { hasPostgres, postgres, stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Gate, until } from '../../../test/support/until.js';
import { Agent, Database, type RunRequest, TasksService } from '../../index.js';
import { ClaimsRepository } from '../../tasks/claims/claims.repository.js';
import type { RunTable } from '../../storage/schema.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { OrphanedRuns } from './orphaned.runs.js';
import { ReplicaHeartbeat } from './replica.heartbeat.js';
import { ReplicaId } from './replica.id.js';
import { ReplicaLevels } from './replica.levels.js';
import { Retention } from '../retention/retention.js';
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
    const owner = app.module.get(ReplicaId).id;
    const row = (run_id: string, kind: 'task' | 'stream') => rowOf({ run_id, kind, owner });
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

describe.each(stores)('a task that older replicas would misread, on $name', (store) => {
  it('waits until no older replica is left', async () => {
    const place = await store.create();
    const { databaseUrl } = place;
    const model = new ScriptedModel('One.', 'Two.', 'Three.');
    const app = await createTestApp({ model, providers: [AssistantAgent], databaseUrl });
    const [tasks, levels] = [app.module.get(TasksService), app.module.get(ReplicaLevels)];
    const { query } = app.module.get(Database);
    const submit = async (more: Partial<RunRequest> = {}) =>
      (await tasks.submit({ message: 'Hi', ...more })).task.task_id;
    const ended = (id: string) =>
      until('the task is over', async () => (await tasks.get(id)).status === 'completed', LIMIT_MS);
    // A release before this one stores no level.
    await query.insertInto('replicas').values({ replica_id: 'older', heartbeat_at: 0, level: null }).execute();

    const parked = await submit({ instructions: 'Be brief.' });
    await ended(await submit());
    await levels.release();
    expect(await tasks.get(parked)).toMatchObject({ status: 'queued' });
    expect(await app.module.get(ClaimsRepository).claim(parked, undefined)).toBeUndefined();

    await query.deleteFrom('replicas').where('replica_id', '=', 'older').execute();
    await levels.release();
    // The end of a task wakes the worker.
    await ended(await submit());
    await ended(parked);
    expect(model.requests.map(({ instructions }) => instructions)).toContain('Answer.\n\nBe brief.');
    await app.close();
    await place.drop();
  });
});

/** The database driver waits by these. */
const ALL_BUT_CLOCK = [
  'nextTick',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
  'Date',
] as const;

/** A connection to other replicas that send nothing. */
class SharedPubSub extends PubSub {
  readonly isShared = true;
  readonly isConnected = true;
  publish(): void {}
  subscribe(): () => void {
    return () => undefined;
  }
  onReconnect(): () => void {
    return () => undefined;
  }
}

(hasPostgres ? describe : describe.skip)('the lease of a replica, on a shared database', () => {
  let place: TestDatabase;
  let app: TestApp;
  let database: Database;
  let heartbeats: ReplicaHeartbeat[];

  beforeEach(async () => {
    place = await postgres.create();
    const { databaseUrl } = place;
    app = await createTestApp({ model: new ScriptedModel('Done.'), providers: [AssistantAgent], databaseUrl });
    database = app.module.get(Database);
    heartbeats = [];
  });
  afterEach(async () => {
    jest.useRealTimers();
    await Promise.all(heartbeats.map((heartbeat) => heartbeat.onApplicationShutdown()));
    await app.close();
    await place.drop();
  });

  /** Starts the heartbeat of another replica. */
  async function join(): Promise<string> {
    const replica = new ReplicaId();
    await heartbeatFor(replica, new SharedPubSub()).onModuleInit();
    return replica.id;
  }

  function heartbeatFor(replica: ReplicaId, pubsub: PubSub): ReplicaHeartbeat {
    const { module } = app;
    const [orphans, control] = [module.get(OrphanedRuns), module.get(RunControl)];
    const heartbeat = new ReplicaHeartbeat(database, orphans, control, pubsub, replica, new ReplicaLevels(database));
    heartbeats.push(heartbeat);
    return heartbeat;
  }

  const count = async (): Promise<number> =>
    (await database.query.selectFrom('replicas').select('replica_id').execute()).length;

  const heartbeatOf = async (replica: string): Promise<number | undefined> =>
    (
      await database.query
        .selectFrom('replicas')
        .select('heartbeat_at')
        .where('replica_id', '=', replica)
        .executeTakeFirst()
    )?.heartbeat_at;

  const setAge = (replica_id: string, ageMs: number) =>
    database.query
      .insertInto('replicas')
      .values({ replica_id, heartbeat_at: Date.now() - ageMs })
      .onConflict((conflict) => conflict.column('replica_id').doUpdateSet({ heartbeat_at: Date.now() - ageMs }))
      .execute();

  const insert = (run_id: string, owner: string) =>
    database.query
      .insertInto('runs')
      .values(rowOf({ run_id, kind: 'stream', owner }))
      .execute();

  const statusOf = async (run_id: string) =>
    (await database.query.selectFrom('runs').select('status').where('run_id', '=', run_id).executeTakeFirstOrThrow())
      .status;

  /** Lets that many seconds pass, in which each started replica renews its heartbeat. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      jest.advanceTimersByTime(1000);
      // Until the database has answered.
      await new Promise((resolve) => setImmediate(resolve));
      await database.query.selectFrom('replicas').select('replica_id').execute();
    }
  }

  it('is renewed each second, and removed at the shutdown', async () => {
    jest.useFakeTimers({ doNotFake: [...ALL_BUT_CLOCK] });
    const replica = await join();
    await setAge(replica, 60_000);
    const old = (await heartbeatOf(replica)) ?? 0;
    jest.advanceTimersByTime(1000);
    jest.useRealTimers();
    await until('it is renewed', async () => ((await heartbeatOf(replica)) ?? 0) > old + 50_000);
    await heartbeats[0]?.onApplicationShutdown();
    expect(await heartbeatOf(replica)).toBeUndefined();
  });

  it('admits one of several processes that start at once without Redis, and the next after its end', async () => {
    await app.module.get(ReplicaHeartbeat).onApplicationShutdown();
    const started: ReplicaHeartbeat[] = [];
    const starting = Array.from({ length: 3 }, async () => {
      const heartbeat = heartbeatFor(new ReplicaId(), new LocalPubSub());
      await heartbeat.onModuleInit();
      started.push(heartbeat);
    });
    await Promise.race(starting);
    // The others look several times a second.
    await until('all have looked', async () => (await count()) > 0);
    await Promise.all(Array.from({ length: 20 }, () => count()));
    expect(started).toHaveLength(1);
    await started[0]?.onApplicationShutdown();
    await until('the next one has started', () => started.length === 2);
    expect(await count()).toBe(1);
    await started[1]?.onApplicationShutdown();
    await Promise.all(starting);
  });

  it('does not wait for reads', async () => {
    const gate = new Gate();
    const reads = Array.from({ length: 8 }, () => database.query.transaction().execute(() => gate.opened));
    await join();
    gate.open();
    await Promise.all(reads);
  });

  it('expires after five seconds, and another replica recovers the runs; a younger one stays', async () => {
    jest.useFakeTimers({ doNotFake: [...ALL_BUT_CLOCK] });
    await setAge('dead', 6000);
    await setAge('slow', -60_000);
    await insert('of the dead', 'dead');
    await insert('of the slow', 'slow');
    await join();
    // No replica can renew its own lease during an outage, so the first five seconds after the start prove nothing.
    await pass(4);
    expect(await statusOf('of the dead')).toBe('running');
    await until('it is recovered', async () => {
      await pass(1);
      return (await statusOf('of the dead')) === 'failed';
    });
    expect(await heartbeatOf('dead')).toBeUndefined();
    expect(await statusOf('of the slow')).toBe('running');
  });
});

function rowOf(values: Pick<RunTable, 'run_id' | 'kind' | 'owner'>): RunTable {
  return newRow({
    ...values,
    tenant: 'default',
    session_id: values.run_id,
    end_user: null,
    scopes: null,
    agent_role: 'assistant',
    status: 'running',
    attempt: 1,
    caller: 'host',
    request_id: 'r',
    request: JSON.stringify({ message: 'Hello' }),
    model: 'scripted',
    created_at: 1,
    started_at: 1,
  });
}
