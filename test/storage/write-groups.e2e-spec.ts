import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { HOST_PRINCIPAL, type Principal } from '../../src/auth/principal.js';
import { Agent, Database, KeysService, Tool } from '../../src/index.js';
import { Retention } from '../../src/runs/retention/retention.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { TasksService } from '../../src/tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../src/testing/index.js';
import { insertRun } from '../support/storage/databases.js';
import { stores, type TestDatabase } from '../support/storage/stores.js';
import { countTransactions } from '../support/storage/transactions.js';
import { Gate, until } from '../support/until.js';

const { jest } = import.meta;

const CROWD = 50;
const EXHAUSTED: Principal = { ...HOST_PRINCIPAL, id: 'key:exhausted', limits: { tokensPerMonth: 1000 } };
/** Enough to begin a run, but not for its first model call. */
const POOR: Principal = { ...HOST_PRINCIPAL, id: 'key:poor', limits: { tokensPerMonth: 1 } };

let gate = new Gate();

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }

  @Tool({ description: 'Waits' })
  async wait(): Promise<string> {
    await gate.opened;
    return 'waited';
  }
}

/** Calls `wait` or `pay` if the message asks for it, and answers otherwise. */
const script = Array.from({ length: 500 }, () => ({ messages }: { messages: readonly { content: string }[] }) => {
  const last = messages.at(-1)?.content ?? '';
  return last === 'wait' || last === 'pay' ? [{ tool: last }] : 'Done.';
});

describe.each(stores)('writes of many callers in one commit, on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let database: Database;

  /** Runs that wait for the gate. */
  let waiting: Promise<unknown>[] = [];

  beforeAll(async () => {
    place = await store.create();
    const { databaseUrl } = place;
    app = await createTestApp({ model: new ScriptedModel(...script), providers: [PayingAgent], databaseUrl });
    database = app.module.get(Database);
    // After the sweep, the writes at startup are done.
    await app.module.get(Retention).sweep();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    gate.open();
    await Promise.all(waiting);
    waiting = [];
    gate = new Gate();
  });

  afterAll(async () => {
    await app.close();
    await place.drop();
  });

  const chat = (principal: Principal = HOST_PRINCIPAL) => app.runner.run({ message: 'Hello' }, { principal });

  async function exhaust(): Promise<void> {
    const { tenant, id: payer } = EXHAUSTED;
    const month = new Date().toISOString().slice(0, 7);
    const used = { tenant, payer, month, tokens: 1000, cost: 0, warned_percent: 100 };
    await database.query
      .insertInto('budgets')
      .values(used)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Returns the approval of a task that waits for it. */
  async function wantedApproval(): Promise<{ runId: string; approvalId: string }> {
    const tasks = app.module.get(TasksService);
    const { task_id: runId } = (await tasks.submit({ message: 'pay' })).task;
    const { pending_approvals } = await until('it waits', async () => {
      const task = await tasks.get(runId);
      return task.status === 'waiting_approval' && task;
    });
    return { runId, approvalId: pending_approvals?.[0]?.approval_id ?? '' };
  }

  const failing = async (work: Promise<unknown>): Promise<unknown> => {
    const [end] = await Promise.allSettled([work]);
    return end?.status === 'rejected' ? end.reason.code : 'no failure';
  };

  /** Runs two refused calls of a kind at once, between other writes; returns their refusals. */
  async function crowded(refuse: () => Promise<unknown>): Promise<unknown[]> {
    const transactions = countTransactions(database);
    const write = () => insertRun(database, randomUUID());
    const works = [write(), failing(refuse()), write(), failing(refuse()), write()];
    await nextTick();
    works.push(write());
    const ends = await Promise.all(works);
    expect(transactions.undone).toBe(0);
    return ends.filter((end) => end !== undefined);
  }

  /** Calls that are refused in or around a write, after their preparation. */
  const refusals: readonly [string, () => Promise<() => Promise<unknown>>][] = [
    [
      'token_budget_exhausted',
      async () => {
        await exhaust();
        return () => chat(EXHAUSTED);
      },
    ],
    ['token_budget_exhausted', () => Promise.resolve(() => chat(POOR))],
    [
      'session_busy',
      async () => {
        const asked = { message: 'wait', session_id: randomUUID() };
        waiting.push(app.runner.run(asked));
        await until('it runs', () => isOpen(asked.session_id));
        return () => app.runner.run(asked);
      },
    ],
    [
      'idempotency_key_reused',
      async () => {
        const options = { idempotencyKey: randomUUID() };
        await app.runner.run({ message: 'Hello' }, options);
        return () => app.runner.run({ message: 'Other' }, options);
      },
    ],
    [
      'approval_already_decided',
      async () => {
        const wanted = await wantedApproval();
        await app.runner.decide(wanted, { decision: 'reject' });
        return () => app.runner.decide(wanted, { decision: 'approve' });
      },
    ],
    [
      'task_already_finished',
      async () => {
        const { run_id } = await chat();
        return () => app.runner.cancel(run_id);
      },
    ],
    ['run_not_found', () => Promise.resolve(() => app.runner.cancel('none'))],
    ['not_found', () => Promise.resolve(() => app.module.get(KeysService).revoke('none'))],
    [
      'not_found',
      async () => {
        const keys = app.module.get(KeysService);
        const { key_id } = await keys.create({ name: 'k', tenant: 'default', scopes: ['chat'] }, 'host');
        await keys.revoke(key_id);
        return () => keys.rotate(key_id);
      },
    ],
    [
      'session_not_found',
      () => {
        const sessions = app.module.get(SessionsService, { strict: false });
        return Promise.resolve(() => sessions.erase(HOST_PRINCIPAL, 'none'));
      },
    ],
  ];

  async function isOpen(sessionId: string): Promise<boolean> {
    const { query } = database;
    return (await query.selectFrom('runs').select('run_id').where('session_id', '=', sessionId).execute()).length > 0;
  }

  it('do not increase if a caller without a budget keeps calling', async () => {
    await exhaust();
    const transactions = countTransactions(database);
    const refused = await Promise.all(Array.from({ length: CROWD }, () => failing(chat(EXHAUSTED))));
    expect(refused).toEqual(Array(CROWD).fill('token_budget_exhausted'));
    expect(transactions).toEqual({ begun: 0, undone: 0 });

    const all = Array.from({ length: CROWD }, (_, index) =>
      failing(chat([HOST_PRINCIPAL, EXHAUSTED, POOR][index % 3])),
    );
    expect(new Set(await Promise.all(all))).toEqual(new Set(['no failure', 'token_budget_exhausted']));
    expect(transactions.undone).toBe(0);
  });

  it.each(refusals)('are kept even if one of them is refused with %s', async (code, prepare) => {
    const refuse = await prepare();
    expect(await crowded(refuse)).toEqual([code, code]);
  });

  it('are kept even if two callers decide one approval that both saw open', async () => {
    const wanted = await wantedApproval();
    const transactions = countTransactions(database);
    const [write, earlier] = [jest.spyOn(database, 'write'), new Gate()];
    const works = [database.write(() => earlier.opened)];
    const decisions = (['approve', 'reject'] as const).map((decision) =>
      failing(app.runner.decide(wanted, { decision })),
    );
    await until('both wait for the write', () => write.mock.calls.length >= 3);
    works.push(insertRun(database, randomUUID()));
    earlier.open();
    const ends = await Promise.all(decisions);
    await Promise.all(works);
    expect(new Set(ends)).toEqual(new Set(['approval_already_decided', 'no failure']));
    expect(transactions.undone).toBe(0);
  });
});
