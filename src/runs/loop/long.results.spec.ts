import { Agent, AgentError, type ModelCall, type ModelRequest, Tool } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

const RESULT = 'a fact, '.repeat(4000);
const LIMIT = 50_000;

@Agent({ role: 'assistant', description: 'Reads.', instructions: 'Read.' })
class ReadingAgent {
  @Tool({ description: 'Reads', idempotent: true })
  read(): string {
    return RESULT;
  }
}

/** Refuses conversations of more than 50,000 characters. */
class SmallModel extends ScriptedModel {
  refusals = 0;

  override reply(request: ModelRequest, call: ModelCall) {
    const size = request.messages.reduce((sum, { content }) => sum + content.length, 0);
    if (size <= LIMIT) return super.reply(request, call);
    this.refusals++;
    return Promise.reject(new AgentError('context_length_exceeded'));
  }
}

describe('a run whose tool results are too long for the model', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('continues with the beginnings of the results, and then with whole ones', async () => {
    const model = new SmallModel([{ tool: 'read' }], [{ tool: 'read' }], [{ tool: 'read' }], 'Done.');
    app = await createTestApp({ model, providers: [ReadingAgent] });
    expect(await app.runner.run({ message: 'Read' })).toMatchObject({ reply: 'Done.' });
    expect(model.refusals).toBe(1);
    const results = model.requests.at(-1)?.messages.flatMap(({ role, content }) => (role === 'tool' ? [content] : []));
    expect(results?.map((content) => content.startsWith('a fact, '))).toEqual([true, true, true]);
    expect(results?.map(({ length }) => length < 2100)).toEqual([true, true, false]);
    expect(results?.[0]).toMatch(/The rest of this result is left out/);
  });
});
