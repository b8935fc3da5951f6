import { AgentError } from '../../../src/errors/agent.error.js';
import type {
  LanguageModel,
  ModelCall,
  ModelReasoning,
  ModelReply,
  ModelRequest,
} from '../../../src/models/language.model.js';
import type { Behaviour } from './provider.behaviours.js';

const REQUEST: ModelRequest = {
  model: 'gpt-4o',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [{ name: 'calculate', description: 'Calculates', parameters: { type: 'object' } }],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: undefined,
};
function call(retries: number): ModelCall {
  const signal = AbortSignal.timeout(10_000);
  return { signal, deadlineAt: performance.now() + 10_000, retries: { most: retries, longestWaitMs: 1000 } };
}

/** Reads a stream. Its deltas make up the text of its reply, and its parts of the reasoning that of its reply. */
export async function streamed(
  model: LanguageModel,
  request: Partial<ModelRequest> = {},
  retries = 1,
): Promise<ModelReply> {
  let text = '';
  const reasoning: ModelReasoning[] = [];
  for await (const event of model.stream({ ...REQUEST, ...request }, call(retries))) {
    if (event.type === 'reply') {
      expect(text.toWellFormed()).toBe(event.reply.text.toWellFormed());
      expect(reasoning).toEqual(event.reply.reasoning ?? []);
      return event.reply;
    }
    if (event.type === 'delta') text += event.text;
    if (event.type === 'reasoning') reasoning.push(event.reasoning);
  }
  throw new Error('The stream had no reply.');
}

export function whole(model: LanguageModel, request: Partial<ModelRequest> = {}, retries = 1): Promise<ModelReply> {
  return model.reply({ ...REQUEST, ...request }, call(retries));
}

function meaningOf({ text, toolCalls = [], isTruncated }: ModelReply): Behaviour['means'] {
  const calls = toolCalls.map(({ name, arguments: input }): [string, string] => [name, input]);
  return {
    text,
    ...(calls.length > 0 ? { calls } : {}),
    ...(isTruncated ? { isTruncated } : {}),
  };
}

/** The meaning of an answer, or the code of its failure. Each tool call must have an id of its own. */
export async function outcomeOf(answer: Promise<ModelReply>): Promise<Behaviour['means']> {
  try {
    const reply = await answer;
    const ids = (reply.toolCalls ?? []).map(({ callId }) => callId);
    expect(new Set(ids).size).toBe(ids.length);
    return meaningOf(reply);
  } catch (failure) {
    if (failure instanceof AgentError) return { failsWith: failure.code };
    throw failure;
  }
}
