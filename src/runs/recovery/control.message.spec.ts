import { brokenCopies } from '../../../test/support/broken.rows.js';
import { type ControlMessage, readControlMessage } from './control.message.js';

const MESSAGES: readonly ControlMessage[] = [
  { type: 'cancelled', runId: 'r', reason: 'Not needed.' },
  { type: 'decided', runId: 'r', approvalId: 'a', decision: 'approve' },
  { type: 'decided', runId: 'r', approvalId: 'a', decision: 'reject', reason: 'Too much.' },
  { type: 'watched', runId: 'r' },
];

const read = (message: unknown) => readControlMessage(JSON.stringify(message));

it.each(MESSAGES)('reads a message of any release: $type', (message) => {
  expect(read(message)).toEqual(message);
  expect(read({ ...message, newField: 1 })).toMatchObject(message);
});

it.each(MESSAGES.flatMap((message) => brokenCopies(message)))('ignores a message with a wrong %s', (_, copy) => {
  expect(read(copy)).toBeUndefined();
});

it('ignores text that is not JSON', () => {
  expect(readControlMessage('{')).toBeUndefined();
});
