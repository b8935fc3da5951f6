import { keepQuiet } from '../../../test/support/quiet.js';
import { flagsOf, ReleaseFiles } from '../../../test/support/service/releases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import {
  Agent,
  type CallerAccess,
  Database,
  type Principal,
  type RunRequest,
  TasksService,
  Tool,
} from '../../index.js';
import { Releases } from '../../releases/releases.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';
import { ReleaseResolver } from './release.resolver.js';

@Agent({ role: 'assistant', description: 'Answers.', model: 'gpt-coded', handoffs: ['poet'], agents: ['critic'] })
class AssistantAgent {
  instructions(): string {
    return 'As coded.';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

@Agent({ role: 'poet', description: 'Rhymes.', instructions: 'Rhyme.', handoffs: ['assistant'] })
class PoetAgent {}

@Agent({ role: 'critic', description: 'Scolds.', instructions: 'Scold.' })
class CriticAgent {}

const PROVIDERS = [AssistantAgent, PoetAgent, CriticAgent];
const RELEASES = {
  'assistant.yaml':
    'name: assistant-2\nrole: assistant\ninstructions: Second.\nmodel: gpt-new\ntemperature: 0.1\nmax_turns: 2',
  'assistant.3.yaml': 'name: assistant-3\nrole: assistant\ninstructions: Third.',
  'poet.yaml': 'name: poet-2\nrole: poet\nmodel: gpt-poet',
  'critic.yaml': 'name: critic-2\nrole: critic\ninstructions: Praise.\ntemperature: 1.5',
};
const SECOND = flagsOf({ assistant: { 'assistant-2': 1 }, poet: { 'poet-2': 1 }, critic: { 'critic-2': 1 } });

keepQuiet();
let files: ReleaseFiles;
let app: TestApp;

beforeEach(async () => {
  files = await ReleaseFiles.create({ ...RELEASES, 'flags.yaml': SECOND });
});

afterEach(async () => {
  await app.close();
  await files.remove();
});

async function start(...turns: ScriptedTurn[]): Promise<ScriptedModel> {
  const model = new ScriptedModel(...turns);
  app = await createTestApp({ model, providers: PROVIDERS, releases: { directory: files.directory } });
  return model;
}

const asked = ({ requests }: ScriptedModel) =>
  requests.map(({ instructions, model, temperature }) => ({ instructions, model, temperature }));

const columns = (runId: string) =>
  app.module
    .get(Database)
    .query.selectFrom('runs')
    .select(['release', 'releases', 'model'])
    .where('run_id', '=', runId)
    .executeTakeFirst();

describe('a run', () => {
  it('uses the instructions, model and temperature of its release, and names it', async () => {
    const model = await start('Hello.');

    const { run_id } = await app.runner.run({ message: 'Hi' });

    expect(asked(model)).toEqual([{ instructions: 'Second.', model: 'gpt-new', temperature: 0.1 }]);
    expect(await columns(run_id)).toMatchObject({ release: 'assistant-2', releases: null });
  });

  it('runs as coded if no release is selected or changes anything', async () => {
    await files.write('flags.yaml', 'flags: {}');
    const model = await start('Hello.');

    const { run_id } = await app.runner.run({ message: 'Hi' });

    expect(asked(model)).toEqual([{ instructions: 'As coded.', model: 'gpt-coded', temperature: 0.7 }]);
    expect(await columns(run_id)).toMatchObject({ release: 'code', releases: null });
  });

  it('uses the temperature that its caller requests', async () => {
    const model = await start('Hello.');

    await app.runner.run({ message: 'Hi', temperature: 0.7 });

    expect(model.requests[0]?.temperature).toBe(0.7);
  });

  it.each([
    { release: 'assistant-3', instructions: 'Third.', model: 'gpt-coded', temperature: 0.7 },
    { release: 'code', instructions: 'As coded.', model: 'gpt-coded', temperature: 0.7 },
  ])('uses the release that its caller pins: $release', async ({ release, ...expected }) => {
    const model = await start('Hello.');

    const { run_id } = await app.runner.run({ message: 'Hi', release });

    expect(asked(model)).toEqual([expected]);
    expect(await columns(run_id)).toMatchObject({ release });
  });

  it('is refused with the release of another role at every entry point, and leaves nothing', async () => {
    await start();
    const request: RunRequest = { message: 'Hi', release: 'poet-2', session_id: 's' };
    const refused = {
      code: 'validation_failed',
      errors: [
        {
          field: 'release',
          message: 'No release "poet-2" of assistant. Offered: code, assistant-3, assistant-2.',
        },
      ],
    };

    await expect(app.runner.run(request)).rejects.toMatchObject(refused);
    await expect(app.runner.stream(request).next()).rejects.toMatchObject(refused);
    await expect(app.module.get(TasksService).submit(request)).rejects.toMatchObject(refused);
    expect(await app.module.get(Database).query.selectFrom('runs').selectAll().execute()).toEqual([]);
  });

  it('stops at the turn limit of its release', async () => {
    await start([{ tool: 'nothing' }], [{ tool: 'nothing' }], 'Too late.');

    await expect(app.runner.run({ message: 'Hi' })).rejects.toMatchObject({
      code: 'model_error',
      message: 'The agent did not finish within 2 turns.',
    });
  });

  it('uses the releases of other agents for calls, handoffs and the way back', async () => {
    await files.write('assistant.yaml', 'name: assistant-2\nrole: assistant\ninstructions: Second.\nmodel: gpt-new');
    const model = await start(
      [{ tool: 'ask_critic', arguments: { message: 'Well?' } }],
      'Well done.',
      [{ tool: 'transfer_to_poet' }],
      [{ tool: 'transfer_to_assistant' }],
      'The end.',
    );

    const { reply } = await app.runner.run({ message: 'Hi' });

    expect(reply).toBe('The end.');
    expect(asked(model)).toEqual([
      { instructions: 'Second.', model: 'gpt-new', temperature: 0.7 },
      { instructions: 'Praise.', model: 'gpt-4o', temperature: 1.5 },
      { instructions: 'Second.', model: 'gpt-new', temperature: 0.7 },
      { instructions: 'Rhyme.', model: 'gpt-poet', temperature: 0.7 },
      { instructions: 'Second.', model: 'gpt-new', temperature: 0.7 },
    ]);
  });

  it('is repeated with its stored answer, even if another release is selected', async () => {
    await start('Hello.');
    const run = (release?: string) => app.runner.run({ message: 'Hi', release }, { idempotencyKey: 'k' });
    const first = await run();
    await files.write('flags.yaml', 'flags: {}');

    expect(await run()).toEqual(first);
    await expect(run('assistant-3')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });
});

describe.each(stores)('a task on $name', (store) => {
  it('keeps its releases, and those of other agents, across attempts and changes', async () => {
    const { databaseUrl, drop } = await store.create();
    const model = new ScriptedModel(
      [{ tool: 'pay' }],
      [{ tool: 'ask_critic', arguments: { message: 'Well?' } }],
      'Well done.',
      'The end.',
    );
    await files.write('assistant.yaml', 'name: assistant-2\nrole: assistant\ninstructions: Second.\nmodel: gpt-new');
    const options = { model, providers: PROVIDERS, databaseUrl, releases: { directory: files.directory } };
    app = await createTestApp(options);
    const submitted = await app.module.get(TasksService).submit({ message: 'Pay.' });
    const id = submitted.task.task_id;
    const pending = await until(
      'it asks',
      async () => (await app.module.get(TasksService).get(id)).pending_approvals?.[0],
    );
    await app.close();
    await files.write('flags.yaml', flagsOf({ assistant: { 'assistant-3': 1 } }));

    app = await createTestApp(options);
    const tasks = app.module.get(TasksService);
    await tasks.decide(id, pending.approval_id, { decision: 'approve' });
    await until('it has ended', async () => (await tasks.get(id)).finished_at !== undefined);

    expect(await tasks.get(id)).toMatchObject({ status: 'completed', attempt: 2, result: { reply: 'The end.' } });
    expect(asked(model).map(({ instructions }) => instructions)).toEqual(['Second.', 'Second.', 'Praise.', 'Second.']);
    expect(await columns(id)).toMatchObject({
      release: 'assistant-2',
      releases: JSON.stringify({ poet: 'poet-2', critic: 'critic-2' }),
    });
    await app.close();
    await drop();
    app = await createTestApp({ model, providers: PROVIDERS });
  });

  it('continues as coded if its release is gone, and logs it', async () => {
    const { databaseUrl, drop } = await store.create();
    const model = new ScriptedModel([{ tool: 'pay' }], 'The end.');
    const options = { model, providers: PROVIDERS, databaseUrl, releases: { directory: files.directory } };
    app = await createTestApp(options);
    const { task } = await app.module.get(TasksService).submit({ message: 'Pay.', release: 'assistant-3' });
    const id = task.task_id;
    const pending = await until(
      'it asks',
      async () => (await app.module.get(TasksService).get(id)).pending_approvals?.[0],
    );
    await app.close();
    await files.drop('assistant.3.yaml');

    app = await createTestApp(options);
    const tasks = app.module.get(TasksService);
    await tasks.decide(id, pending.approval_id, { decision: 'approve' });
    await until('it has ended', async () => (await tasks.get(id)).finished_at !== undefined);

    expect(asked(model).map(({ instructions }) => instructions)).toEqual(['Third.', 'As coded.']);
    expect(await columns(id)).toMatchObject({ release: 'code' });
    await app.close();
    await drop();
    app = await createTestApp({ model, providers: PROVIDERS });
  });
});

describe('the releases of an application', () => {
  it('prevent its start with a fault, once its agents are known', async () => {
    await files.write('singer.yaml', 'name: singer-1\nrole: singer');

    await expect(start()).rejects.toThrow(/singer.yaml: no agent "singer"; offered: assistant, poet, critic/);
    app = await createTestApp({ model: new ScriptedModel(), providers: PROVIDERS });
  });

  it('do not exist unless configured', async () => {
    const model = new ScriptedModel('Hello.');
    app = await createTestApp({ model, providers: PROVIDERS });

    await expect(app.runner.run({ message: 'Hi', release: 'assistant-2' })).rejects.toThrow(/Offered: code\./);
    const { run_id } = await app.runner.run({ message: 'Hi', release: 'code' });
    expect(await columns(run_id)).toMatchObject({ release: 'code' });
    expect(app.module.get(Releases).list()).toEqual([]);
  });
});

describe('the list of agents for a caller', () => {
  const listed = async (access?: CallerAccess, principal: Partial<Principal> = {}) => {
    const caller = { tenant: 'acme', id: 'key:1', scopes: ['chat'], access, ...principal } as const;
    const agents = await app.module.get(ReleaseResolver).runnableBy(caller);
    return Object.fromEntries(agents.map(({ role, model }) => [role, model]));
  };

  it('has the models of the releases that apply', async () => {
    await start();
    expect(await listed()).toMatchObject({ assistant: 'gpt-new', poet: 'gpt-poet' });
    expect(await listed({ models: ['gpt-coded'] })).toEqual({});
    expect(await listed({ models: ['gpt-new'] })).toEqual({ assistant: 'gpt-new' });
  });

  it('has an agent if some session or pin gives it an allowed model', async () => {
    await files.write('flags.yaml', flagsOf({ assistant: { 'assistant-2': 1, code: 1 } }));
    await start();
    expect(await listed({ models: ['gpt-coded'] })).toEqual({ assistant: 'gpt-coded' });
    expect(await listed({ models: ['gpt-new'] })).toEqual({ assistant: 'gpt-new' });
    expect(await listed({ models: ['gpt-poet'] })).toEqual({});
    expect(await listed({ models: ['gpt-poet'] }, { scopes: ['chat', 'releases:pin'] })).toEqual({ poet: 'gpt-poet' });
  });
});
