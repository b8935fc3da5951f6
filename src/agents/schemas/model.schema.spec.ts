import { z } from 'zod';
import { Agent, Tool } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

const Filter = z.discriminatedUnion('by', [
  z.object({ by: z.literal('name'), name: z.string(), exact: z.boolean().optional() }),
  z.object({ by: z.literal('age'), years: z.number().nullable() }),
]);
const Find = z.object({ filter: Filter, limit: z.number().default(10), order: z.literal('newest').optional() });
const Label = z.object({ labels: z.record(z.string(), z.string()), at: z.tuple([z.number(), z.number()]).optional() });
const Answer = z.object({ found: z.record(z.string(), z.number()) });

const received: unknown[] = [];

@Agent({ role: 'clerk', description: 'Finds.', instructions: 'Find.', output: Answer })
class ClerkAgent {
  @Tool({ description: 'Finds', input: Find })
  find(input: z.infer<typeof Find>): string {
    received.push(input);
    return 'found';
  }

  @Tool({ description: 'Labels', input: Label })
  label(input: z.infer<typeof Label>): string {
    received.push(input);
    return 'labelled';
  }
}

let app: TestApp;

afterEach(() => app.close());

it('passes the same value to a method with and without strict mode', async () => {
  const model = new ScriptedModel(
    [
      { tool: 'find', arguments: { filter: { by: 'name', name: 'Ada', exact: null }, limit: null, order: null } },
      { tool: 'find', arguments: { filter: { by: 'age', years: null }, limit: 2, order: 'newest' } },
      { tool: 'label', arguments: { labels: { hot: 'yes' }, at: null } },
    ],
    '{"found":{"Ada":1}}',
  );
  app = await createTestApp({ model, providers: [ClerkAgent] });
  const { reply } = await app.runner.run({ message: 'Find', agent_role: 'clerk' });
  expect(reply).toBe('{"found":{"Ada":1}}');
  expect(received).toEqual([
    { filter: { by: 'name', name: 'Ada' }, limit: 10 },
    { filter: { by: 'age', years: null }, limit: 2, order: 'newest' },
    { labels: { hot: 'yes' } },
  ]);
  expect(model.requests[0]).toMatchObject({
    tools: [
      { name: 'find', isStrict: true },
      { name: 'label', isStrict: false },
    ],
    isOutputStrict: false,
  });
});
