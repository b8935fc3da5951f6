import {
  hasPostgres,
  postgres,
  redisUrl,
  sqlite,
  type Store,
  type TestDatabase,
} from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { Agent, type ModelCall, type ModelRequest, type Principal, Tool } from '../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { TasksService } from './tasks.service.js';

const QUEUED = 200;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

/** Notes the message of each model call, and answers once the test lets it. */
class GatedModel extends ScriptedModel {
  /** The messages in the order of their calls. */
  static started: string[] = [];
  static gates: Gate[] = [];

  override async *stream(request: ModelRequest, call: ModelCall) {
    const { content = '' } = request.messages.findLast(({ role }) => role === 'user') ?? {};
    const gate = new Gate();
    GatedModel.gates.push(gate);
    GatedModel.started.push(content);
    await gate.opened;
    yield* super.stream(request, call);
  }

  /** Ends the oldest call. */
  static endOne(): void {
    this.gates.shift()?.open();
  }
}

const principalOf = (tenant: string): Principal => ({ tenant, id: `key:${tenant}`, scopes: ['tasks'] });
const answer = ({ messages }: ModelRequest) => (messages.at(-1)?.content === 'Pay' ? [{ tool: 'pay' }] : 'Done.');

const redis = hasPostgres ? await redisUrl() : undefined;

interface Place {
  readonly name: string;
  readonly store: Store;
  readonly redisUrl?: string | undefined;
  readonly workers: number;
}

const places: Place[] = [{ name: 'SQLite', store: sqlite, workers: 1 }];
if (hasPostgres) places.push({ name: 'PostgreSQL', store: postgres, workers: 1 });
if (redis !== undefined) places.push({ name: 'PostgreSQL and Redis', store: postgres, redisUrl: redis, workers: 2 });

describe.each(places)('tasks of several tenants on $name', ({ store, workers, ...place }) => {
  let database: TestDatabase;
  const apps: TestApp[] = [];
  let tasks: TasksService;

  beforeAll(async () => {
    GatedModel.started = [];
    GatedModel.gates = [];
    database = await store.create();
    const options = { databaseUrl: database.databaseUrl, redisUrl: place.redisUrl, taskConcurrency: 1 };
    for (let count = 0; count < workers; count++) {
      const model = new GatedModel(...Array.from({ length: QUEUED }, () => answer));
      apps.push(await createTestApp({ ...options, model, providers: [PayingAgent] }));
    }
    const [first] = apps;
    if (first) tasks = first.module.get(TasksService);
  });

  afterAll(async () => {
    // The running tasks end, and the workers claim no others.
    const closed = Promise.all(apps.splice(0).map((app) => app.close()));
    while (GatedModel.gates.length > 0) GatedModel.endOne();
    await closed;
    await database.drop();
  });

  const submit = async (tenant: string, message: string): Promise<string> =>
    (await tasks.submit({ message }, { principal: principalOf(tenant) })).task.task_id;

  const started = (count: number): Promise<boolean> =>
    until(`${count} calls have started`, () => GatedModel.started.length >= count);

  it('start a resumed one before new ones, and do not wait for the backlog of another tenant', async () => {
    const paying = await submit('first', 'Pay');
    await started(1);
    GatedModel.endOne();
    const approvalId = await until('it waits for its approval', async () => {
      const { pending_approvals, status } = await tasks.get(paying, principalOf('first'));
      return status === 'waiting_approval' && pending_approvals?.[0]?.approval_id;
    });
    await Promise.all(Array.from({ length: QUEUED }, (_, index) => submit('first', `first-${index}`)));
    await started(1 + workers);

    await tasks.decide(paying, approvalId, { decision: 'approve' }, principalOf('first'));
    GatedModel.endOne();
    await started(2 + workers);
    expect(GatedModel.started.at(-1)).toBe('Pay');

    await submit('second', 'second');
    for (let count = 1; count <= 2; count++) {
      GatedModel.endOne();
      await started(2 + workers + count);
    }
    expect(GatedModel.started.slice(-2)).toContain('second');
  });
});
