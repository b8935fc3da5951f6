import { keepQuiet } from '../../../test/support/quiet.js';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Agent, Database, type ModelCall, type ModelReply, type ModelRequest } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Reports that number of tokens. */
class MiscountingModel extends ScriptedModel {
  tokens = 0;

  override async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    return { ...(await super.reply(request, call)), usage: { inputTokens: 5, outputTokens: this.tokens } };
  }
}

describe.each(stores)('the tokens of a run, on $name', (store) => {
  const captured = keepQuiet();
  let created: TestDatabase;
  let app: TestApp;
  let model: MiscountingModel;

  beforeAll(async () => {
    created = await store.create();
    model = new MiscountingModel(...Array<string>(20).fill('Four words or so.'));
    app = await createTestApp({ model, providers: [AssistantAgent], databaseUrl: created.databaseUrl });
  });

  afterAll(async () => {
    await app.close();
    await created.drop();
  });

  it.each([3_000_000_000, 10_000_001, -1, 1.5, NaN, Infinity])(
    'are estimated if the model reports %s',
    async (tokens) => {
      model.tokens = tokens;
      const { reply, tokens_used } = await app.runner.run({ message: 'Hello' });
      expect(reply).toBe('Four words or so.');
      expect(tokens_used).toBeLessThan(100);
      expect(captured.warnings.join()).toMatch(/impossible number of tokens/);
      const events = await Array.fromAsync(app.runner.stream({ message: 'Hello' }));
      expect(events.at(-1)?.type).toBe('run.completed');
    },
  );

  it('are those that the model reports', async () => {
    model.tokens = 10_000_000;
    const { tokens_used } = await app.runner.run({ message: 'Hello' });
    expect(tokens_used).toBe(10_000_005);
    const { input_tokens, output_tokens } = await app.module
      .get(Database)
      .query.selectFrom('runs')
      .select(['input_tokens', 'output_tokens'])
      .where('output_tokens', '=', 10_000_000)
      .executeTakeFirstOrThrow();
    expect([input_tokens, output_tokens]).toEqual([5, 10_000_000]);
  });
});
