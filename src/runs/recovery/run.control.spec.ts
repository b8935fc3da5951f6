import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Gate, until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, Database, type ModelCall, type ModelRequest, type RunEvent, Tool } from '../../index.js';
import { newId } from '../../storage/new.id.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import type { Run } from '../run.js';
import { newRow, type RunRow } from '../run.row.js';
import { EventLog } from '../events/event.log.js';
import { RunControl } from './run.control.js';

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

/** Answers `hold` only when the gate is open, and calls the tool for `pay`. */
class HeldModel extends ScriptedModel {
  readonly gate = new Gate();

  override async *stream(request: ModelRequest, call: ModelCall) {
    const message = request.messages.at(-1)?.content;
    if (message === 'hold') await this.gate.opened;
    yield* new ScriptedModel(message === 'pay' ? [{ tool: 'pay' }] : `To ${message}`).stream(request, call);
  }
}

const OWNER = { tenant: HOST_PRINCIPAL.tenant };

/** A stream that this process runs. */
interface Active {
  readonly run: Run;
  readonly events: Promise<readonly RunEvent[]>;
}

describe.each(stores)('RunControl on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let model: HeldModel;
  let control: RunControl;
  let database: Database;

  beforeAll(async () => {
    place = await store.create();
    model = new HeldModel();
    app = await createTestApp({ model, providers: [PayingAgent], databaseUrl: place.databaseUrl });
    control = app.module.get(RunControl);
    database = app.module.get(Database);
  });

  afterAll(async () => {
    model.gate.open();
    await app.close();
    await place.drop();
  });

  async function start(message: 'hold' | 'pay', session_id = newId()): Promise<Active> {
    const events = Array.fromAsync(app.runner.stream({ message, session_id }));
    const run = await until('it runs', () => control.holderOf({ ...OWNER, session_id }));
    return { run, events };
  }

  /** Stores a run that this process does not hold. */
  async function insert(given: Partial<RunRow>): Promise<RunRow> {
    const id = newId();
    const row = newRow({
      run_id: id,
      ...OWNER,
      session_id: id,
      agent_role: 'assistant',
      kind: 'task',
      status: 'waiting_approval',
      attempt: 1,
      owner: null,
      caller: 'host',
      request_id: 'r',
      model: 'scripted',
      created_at: 1,
      started_at: 1,
    });
    await database.query
      .insertInto('runs')
      .values({ ...row, ...given })
      .execute();
    return { ...row, ...given };
  }

  const rowOf = (run_id: string): Promise<RunRow> =>
    database.query.selectFrom('runs').selectAll().where('run_id', '=', run_id).executeTakeFirstOrThrow();

  /** Collects the messages to other replicas while the work runs. */
  async function messagesDuring(work: () => Promise<unknown>): Promise<unknown[]> {
    const messages: unknown[] = [];
    const stop = app.module.get(PubSub).subscribe('control', (text) => messages.push(JSON.parse(text)));
    await work();
    stop();
    return messages;
  }

  describe('cancel', () => {
    it('ends an idle run at once, with its last event, and announces its session', async () => {
      const { run_id, session_id } = await insert({});
      const released: string[] = [];
      control.onReleased((key) => released.push(key.session_id));
      const reading = Array.fromAsync(app.module.get(EventLog).follow(run_id, 0));

      expect(await control.cancel(run_id, OWNER, 'enough')).toEqual({ run_id, status: 'cancelled' });

      expect(await rowOf(run_id)).toMatchObject({ status: 'cancelled', cancel_reason: 'enough', holds_session: 0 });
      expect((await reading).flat().map(({ isFinal }) => isFinal)).toEqual([true]);
      expect(released).toEqual([session_id]);
    });

    it('marks an active run and aborts it', async () => {
      const { run, events } = await start('hold');
      expect(await control.cancel(run.id, OWNER, 'enough')).toEqual({ run_id: run.id, status: 'running' });
      expect((await events).at(-1)).toMatchObject({ type: 'run.cancelled', reason: 'enough' });
      expect(await rowOf(run.id)).toMatchObject({ status: 'cancelled', cancel_reason: 'enough' });
    });

    it('marks the run of another replica, and sends that one the first reason', async () => {
      const { run_id } = await insert({ status: 'running', owner: 'elsewhere', kind: 'stream' });
      const messages = await messagesDuring(async () => {
        await control.cancel(run_id, OWNER, 'first');
        await control.cancel(run_id, OWNER, 'second');
      });
      const message = { type: 'cancelled', runId: run_id, reason: 'first' };
      expect(messages).toEqual([message, message]);
      expect(await rowOf(run_id)).toMatchObject({ status: 'running', cancel_reason: 'first' });
    });

    it('has no effect on a run that is over', async () => {
      const cancelled = await insert({ status: 'cancelled', finished_at: Date.now() });
      const completed = await insert({ status: 'completed', finished_at: Date.now() });
      expect(await control.cancel(cancelled.run_id, OWNER)).toMatchObject({ status: 'cancelled' });
      await expect(control.cancel(completed.run_id, OWNER)).rejects.toMatchObject({ code: 'task_already_finished' });
      expect(await rowOf(completed.run_id)).toMatchObject({ status: 'completed', cancel_reason: null });
    });

    it.each([
      ['another tenant', { tenant: 'other' }],
      ['another end user', { ...OWNER, endUser: 'bob' }],
    ])('finds no run of %s', async (_, owner) => {
      const { run_id } = await insert({ end_user: 'ada' });
      await expect(control.cancel(run_id, owner)).rejects.toMatchObject({ code: 'run_not_found' });
      expect(await rowOf(run_id)).toMatchObject({ status: 'waiting_approval' });
    });
  });

  describe('cancelSession', () => {
    it('cancels the runs of the session and waits for their end', async () => {
      const session_id = newId();
      const { run, events } = await start('hold', session_id);
      const other = await insert({});
      expect(await control.cancelSession({ ...OWNER, session_id }, 'erased')).toBe(true);
      expect(await rowOf(run.id)).toMatchObject({ status: 'cancelled', cancel_reason: 'erased' });
      expect((await events).at(-1)).toMatchObject({ type: 'run.cancelled' });
      expect(await rowOf(other.run_id)).toMatchObject({ status: 'waiting_approval' });
    });

    it('tells that a session has no open run', async () => {
      expect(await control.cancelSession({ ...OWNER, session_id: newId() }, 'erased')).toBe(false);
    });
  });

  it('delivers a decision to the run that waits for it', async () => {
    const { run, events } = await start('pay');
    await until('it waits for a stored approval', async () => (await approvalsOf(run)) > 0);
    const [approvalId = ''] = run.approvals.waitingIds;
    const decision = { decision: 'reject', reason: 'no' } as const;
    const decided = await control.decide({ runId: run.id, approvalId }, decision, HOST_PRINCIPAL);
    expect(decided).toEqual({ run_id: run.id, status: 'running' });
    expect((await events).at(-1)).toMatchObject({
      type: 'run.completed',
      response: { reply: 'To Error: The call was rejected. no' },
    });
  });

  it('queues a suspended task whose call is decided, and announces it', async () => {
    const queued: string[] = [];
    control.onQueued((id) => queued.push(id));
    const { run_id } = await insert({});
    const approval = { run_id, approval_id: 'a', step: '1.0', tool: 'pay', arguments: '{}', created_at: 1 };
    await database.query.insertInto('approvals').values(approval).execute();
    const decided = await control.decide({ runId: run_id, approvalId: 'a' }, { decision: 'approve' }, HOST_PRINCIPAL);
    expect(decided).toEqual({ run_id, status: 'queued' });
    expect(queued).toEqual([run_id]);
    await control.cancel(run_id, OWNER);
  });

  describe('reconcile', () => {
    it('applies a cancellation whose message was lost', async () => {
      const { run, events } = await start('hold');
      await database.query.updateTable('runs').set({ cancel_reason: 'lost' }).where('run_id', '=', run.id).execute();
      await control.reconcile();
      expect((await events).at(-1)).toMatchObject({ type: 'run.cancelled', reason: 'lost' });
    });

    it('applies a decision whose message was lost, and leaves other calls waiting', async () => {
      const [decided, undecided] = [await start('pay'), await start('pay')];
      const waiting = (): boolean => [decided, undecided].every(({ run }) => run.approvals.waitingIds.length > 0);
      await until('both wait for a stored approval', async () => waiting() && (await approvalsOf(decided.run)) > 0);
      await database.query
        .updateTable('approvals')
        .set({ decision: 'approve' })
        .where('run_id', '=', decided.run.id)
        .execute();
      await control.reconcile();
      expect((await decided.events).at(-1)).toMatchObject({ type: 'run.completed', response: { reply: 'To paid' } });
      expect(undecided.run.approvals.waitingIds).toHaveLength(1);
      await control.cancel(undecided.run.id, OWNER);
      await undecided.events;
    });
  });

  const approvalsOf = async (run: Run): Promise<number> =>
    (await database.query.selectFrom('approvals').select('step').where('run_id', '=', run.id).execute()).length;

  it('holds a run until its end, and a task in preparation', async () => {
    const { run, events } = await start('hold');
    expect(control.heldIds).toContain(run.id);
    await control.preparations.prepare('preparing', 1000, async () => {
      expect(control.heldIds).toContain('preparing');
    });
    await control.cancel(run.id, OWNER);
    await events;
    await until('it is closed', () => !control.heldIds.has(run.id));
    expect(control.heldIds).not.toContain('preparing');
    expect(control.running).not.toContain(run);
  });

  it('tells the process of a run that a client reads it', () => {
    const read: string[] = [];
    const stop = control.onReader('run', () => read.push('run'));
    control.announceReader('run');
    control.announceReader('other');
    stop();
    control.announceReader('run');
    expect(read).toEqual(['run']);
  });

  it.each(['', '{', '{"type":"sung","runId":"run"}', '{"type":"cancelled"}'])(
    'ignores the unknown message %j',
    async (message) => {
      const { run, events } = await start('hold');
      app.module.get(PubSub).publish('control', message);
      expect(run.signal.aborted).toBe(false);
      await control.cancel(run.id, OWNER);
      await events;
    },
  );
});
