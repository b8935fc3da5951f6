import { Agent, AgentError, type CallerAccess, type RunEvent, RunsService, TasksService } from '../../index.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';
import { FailingModel } from '../../../test/support/failing.model.js';
import { Databases } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';

@Agent({
  role: 'assistant',
  description: 'Answers.',
  instructions: 'Answer.',
  handoffs: ['lawyer', 'doctor'],
  agents: ['doctor'],
})
class AssistantAgent {}

/** The same agent after a deployment or the end of a release. */
@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', model: 'large' })
class LargeAssistantAgent {}

@Agent({ role: 'lawyer', description: 'Knows the law.', instructions: 'Be exact.' })
class LawyerAgent {}

@Agent({ role: 'doctor', description: 'Knows the body.', instructions: 'Be kind.', model: 'large' })
class DoctorAgent {}

let app: TestApp;
let model: ScriptedModel;

afterEach(() => app.close());

async function start(...turns: ScriptedTurn[]): Promise<void> {
  model = new ScriptedModel(...turns);
  app = await createTestApp({ model, providers: [AssistantAgent, LawyerAgent, DoctorAgent] });
}

function caller(access: CallerAccess) {
  return { tenant: 'acme', id: 'test', access };
}

function toolsOffered(): (string[] | undefined)[] {
  return model.requests.map(({ tools }) => tools.map(({ name }) => name));
}

describe('a caller with limited access', () => {
  it.each([
    [{ agentRoles: ['lawyer'] }, /may not run the agent "assistant"/],
    [{ models: ['large'] }, /may not use the model of the agent "assistant"/],
  ])('cannot start an agent outside %j', async (access, message) => {
    await start('Hello.');
    const run = app.runner.run({ message: 'Help' }, { principal: caller(access) });
    await expect(run).rejects.toMatchObject({ code: 'forbidden', message: expect.stringMatching(message) });
    expect(model.requests).toEqual([]);
  });

  it.each([
    [{ agentRoles: ['assistant', 'lawyer'] }, 'agent "doctor"'],
    [{ models: ['gpt-4o'] }, 'model of the agent "doctor"'],
  ])('reaches no other agent with %j', async (access, reason) => {
    await start([{ tool: 'transfer_to_doctor' }, { tool: 'ask_doctor', arguments: { message: 'Flu?' } }], 'Done.');
    const events: RunEvent[] = await Array.fromAsync(
      app.runner.stream({ message: 'Help' }, { principal: caller(access) }),
    );
    expect(toolsOffered()[0]).toEqual(['transfer_to_lawyer']);
    expect(events.map(({ type }) => type)).not.toContain('handoff');
    const results = model.requests[1]?.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    expect(results).toEqual(Array(2).fill(expect.stringContaining(reason)));
    expect(events.at(-1)).toMatchObject({ type: 'run.completed', response: { reply: 'Done.' } });
  });

  it('has the same limits in a task', async () => {
    await start([{ tool: 'ask_doctor', arguments: { message: 'Flu?' } }], 'Done.');
    const tasks = app.module.get(TasksService);
    const principal = caller({ agentRoles: ['assistant'] });
    const { task } = await tasks.submit({ message: 'Help' }, { principal });
    await until('the task has ended', async () => (await tasks.get(task.task_id, principal)).status === 'completed');
    expect(toolsOffered()[0]).toEqual([]);
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('may not run the agent "doctor"');
  });
});

describe.each(stores)('the task of a caller with limited access, on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  it('fails if its agent has got a model outside', async () => {
    const databaseUrl = await databases.newUrl();
    const principal = caller({ models: ['gpt-4o'] });
    const failing = new FailingModel([new AgentError('model_unavailable')]);
    app = await createTestApp({ databaseUrl, model: failing, providers: [AssistantAgent, LawyerAgent, DoctorAgent] });
    const { task } = await app.module.get(TasksService).submit({ message: 'Help' }, { principal });
    await until('its first attempt has failed', async () => {
      const row = await app.module.get(RunsService).get(task.task_id, principal);
      return row.status === 'queued' && row.attempt === 1;
    });
    await app.close();

    model = new ScriptedModel('Hello.');
    app = await createTestApp({ databaseUrl, model, providers: [LargeAssistantAgent] });
    const tasks = app.module.get(TasksService);
    const ended = await until('it has ended', async () => {
      const found = await tasks.get(task.task_id, principal);
      return found.status === 'failed' || found.status === 'completed' ? found : undefined;
    });
    expect(ended).toMatchObject({ status: 'failed', error: { error: 'forbidden' } });
    expect(model.requests).toEqual([]);
  });
});
