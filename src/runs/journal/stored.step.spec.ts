import { brokenCopies } from '../../../test/support/broken.rows.js';
import { readStepUsage, readToolResult, readTurn } from './stored.step.js';

const REPLY = { text: '', model: 'm', usage: { inputTokens: 1, outputTokens: 2 }, isTruncated: false };
/** A result from before durations were stored. */
const OLD_RESULT = { content: 'noon' };
const RESULT = { content: 'noon', isError: true, durationMs: 0.5, usage: REPLY.usage, deaths: 1 };

const UNREADABLE = 'A value in steps.body cannot be read';

it('reads a finished turn', () => {
  expect(readTurn(JSON.stringify(REPLY))).toEqual(REPLY);
  for (const text of ['', '{}', '{"text":"Hi."}']) expect(() => readTurn(text)).toThrow(UNREADABLE);
});

it.each([OLD_RESULT, RESULT, { ...RESULT, newField: 1 }])('reads the tool result %j', (result) => {
  expect(readToolResult(JSON.stringify(result))).toEqual(result);
});

it.each(brokenCopies(RESULT))('rejects a tool result with a wrong %s', (_, copy) => {
  expect(() => readToolResult(JSON.stringify(copy))).toThrow(UNREADABLE);
});

it('requires the content of a tool result', () => {
  expect(() => readToolResult('{}')).toThrow(UNREADABLE);
});

it('reads the usage of any finished step', () => {
  expect(readStepUsage(JSON.stringify(REPLY))).toMatchObject({ model: 'm', usage: REPLY.usage });
  expect(readStepUsage(JSON.stringify(OLD_RESULT)).usage).toBeUndefined();
  for (const [, copy] of brokenCopies({ model: 'm', usage: REPLY.usage })) {
    expect(() => readStepUsage(JSON.stringify(copy))).toThrow(UNREADABLE);
  }
});
