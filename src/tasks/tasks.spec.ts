import { until } from '../../test/support/until.js';
import { Agent, Tool, ToolContext } from '../index.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../testing/index.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { TasksService } from './tasks.service.js';

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
}

let app: TestApp;
afterEach(() => app.close());

async function start(...turns: ScriptedTurn[]): Promise<{ tasks: TasksService; model: ScriptedModel }> {
  const model = new ScriptedModel(...turns);
  app = await createTestApp({ model, providers: [PayingAgent] });
  return { tasks: app.module.get(TasksService), model };
}

const submitter = { principal: HOST_PRINCIPAL, requestId: 'r', idempotencyKey: undefined };

async function ended(tasks: TasksService, id: string) {
  return await until('the task ends', async () => {
    const task = await tasks.get(id, HOST_PRINCIPAL);
    return task.finished_at !== undefined && task;
  });
}

describe('a task', () => {
  it('runs to its end', async () => {
    const { tasks } = await start([{ tool: 'look' }], 'I have seen it.');
    const { task } = await tasks.submit({ message: 'Look' }, submitter);
    expect(task).toMatchObject({ status: 'queued', attempt: 0 });
    expect(await ended(tasks, task.task_id)).toMatchObject({
      status: 'completed',
      attempt: 1,
      result: { reply: 'I have seen it.', tokens_used: 30 },
    });
    const frames = await app.runner.follow(task.task_id);
    const events = (await Array.fromAsync(frames ?? [])).flat();
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'tool.started',
      'tool.completed',
      'message.delta',
      'message.delta',
      'message.delta',
      'message.delta',
      'run.completed',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('rests while it waits for an approval, and goes on once it is there', async () => {
    const { tasks, model } = await start([{ tool: 'look' }, { tool: 'pay' }], 'Paid.');
    const { task } = await tasks.submit({ message: 'Pay' }, submitter);
    const resting = await until('it rests', async () => {
      const found = await tasks.get(task.task_id, HOST_PRINCIPAL);
      return found.status === 'waiting_approval' && found;
    });
    expect(resting.pending_approvals).toEqual([{ approval_id: expect.any(String), tool: 'pay', arguments: {} }]);
    const approval = resting.pending_approvals?.[0]?.approval_id ?? '';
    await tasks.decide(task.task_id, approval, { decision: 'approve' }, HOST_PRINCIPAL);
    expect(await ended(tasks, task.task_id)).toMatchObject({
      status: 'completed',
      attempt: 2,
      result: { reply: 'Paid.', tokens_used: 30 },
    });
    expect(model.requests).toHaveLength(2);
    expect(app.module.get(PayingAgent).paid).toEqual([`${task.task_id}:1.1`]);
  });
});
