import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Gate, until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, type ModelCall, type ModelRequest, type RunResponse, TasksService } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import type { SessionPolicy } from '../runs.options.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Answers messages that begin with `hold` only when the gate is open. */
class HeldModel extends ScriptedModel {
  readonly gate = new Gate();

  constructor() {
    super(
      ...Array.from(
        { length: 20 },
        () =>
          ({ messages }: ModelRequest) =>
            `To ${messages.at(-1)?.content}`,
      ),
    );
  }

  override async reply(request: ModelRequest, call: ModelCall) {
    const reply = await super.reply(request, call);
    if (request.messages.at(-1)?.content.startsWith('hold')) await this.gate.opened;
    return reply;
  }

  /** The messages of the request to the model that ends with this one. */
  asked(message: string): readonly string[] | undefined {
    const request = this.requests.find(({ messages }) => messages.at(-1)?.content === message);
    return request?.messages.map(({ content }) => content);
  }
}

const cases = stores.flatMap((store) =>
  (['reject', 'queue', 'interrupt'] as const).map((sessionPolicy) => ({ store, name: store.name, sessionPolicy })),
);

describe.each(cases)('a run that must follow another, on $name with $sessionPolicy', ({ store, sessionPolicy }) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: HeldModel;
  let first: RunResponse;

  beforeAll(async () => {
    database = await store.create();
    model = new HeldModel();
    app = await start(sessionPolicy);
  });

  beforeEach(async () => {
    model.requests.length = 0;
    first = await app.runner.run({ message: 'first' });
  });

  afterAll(async () => {
    model.gate.open();
    await app.close();
    await database.drop();
  });

  const start = (policy: SessionPolicy): Promise<TestApp> =>
    createTestApp({
      model,
      providers: [AssistantAgent],
      sessionPolicy: policy,
      databaseUrl: database.databaseUrl,
    });

  const after = (message: string) => ({
    message,
    session_id: first.session_id,
    continue_after: first.run_id,
  });

  const TURN = ['first', 'To first'];

  it('continues the session, once: the next one begins another session at the same place', async () => {
    const second = await app.runner.run(after('second'));
    const third = await app.runner.run(after('third'));
    expect(second.session_id).toBe(first.session_id);
    expect(third.session_id).not.toBe(first.session_id);
    expect([model.asked('second'), model.asked('third')]).toEqual([
      [...TURN, 'second'],
      [...TURN, 'third'],
    ]);
  });

  it('waits for no other run of the session, and sees nothing of it', async () => {
    const runs = ['hold a', 'hold b', 'hold c'].map((message) => app.runner.run(after(message)));
    await until('the model was asked for all', () => model.requests.length === 4);
    model.gate.open();
    const sessions = (await Promise.all(runs)).map(({ session_id }) => session_id);
    expect(new Set(sessions).size).toBe(3);
    expect(sessions).toContain(first.session_id);
    for (const message of ['hold a', 'hold b', 'hold c']) expect(model.asked(message)).toEqual([...TURN, message]);
  });

  it('is repeated by its key, wherever it has begun', async () => {
    await app.runner.run(after('second'));
    const options = { idempotencyKey: first.run_id };
    const third = await app.runner.run(after('third'), options);
    expect(await app.runner.run(after('third'), options)).toMatchObject({ run_id: third.run_id });
    await expect(app.runner.run(after('fourth'), options)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('may be a task', async () => {
    const tasks = app.module.get(TasksService);
    const submitted = await Promise.all(['one', 'two'].map((message) => tasks.submit(after(message))));
    const ids = submitted.map(({ task }) => task.task_id);
    await until('both are over', async () => {
      const states = await Promise.all(ids.map((id) => tasks.get(id, HOST_PRINCIPAL)));
      return states.every(({ status }) => status === 'completed');
    });
    for (const message of ['one', 'two']) expect(model.asked(message)).toEqual([...TURN, message]);
  });
});
