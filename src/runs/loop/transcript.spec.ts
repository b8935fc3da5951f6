import type { ModelMessage } from '../../models/language.model.js';
import type { MessageRow } from '../../sessions/sessions.repository.js';
import { Transcript } from './transcript.js';

const ROW: MessageRow = {
  message_id: 'r-0',
  tenant: 'default',
  session_id: 's',
  position: 0,
  run_id: 'r',
  role: 'user',
  content: 'What is this?',
  parts: null,
  tool: null,
  call_id: null,
  tool_calls: null,
  tokens: 4,
  created_at: 0,
};

function recalled(row: Partial<MessageRow>): ModelMessage | undefined {
  const transcript = new Transcript('And now?');
  transcript.prependHistory([], [[{ ...ROW, ...row }]]);
  return transcript.messages[0];
}

describe('a stored message', () => {
  it('is recalled with its parts, or without any', () => {
    const parts = [{ type: 'image_url', url: 'https://example.com/a.png' }];
    expect(recalled({ parts: JSON.stringify(parts) })).toEqual({ role: 'user', content: ROW.content, parts });
    expect(recalled({})).toEqual({ role: 'user', content: ROW.content });
  });

  it('is recalled with its tool calls, or without any', () => {
    const toolCalls = [{ callId: 'c', name: 'clock', arguments: '{}' }];
    const row = { role: 'assistant', content: '' } as const;
    expect(recalled({ ...row, tool_calls: JSON.stringify(toolCalls) })).toEqual({ ...row, toolCalls });
    expect(recalled(row)).toEqual(row);
  });

  it('names the column that cannot be read', () => {
    expect(() => recalled({ parts: '[{"type":"text"}]' })).toThrow('A value in messages.parts cannot be read');
    expect(() => recalled({ role: 'assistant', tool_calls: '[{}]' })).toThrow('messages.tool_calls cannot be read');
  });
});
