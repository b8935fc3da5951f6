import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import {
  Agent,
  AgentError,
  AuditService,
  Database,
  type ModelCall,
  type ModelRequest,
  Tool,
  ToolContext,
} from '../index.js';
import { RunFactory } from '../runs/run.factory.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../testing/index.js';
import type { Task } from './task.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  readonly paid: string[] = [];

  @Tool({ description: 'Pays', needsApproval: true })
  pay({ idempotencyKey }: ToolContext): string {
    this.paid.push(idempotencyKey);
    return 'paid';
  }

  @Tool({ description: 'Looks' })
  look(): string {
    return 'seen';
  }

  @Tool({ description: 'Reads' })
  read(): string {
    return 'long '.repeat(3000);
  }
}

/** Sends its reply only when the gate is open. */
class GatedModel extends ScriptedModel {
  gate = new Gate();

  override async *stream(request: ModelRequest, call: ModelCall) {
    for await (const event of super.stream(request, call)) {
      if (event.type === 'reply') await this.gate.opened;
      yield event;
    }
  }
}

const submitter = { principal: HOST_PRINCIPAL, requestId: 'r', idempotencyKey: undefined };

describe.each(stores)('a task on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let tasks: TasksService;
  let sessionId: string;

  beforeAll(async () => {
    database = await store.create();
  });

  afterAll(() => database.drop());

  beforeEach(() => (sessionId = randomUUID()));

  afterEach(() => app.close());

  async function start<Model extends ScriptedModel>(model: Model): Promise<Model> {
    app = await createTestApp({ model, providers: [PayingAgent], databaseUrl: database.databaseUrl });
    tasks = app.module.get(TasksService);
    return model;
  }

  const script = (...turns: ScriptedTurn[]): Promise<ScriptedModel> => start(new ScriptedModel(...turns));

  async function submit(message: string, session_id?: string): Promise<Task> {
    return (await tasks.submit({ message, session_id }, submitter)).task;
  }

  const reached = (id: string, isThere: (task: Task) => boolean): Promise<Task> =>
    until('the task exists', async () => {
      const task = await tasks.get(id, HOST_PRINCIPAL);
      return isThere(task) && task;
    });

  const ended = (id: string): Promise<Task> => reached(id, ({ finished_at }) => finished_at !== undefined);

  async function eventsOf(id: string) {
    return (await Array.fromAsync((await app.runner.follow(id)) ?? [])).flat();
  }

  /** The id of the approval that the task waits for. */
  async function approvalOf(id: string): Promise<string> {
    const { pending_approvals } = await reached(id, ({ status }) => status === 'waiting_approval');
    expect(pending_approvals).toEqual([{ approval_id: expect.any(String), tool: 'pay', arguments: {} }]);
    return pending_approvals?.[0]?.approval_id ?? '';
  }

  it('runs to its end', async () => {
    await script([{ tool: 'look' }], 'I have seen it.');
    const task = await submit('Look');
    expect(task).toMatchObject({ status: 'queued', attempt: 0 });
    expect(await ended(task.task_id)).toMatchObject({
      status: 'completed',
      attempt: 1,
      result: { reply: 'I have seen it.', tokens_used: 30 },
    });
    const events = await eventsOf(task.task_id);
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'tool.started',
      'tool.completed',
      ...Array.from({ length: 4 }, () => 'message.delta'),
      'run.completed',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is listed with its answer or error, without the results of its tools', async () => {
    const fail = (): never => {
      throw new AgentError('content_filtered');
    };
    await script([{ tool: 'read' }], 'I have read it.', 'Yes.', [{ tool: 'read' }], fail);
    const submitted: Task[] = [];
    for (const message of ['Read', 'Well?', 'Read, and fail']) {
      const { task_id } = await submit(message, sessionId);
      submitted.push(await ended(task_id));
    }
    const { items } = await tasks.list(HOST_PRINCIPAL, { limit: 3 });
    expect(items).toEqual(submitted.toReversed());
    expect(items.map(({ result, error }) => result?.reply ?? error?.error)).toEqual([
      'content_filtered',
      'Yes.',
      'I have read it.',
    ]);
    const page = { limit: 1, status: 'completed' } as const;
    const first = await tasks.list(HOST_PRINCIPAL, page);
    const second = await tasks.list(HOST_PRINCIPAL, { ...page, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...second.items]).toEqual([submitted[1], submitted[0]]);
    const rows = await app.module.get(TasksRepository).list({ tenant: 'default', limit: 3 });
    expect(JSON.stringify(rows).length).toBeLessThan(3000);
  });

  it('answers in its output schema, and is refused with an invalid one', async () => {
    const model = await script('Oslo', '{"city":"Oslo"}');
    const withSchema = (type: string) => ({
      message: 'Where?',
      output_schema: { type: 'object', properties: { city: { type } } },
    });
    await expect(tasks.submit(withSchema('text'), submitter)).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ field: 'output_schema' }],
    });
    const { task } = await tasks.submit(withSchema('string'), submitter);

    expect(await ended(task.task_id)).toMatchObject({ status: 'completed', result: { reply: '{"city":"Oslo"}' } });
    expect(model.requests).toHaveLength(2);
  });

  it('is suspended until its approval is decided, and then continues', async () => {
    const model = await script([{ tool: 'look' }, { tool: 'pay' }], 'Paid.');
    const { task_id } = await submit('Pay');
    const approval = await approvalOf(task_id);
    await tasks.decide(task_id, approval, { decision: 'approve' }, HOST_PRINCIPAL);
    expect(await ended(task_id)).toMatchObject({
      status: 'completed',
      attempt: 2,
      result: { reply: 'Paid.', tokens_used: 30 },
    });
    expect(model.requests).toHaveLength(2);
    expect(app.module.get(PayingAgent).paid).toEqual([`${task_id}:1.1`]);
  });

  it('ends with its next attempt if it is cancelled between two', async () => {
    const model = await script([{ tool: 'pay' }], 'never said');
    const { task_id } = await submit('Pay');
    await approvalOf(task_id);
    // The state after a cancel that arrives while the attempt is suspended.
    const { query } = app.module.get(Database);
    await query
      .updateTable('runs')
      .set({ status: 'queued', cancel_reason: 'enough' })
      .where('run_id', '=', task_id)
      .execute();

    expect(await ended(task_id)).toMatchObject({
      status: 'cancelled',
      error: { error: 'run_cancelled', detail: 'enough' },
    });
    expect(model.requests).toHaveLength(1);
  });

  it('is stopped if it is cancelled during the opening of an attempt, even without a message', async () => {
    const model = await start(new GatedModel('never said'));
    const factory = app.module.get(RunFactory);
    const open = factory.resume.bind(factory);
    jest.spyOn(factory, 'resume').mockImplementationOnce(async (...args) => {
      expect(await tasks.cancel(args[0].run_id, HOST_PRINCIPAL)).toMatchObject({ status: 'running' });
      return await open(...args);
    });
    const { task_id } = await submit('Hello');
    expect(await ended(task_id)).toMatchObject({ status: 'cancelled' });
    model.gate.open();
  });

  it('keeps its key if it fails, so that a repeat is not a second task', async () => {
    await script();
    const keyed = { ...submitter, idempotencyKey: randomUUID() };
    const { task } = await tasks.submit({ message: 'Fail', session_id: sessionId }, keyed);
    expect(await ended(task.task_id)).toMatchObject({ status: 'failed', error: { error: 'internal_error' } });

    const again = await tasks.submit({ message: 'Fail', session_id: sessionId }, keyed);

    expect(again).toMatchObject({ isReplayed: true, task: { task_id: task.task_id, status: 'failed' } });
  });

  it('is decided once for fifty concurrent decisions', async () => {
    const model = await script([{ tool: 'pay' }], ({ messages }) => `It was ${messages.at(-1)?.content}`);
    const { task_id } = await submit('Pay');
    const approval = await approvalOf(task_id);

    const decisions = Array.from({ length: 50 }, (_, index) =>
      tasks.decide(task_id, approval, { decision: index % 2 === 0 ? 'approve' : 'reject' }, HOST_PRINCIPAL),
    );
    const outcomes = await Promise.allSettled(decisions);

    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.code);
    // The repeats of the decision that came first get its answer.
    expect(refusals).toEqual(Array.from({ length: 25 }, () => 'approval_already_decided'));
    const isApproved = outcomes.findIndex(({ status }) => status === 'fulfilled') % 2 === 0;
    expect(await ended(task_id)).toMatchObject({ status: 'completed' });
    expect(app.module.get(PayingAgent).paid).toHaveLength(isApproved ? 1 : 0);
    const { items } = await app.module.get(AuditService).list({ action: 'approval.decided', limit: 99 });
    expect(items.filter(({ target }) => target === `run:${task_id}`)).toEqual([
      expect.objectContaining({
        actor: 'host',
        details: { approval_id: approval, tool: 'pay', decision: isApproved ? 'approve' : 'reject' },
      }),
    ]);
    expect(model.requests).toHaveLength(2);
  });

  it('passes the reason of a rejection to the model', async () => {
    await script([{ tool: 'pay' }], ({ messages }) => `I was told: ${messages.at(-1)?.content}`);
    const { task_id } = await submit('Pay');
    const approval = await approvalOf(task_id);
    await tasks.decide(task_id, approval, { decision: 'reject', reason: 'Too expensive.' }, HOST_PRINCIPAL);
    const { result } = await ended(task_id);
    expect(result?.reply).toContain('Too expensive.');
    expect(app.module.get(PayingAgent).paid).toEqual([]);
  });

  it('holds its session while it is suspended, until it is cancelled and cannot be decided', async () => {
    await script([{ tool: 'pay' }], 'Free.');
    const { task_id } = await submit('Pay', sessionId);
    const approval = await approvalOf(task_id);
    await until('it is suspended', async () => (await tasks.get(task_id)).status === 'waiting_approval');
    await expect(app.runner.run({ message: 'hello', session_id: sessionId })).rejects.toMatchObject({
      code: 'session_busy',
    });

    expect(await tasks.cancel(task_id, HOST_PRINCIPAL)).toMatchObject({ status: 'cancelled' });
    expect((await tasks.get(task_id, HOST_PRINCIPAL)).pending_approvals).toBeUndefined();
    const events = await eventsOf(task_id);
    const weekMs = 168 * 3_600_000;
    const waiting = JSON.parse(events.find(({ type }) => type === 'run.waiting')?.data ?? '');
    expect(waiting).toMatchObject({ reason: 'approval' });
    expect(Date.parse(waiting.until) - Date.now() - weekMs).toBeGreaterThan(-60_000);
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'approval.required',
      'run.waiting',
      'run.cancelled',
    ]);
    await expect(tasks.decide(task_id, approval, { decision: 'approve' }, HOST_PRINCIPAL)).rejects.toMatchObject({
      code: 'task_already_finished',
    });
    await expect(app.runner.run({ message: 'hello', session_id: sessionId })).resolves.toMatchObject({
      reply: 'Free.',
    });
  });

  it('is erased with its session while it is suspended', async () => {
    await script([{ tool: 'pay' }]);
    const { task_id } = await submit('Pay', sessionId);
    await approvalOf(task_id);
    await app.module.get(SessionsService, { strict: false }).erase(HOST_PRINCIPAL, sessionId);
    await expect(tasks.get(task_id, HOST_PRINCIPAL)).rejects.toMatchObject({ code: 'task_not_found' });
  });

  it('has one final state if fifty cancel it while it completes', async () => {
    const rounds = 16;
    const model = await start(new GatedModel(...Array.from({ length: rounds }, () => 'Done.')));
    const statuses: string[] = [];
    for (let round = 0; round < rounds; round++) {
      model.gate = new Gate();
      const { task_id } = await submit('Hello', `${sessionId}-${round}`);
      await until('the model was called', () => model.requests.length > round);

      model.gate.open();
      for (let tick = 0; tick < round; tick++) await nextTick();
      const cancels = await Promise.allSettled(Array.from({ length: 50 }, () => tasks.cancel(task_id, HOST_PRINCIPAL)));

      const { status } = await ended(task_id);
      statuses.push(status);
      const isCompleted = status === 'completed';
      expect(new Set(cancels.map((cancel) => cancel.status))).toEqual(
        new Set([isCompleted ? 'rejected' : 'fulfilled']),
      );
      expect((await eventsOf(task_id)).at(-1)?.type).toBe(`run.${status}`);
      const turns = app.module.get(SessionsService, { strict: false }).get(HOST_PRINCIPAL, `${sessionId}-${round}`);
      if (isCompleted) await expect(turns).resolves.toMatchObject({ message_count: 2 });
      else await expect(turns).rejects.toMatchObject({ code: 'session_not_found' });
    }
    expect(statuses).toContain('cancelled');
  });

  it('is hidden from another tenant', async () => {
    await script('Done.');
    const { task_id } = await submit('Hello');
    await ended(task_id);
    const other = { tenant: 'other', id: 'other' };
    const failure = { code: 'task_not_found' };
    await expect(tasks.get(task_id, other)).rejects.toMatchObject(failure);
    await expect(tasks.cancel(task_id, other)).rejects.toMatchObject(failure);
    await expect(tasks.decide(task_id, 'a', { decision: 'approve' }, other)).rejects.toMatchObject(failure);
    await expect(app.runner.follow(task_id, { principal: other })).rejects.toMatchObject({ code: 'run_not_found' });
    expect((await tasks.list(other, { limit: 10 })).items).toEqual([]);
  });
});
