import type { ModelMessage } from '../../models/language.model.js';
import type { MessageRow } from '../../sessions/message.row.js';
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
  provider_data: null,
  reasoning: null,
  tool: null,
  call_id: null,
  tool_calls: null,
  tokens: 4,
  created_at: 0,
};

function recalled(row: Partial<MessageRow>): ModelMessage | undefined {
  const transcript = new Transcript([{ role: 'user', content: 'And now?' }]);
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

  it('is recalled with what its provider wants back', () => {
    const providerData = { source: 'http://x/v1 chat', data: { reasoning_content: 'Hm.' } };
    const row = { role: 'assistant', content: 'Yes.' } as const;
    expect(recalled({ ...row, provider_data: JSON.stringify(providerData) })).toEqual({ ...row, providerData });
  });

  it('is recalled with its reasoning if it has no other data for its provider', () => {
    const providerData = { source: 'http://x/v1 chat', data: { sig: 's' } };
    const parts = [
      { part: 0, text: 'Hm.' },
      { part: 2, text: 'So.', providerData },
    ];
    const row = { role: 'assistant', content: 'Yes.' } as const;
    const stored = { ...row, reasoning: JSON.stringify(parts) };
    expect(recalled(stored)).toEqual({ ...row, reasoning: [{ text: 'So.', providerData }] });
    const whole = { ...stored, provider_data: JSON.stringify(providerData) };
    expect(recalled(whole)).toEqual({ ...row, providerData });
    expect(recalled({ ...row, reasoning: JSON.stringify(parts.slice(0, 1)) })).toEqual(row);
    expect(() => recalled({ ...row, reasoning: '[{}]' })).toThrow('messages.reasoning cannot be read');
  });

  it('is stored with the reasoning of the model, which the model does not get twice, or of the client', () => {
    const reasoning = [{ text: 'Hm.' }, { text: 'So.', providerData: { source: 'x', data: {} } }];
    const transcript = new Transcript([{ role: 'assistant', content: 'Hi.', reasoning }]);
    const reply = { text: 'Yes.', model: 'm', usage: { inputTokens: 1, outputTokens: 1 }, isTruncated: false };
    transcript.addReply(reply, { turn: 1, reasoning });
    transcript.addReply(reply, { turn: 2, reasoning: [] });
    expect(transcript.messages.map((message) => 'reasoning' in message)).toEqual([true, false, false]);
    const rows = transcript.rows({ tenant: 't', session_id: 's', run_id: 'r', position: 0, created_at: 0 });
    const stored = JSON.stringify(reasoning.map((each, part) => Object.assign({ part }, each)));
    expect(rows.map((row) => row.reasoning)).toEqual([stored, stored, null]);
    expect(rows.map(({ message_id }) => message_id)).toEqual(['r-0', 'r-t1', 'r-t2']);
  });

  it('is stored with what its provider wants back, which does not count as tokens', () => {
    const transcript = new Transcript([{ role: 'user', content: 'Hello' }]);
    const usage = { inputTokens: 1, outputTokens: 1 };
    const providerData = { source: 'http://x/v1 chat', data: { reasoning_content: 'I wonder. '.repeat(50) } };
    transcript.addReply(
      { text: 'Hi.', model: 'm', usage, isTruncated: false, providerData },
      { turn: 1, reasoning: [] },
    );
    const [, row] = transcript.rows({ tenant: 't', session_id: 's', run_id: 'r', position: 0, created_at: 0 });
    expect(row?.message_id).toBe('r-t1');
    expect(row?.provider_data).toBe(JSON.stringify(providerData));
    // Providers do not count them like text. A long thought would push the turn out of the history.
    expect(row?.tokens).toBeLessThan(10);
  });

  it('names the column that cannot be read', () => {
    expect(() => recalled({ parts: '[{"type":"text"}]' })).toThrow('A value in messages.parts cannot be read');
    expect(() => recalled({ role: 'assistant', tool_calls: '[{}]' })).toThrow('messages.tool_calls cannot be read');
  });
});
