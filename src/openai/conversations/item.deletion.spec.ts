import { Databases } from '../../../test/support/storage/databases.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { estimateTokens } from '../../models/token.estimate.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { digestOf } from '../item.ids.js';
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
    const rest = { parts: null, tool: null, call_id: null, provider_data: '{}', tokens: 99 };
    const answer: MessageRow = { ...of, ...rest, content: 'Let me look.', tool_calls };
    const session = { ...key, agent_role: 'assistant', end_user: null, created_at: 1, updated_at: 1 };
    await database.write((transaction) => sessions.append(transaction, session, [answer]));

    await items.deleteItem(key, { messageId: 'm', call: undefined }, { id: 'host' });
    const [, two] = calls;
    await items.deleteItem(key, { messageId: 'm', call: digestOf('one') }, { id: 'host' });
    const left = JSON.stringify([two]);
    expect(await messages.page(key, 2)).toEqual([
      { ...answer, content: '', tool_calls: left, provider_data: null, tokens: estimateTokens(left) },
    ]);
  });
});
