import { Agent, type CallerTool, type ModelMessage, type RunRequest, Tool } from '../../../index.js';
import { estimateTokens } from '../../../models/token.estimate.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../../testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {
  @Tool({ description: 'Reads a book' })
  read(): string {
    return words(5000);
  }
}

const HISTORY_TOKENS = 400;
const tools: readonly CallerTool[] = [{ name: 'look' }];
const CALL = { tool: 'look', arguments: {} };

let app: TestApp;
let model: ScriptedModel;

afterEach(() => app.close());

async function start(turns: readonly ScriptedTurn[], options: object = {}): Promise<void> {
  model = new ScriptedModel(...turns);
  app = await createTestApp({ model, providers: [AssistantAgent], historyTokens: HISTORY_TOKENS, ...options });
}

const ask = (request: RunRequest) => app.runner.complete({ session_id: 's', ...request });
const words = (count: number): string => 'word '.repeat(count);

/** Continues with a result of each call that is open, of that many words. */
async function giveResults({ pending_calls: calls = [] }: Awaited<ReturnType<typeof ask>>, count: number) {
  return await ask({ tools, tool_results: calls.map(({ call_id }) => ({ call_id, output: words(count) })) });
}

/** The messages of the last call of the model, without the input of the run. */
function history(inputs = 1): readonly ModelMessage[] {
  return model.requests.at(-1)?.messages.slice(0, -inputs) ?? [];
}

function sizeOf(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
}

/** Models refuse a result without its call, and a call without its result. */
function expectWholeSteps(): void {
  const open = new Set<string>();
  for (const message of model.requests.at(-1)?.messages ?? []) {
    if (message.role === 'tool') expect(open.delete(message.callId)).toBe(true);
    else expect([...open]).toEqual([]);
    if (message.role === 'assistant') for (const { callId } of message.toolCalls ?? []) open.add(callId);
  }
  expect([...open]).toEqual([]);
}

describe.each([
  ['the newest turns', {}],
  ['a summary', { summarizeHistory: true }],
])('a turn with open calls, with %s', (_, options) => {
  it('is whole while it fits', async () => {
    await start([[CALL], [CALL], 'Done.'], options);
    let last = await ask({ message: 'Go.', tools });
    for (let count = 0; count < 2; count++) last = await giveResults(last, 50);
    expect(history().map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect(history().at(2)?.content).toBe(words(50));
  });

  it('keeps its question and its newest calls if its results are too long', async () => {
    await start([[CALL], [CALL], [CALL], [CALL], 'Done.', 'Well.', 'So.'], options);
    let last = await ask({ message: 'Go.', tools });
    for (let count = 0; count < 4; count++) last = await giveResults(last, 150);
    expectWholeSteps();
    expect(sizeOf(history())).toBeLessThanOrEqual(HISTORY_TOKENS);
    expect(history()[0]).toMatchObject({ role: 'user', content: 'Go.' });
    expect(history().length).toBeGreaterThan(3);
    // A later turn does not end in the middle of it.
    await ask({ message: 'And now?' });
    expectWholeSteps();
  });

  it('has the beginnings of the results of its newest step', async () => {
    await start([[{ tool: 'read' }, { tool: 'read' }, CALL], 'Done.'], options);
    const first = await ask({ message: words(5000), tools });
    await giveResults(first, 5);
    expectWholeSteps();
    expect(sizeOf(history())).toBeLessThanOrEqual(HISTORY_TOKENS);
    expect(history().map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
    expect(history().at(-1)?.content).toMatch(/^word .*left out/);
  });
});

it('sends a turn with open calls, but no others, without a history', async () => {
  await start(['Before.', [CALL], 'Done.'], { historyTokens: 0 });
  await ask({ message: 'Earlier' });
  const open = await ask({ message: 'Go.', tools });
  expect(history()).toEqual([]);
  await giveResults(open, 5);
  expect(history().map(({ content }) => content)).toEqual(['Go.', '']);
});
