import { Databases } from '../../../test/support/storage/databases.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { estimateTokens } from '../../models/token.estimate.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { digestOf, itemKeyOf } from '../item.ids.js';
import { ConversationsRepository } from './conversations.repository.js';

describe('the deletion of an item', () => {
  const databases = new Databases(sqlite);
  afterAll(() => databases.remove());

  it('leaves the message with the tokens of what remains', async () => {
    const database = await databases.open();
    const [sessions, messages] = [new SessionsRepository(database), new MessagesRepository(database)];
    const items = new ConversationsRepository(database, sessions, messages);
    const key = { tenant: 'default', session_id: 's' };
    const calls = ['one', 'two'].map((callId) => ({ callId, name: 'look', arguments: '{"for":"a long while"}' }));
    const tool_calls = JSON.stringify(calls);
    const of = { ...key, message_id: 'm', run_id: 'r', position: 0, created_at: 1, role: 'assistant' as const };
    const [first, second] = [0, 1].map((part) => ({ part, text: `Thought ${part}.` }));
    const reasoning = JSON.stringify([first, second]);
    const rest = { parts: null, tool: null, call_id: null, provider_data: '{}', reasoning, tokens: 99 };
    const answer: MessageRow = { ...of, ...rest, content: 'Let me look.', tool_calls };
    const session = { ...key, agent_role: 'assistant', end_user: null, created_at: 1, updated_at: 1 };
    await database.write((transaction) => sessions.append(transaction, session, [answer]));

    await items.deleteItem(key, { messageId: 'm' }, { id: 'host' });
    const [, two] = calls;
    await items.deleteItem(key, { messageId: 'm', call: digestOf('one') }, { id: 'host' });
    expect(await items.deleteItem(key, { messageId: 'm', part: 0 }, { id: 'host' })).toBe(true);
    expect(await items.deleteItem(key, { messageId: 'm', part: 0 }, { id: 'host' })).toBe(false);
    const left = JSON.stringify([two]);
    const kept = { content: '', tool_calls: left, reasoning: JSON.stringify([second]) };
    expect(await messages.page(key, 2)).toEqual([
      { ...answer, ...kept, provider_data: null, tokens: estimateTokens(left) },
    ]);
  });
});

describe('the id of an item', () => {
  it.each([
    ['msg_run-a-t1', { messageId: 'run-a-t1' }],
    ['msg_run-a-0', { messageId: 'run-a-0' }],
    ['fco_run-a-2', { messageId: 'run-a-2' }],
    ['fc_run-a-t1_0123456789ab', { messageId: 'run-a-t1', call: '0123456789ab' }],
    ['rs_run-a-t1_0', { messageId: 'run-a-t1', part: 0 }],
    ['fc_run-a-t1', undefined],
    ['fc_run-a-t1_12', undefined],
    ['rs_run-a-t1', undefined],
    ['rs_run-a-t1_0a', undefined],
    ['msg_run-a_0', undefined],
  ])('%s names a part of its message, or nothing', (id, key) => expect(itemKeyOf(id)).toEqual(key));
});
