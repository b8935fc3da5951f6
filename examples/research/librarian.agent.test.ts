import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestApp, ScriptedModel } from 'rookery/testing';
import { LibrarianAgent } from './librarian.agent.js';
import { Library } from './library.js';

const search = (question: string) => [{ tool: 'search', arguments: { question } }];

void test('the model reads the best passage, with its source', async (context) => {
  const model = new ScriptedModel(search('How many eggs do rooks lay?'), search('Submarines'), 'Three to five.');
  const app = await createTestApp({ model, providers: [Library, LibrarianAgent] });
  context.after(() => app.close());
  const { reply } = await app.runner.run({ message: 'How many eggs?', agent_role: 'librarian' });
  assert.equal(reply, 'Three to five.');
  const [, first = '', second] = model.requests.map(({ messages }) => messages.at(-1)?.content);
  assert.match(first, /^\[\{"source":"rooks\.md, Nests","text":"[^"]*three to five eggs/);
  assert.equal(second, 'Nothing was found.');
});
