import { brokenCopies, withoutEach } from '../../test/support/broken.rows.js';
import { isMessageParts, isModelReply, isToolCalls } from './stored.reply.js';

const USAGE = { inputTokens: 1, outputTokens: 2 };
const CALLS = [{ callId: 'c-1', name: 'clock', arguments: '{}' }];
/** A reply from before cached tokens were counted. */
const OLD_REPLY = { text: 'Hi.', model: 'm', usage: USAGE, isTruncated: false };
const REPLY = {
  ...OLD_REPLY,
  toolCalls: CALLS,
  usage: { ...USAGE, cachedTokens: 0, reasoningTokens: 1 },
};

const PARTS = [
  { type: 'text', text: 'What is this?' },
  { type: 'image_url', url: 'https://example.com/a.png' },
];

it.each([OLD_REPLY, REPLY, { ...REPLY, toolCalls: [], newField: 1 }])('accepts the reply %j', (reply) => {
  expect(isModelReply(reply)).toBe(true);
});

it.each([...brokenCopies(REPLY, 'reply'), ...withoutEach(OLD_REPLY)])('rejects a reply with a wrong %s', (_, copy) => {
  expect(isModelReply(copy)).toBe(false);
});

it('checks each tool call of a message', () => {
  expect(isToolCalls(CALLS)).toBe(true);
  for (const [, copy] of brokenCopies(CALLS)) expect(isToolCalls(copy)).toBe(false);
});

it('checks each part of a message', () => {
  expect(isMessageParts(PARTS)).toBe(true);
  for (const [, copy] of brokenCopies(PARTS)) expect(isMessageParts(copy)).toBe(false);
});
