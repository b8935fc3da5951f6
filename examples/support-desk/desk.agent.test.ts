import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestApp, ScriptedModel } from 'rookery/testing';
import { DeskAgent } from './desk.agent.js';
import { Orders } from './orders.js';

const order = { order_id: 'A-1001' };
const find = [{ tool: 'find_order', arguments: order }];
const refund = [{ tool: 'refund', arguments: order }];

for (const decision of ['approve', 'reject'] as const) {
  void test(`a refund waits for a person, who decides to ${decision}`, async (context) => {
    const model = new ScriptedModel(find, refund, 'Done.');
    const app = await createTestApp({ model, providers: [Orders, DeskAgent] });
    context.after(() => app.close());
    const types: string[] = [];
    for await (const event of app.runner.stream({ message: 'I want my money back', agent_role: 'desk' })) {
      types.push(event.type);
      if (event.type !== 'approval.required') continue;
      await app.runner.decide({ runId: event.run_id, approvalId: event.approval_id }, { decision });
    }
    assert.equal(types.at(-1), 'run.completed');
    const stored = JSON.stringify(app.module.get(Orders).find('A-1001'));
    assert.equal(stored.includes('"refunded_by":null'), decision === 'reject');
    const told = String(model.requests.at(-1)?.messages.at(-1)?.content);
    assert.match(told, decision === 'approve' ? /^A-1001 is refunded\.$/ : /reject/i);
  });
}

void test('the model learns that an order does not exist', async (context) => {
  const model = new ScriptedModel([{ tool: 'find_order', arguments: { order_id: 'A-9999' } }], 'There is none.');
  const app = await createTestApp({ model, providers: [Orders, DeskAgent] });
  context.after(() => app.close());
  await app.runner.run({ message: 'Where is A-9999?', agent_role: 'desk' });
  assert.equal(model.requests.at(-1)?.messages.at(-1)?.content, 'Error: A-9999 does not exist.');
});
