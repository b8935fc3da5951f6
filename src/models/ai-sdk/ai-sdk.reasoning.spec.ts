import { createAnthropic } from '@ai-sdk/anthropic';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { MockLanguageModelV4 } from 'ai/test';
import { AnthropicUpstream, type Block } from '../../../test/support/servers/anthropic.upstream.js';
import type { LanguageModel, ModelEvent, ModelMessage, ModelReply, ModelRequest } from '../language.model.js';
import { fromAiSdk } from './index.js';

const USER: ModelMessage = { role: 'user', content: 'Is it warm in Oslo?' };
const REQUEST: ModelRequest = {
  model: 'ignored',
  instructions: 'Answer.',
  messages: [USER],
  tools: [{ name: 'forecast', description: 'Forecasts.', parameters: { type: 'object', properties: {} } }],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: 2000,
};
const THOUGHT: Block = { type: 'thinking', thinking: 'I need the forecast.', signature: 'signed-1' };
const CALL: Block = { type: 'tool_use', id: 'toolu_1', name: 'forecast', input: {} };

let upstream: AnthropicUpstream;

beforeAll(async () => {
  upstream = await AnthropicUpstream.start();
});
beforeEach(() => upstream.clear());
afterAll(() => upstream.close());

const claude = (): LanguageModel =>
  fromAiSdk(createAnthropic({ baseURL: upstream.url, apiKey: 'sk-ant' })('claude-sonnet-4-5'));

async function eventsOf(model: LanguageModel, request: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
  const call = { signal: AbortSignal.timeout(5000), deadlineAt: performance.now() + 5000 };
  return await Array.fromAsync(model.stream({ ...REQUEST, ...request }, call));
}

function replyOf(events: readonly ModelEvent[]): ModelReply {
  const last = events.at(-1);
  if (last?.type !== 'reply') throw new Error('The stream had no reply.');
  return last.reply;
}

/** The events of a stream, shortly. */
function orderOf(events: readonly ModelEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'reasoning.delta') return [];
    if (event.type === 'delta') return [event.text];
    return [event.type === 'reasoning' ? `(${event.reasoning.text})` : 'reply'];
  });
}

/** A model that streams these parts. */
function mockOf(...parts: readonly LanguageModelV4StreamPart[]): LanguageModel {
  return attemptsOf(parts);
}

/** A model whose answers fail, but for the last one. */
function attemptsOf(...attempts: (readonly LanguageModelV4StreamPart[])[]): LanguageModel {
  const usage = { inputTokens: { total: undefined }, outputTokens: { total: undefined } };
  const finish = { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage };
  const doStream = async () => {
    const parts = attempts.shift() ?? [];
    const end =
      attempts.length > 0 ? { type: 'error', error: Object.assign(new Error('lost'), { code: 'ECONNRESET' }) } : finish;
    return { stream: ReadableStream.from([...parts, Object(end)]) };
  };
  return fromAiSdk(new MockLanguageModelV4({ provider: 'acme.chat', modelId: 'acme-1', doStream }));
}

const text = (delta: string): LanguageModelV4StreamPart[] => [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta },
];
const thought = (id: string, delta: string): LanguageModelV4StreamPart[] => [
  { type: 'reasoning-start', id },
  { type: 'reasoning-delta', id, delta },
  { type: 'reasoning-end', id },
];

it('comes before the text that follows from it, with its signature', async () => {
  upstream.next({ does: 'reply', blocks: [THOUGHT, { type: 'text', text: 'I look it up.' }, CALL] });
  const events = await eventsOf(claude());
  expect(orderOf(events).join('')).toBe('(I need the forecast.)I look it up.reply');
  const parts = events.flatMap((event) => (event.type === 'reasoning' ? [event.reasoning] : []));
  expect(parts).toMatchObject([
    { providerData: { data: { providerOptions: { anthropic: { signature: 'signed-1' } } } } },
  ]);
  expect(replyOf(events).reasoning).toEqual(parts);
});

it('is sent back only to its provider, if a client has kept it', async () => {
  upstream.next({ does: 'reply', blocks: [THOUGHT, CALL] });
  const { toolCalls = [], reasoning = [] } = replyOf(await eventsOf(claude()));
  const conversation = (parts: typeof reasoning): ModelMessage[] => [
    USER,
    { role: 'assistant', content: '', toolCalls, reasoning: parts },
    { role: 'tool', callId: 'toolu_1', tool: 'forecast', content: 'Warm' },
  ];
  await eventsOf(claude(), { messages: conversation(reasoning) });
  await eventsOf(mockOf(...text('Hi.')), { messages: conversation(reasoning) });
  const others = reasoning.map(({ text: shown }) => ({ text: shown, providerData: { source: 'another', data: {} } }));
  await eventsOf(claude(), { messages: conversation(others) });
  expect([upstream.sentBlocks(1), upstream.sentBlocks(2)]).toEqual([[THOUGHT, CALL], [CALL]]);
});

it('arrives in pieces while the model thinks, and again if the model is asked again', async () => {
  const begun: LanguageModelV4StreamPart[] = [
    { type: 'reasoning-start', id: 'a' },
    { type: 'reasoning-delta', id: 'a', delta: 'Lo' },
    { type: 'reasoning-delta', id: 'a', delta: 'st' },
  ];
  const events = await eventsOf(attemptsOf(begun, [...thought('a', 'A'), ...thought('b', 'B'), ...text('x')]));
  const pieces = events.filter((event) => event.type === 'reasoning.delta');
  expect(pieces).toEqual([
    { type: 'reasoning.delta', text: 'Lo', isFirst: true },
    { type: 'reasoning.delta', text: 'st' },
    { type: 'reasoning.delta', text: 'A', isFirst: true },
  ]);
  expect(orderOf(events)).toEqual(['(A)', '(B)', 'x', 'reply']);
});

it('comes in the order of its parts, those that end late at the end', async () => {
  const late: LanguageModelV4StreamPart[] = [
    { type: 'reasoning-start', id: 'b' },
    { type: 'reasoning-delta', id: 'b', delta: 'B' },
  ];
  const more: LanguageModelV4StreamPart[] = [{ type: 'reasoning-delta', id: 'b', delta: 'b' }];
  const events = await eventsOf(mockOf(...thought('a', 'A'), ...late, ...text('x'), ...more, ...text('y')));
  expect(orderOf(events)).toEqual(['(A)', 'x', 'y', '(Bb)', 'reply']);
});

it('comes before a reply without a text, and counts in an estimated usage', async () => {
  const plain = replyOf(await eventsOf(mockOf()));
  const events = await eventsOf(mockOf(...thought('a', 'A long thought.')));
  expect(orderOf(events)).toEqual(['(A long thought.)', 'reply']);
  expect(replyOf(events).usage.outputTokens).toBeGreaterThan(plain.usage.outputTokens);
});

it('is nothing without a text and without data', async () => {
  const events = await eventsOf(mockOf(...thought('a', ''), ...text('x')));
  expect(orderOf(events)).toEqual(['x', 'reply']);
  expect(replyOf(events)).not.toHaveProperty('reasoning');
});
