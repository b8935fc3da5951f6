import type { JsonObject } from '../../json/json.object.js';
import { REASONING_SUMMARIES, type ReasoningSummary } from '../../models/model.controls.js';
import { DEFAULT_TEMPERATURE } from '../../runs/events/run.events.js';
import { BodyFields, missing } from '../request/body.fields.js';
import { refuseUnsupported, unsupported } from '../request/field.rules.js';
import type { AgentCall } from '../request/agent.call.js';
import { readEffort, readFormat, readMetadata, readModel, unless } from '../request/settings.reader.js';
import { readToolChoice, readTools } from '../request/tools.reader.js';
import { readInput } from './input.reader.js';
import type { ReasoningKey } from './reasoning.seal.js';
import type { ResponseEcho } from './response.object.js';
import { RESPONSES_FIELDS } from './responses.fields.js';

export const MAX_INSTRUCTIONS = 256_000;
export const MAX_RESPONSE_ID = 128;
export const MAX_HINT = 1024;
export const MAX_ITEMS = 2000;

/** A request for a response. */
export interface ResponseRequest {
  readonly call: AgentCall;
  readonly echo: ResponseEcho;
  /** The items of the input, for the list of input items. */
  readonly input: readonly unknown[];
  readonly isStream: boolean;
}

/** The items of the input as the client sent them; a text is a message of the user. @throws OpenAIRefusal */
export function readItems(body: BodyFields): readonly unknown[] {
  const input = body.value('input');
  if (input === undefined) throw missing('input');
  if (typeof input === 'string') {
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
  }
  return body.list('input', MAX_ITEMS) ?? [];
}

/**
 * Reads a request for a response.
 *
 * @param items the items of the input, references resolved.
 * @param key opens the reasoning in the items; undefined: it is left out.
 * @throws OpenAIRefusal
 */
export function readResponseRequest(body: BodyFields, items: readonly unknown[], key?: ReasoningKey): ResponseRequest {
  refuseUnsupported(body.object, RESPONSES_FIELDS);
  const echo = readEcho(body);
  if (echo.previous_response_id !== null && echo.conversation !== undefined) {
    throw unsupported('previous_response_id', 'It cannot be used together with conversation.');
  }
  if (!echo.store && echo.background) throw unsupported('store', 'A response in the background is always stored.');
  return {
    call: readCall(body, readInput(items, key)),
    echo,
    input: items,
    isStream: body.boolean('stream') ?? false,
  };
}

function readCall(body: BodyFields, messages: AgentCall['messages']): AgentCall {
  const reasoning = body.fields('reasoning');
  const tools = readTools(body);
  return {
    agent_role: readModel(body),
    messages,
    settings: {
      instructions: body.text('instructions', MAX_INSTRUCTIONS),
      temperature: body.number('temperature', 0, 2),
      top_p: unless(1, body.number('top_p', 0, 1)),
      max_output_tokens: body.integer('max_output_tokens', 1),
      max_tool_calls: body.integer('max_tool_calls', 1),
      parallel_tool_calls: unless(true, body.boolean('parallel_tool_calls')),
      tools: tools.length === 0 ? undefined : tools,
      tool_choice: unless('auto', readToolChoice(body)),
      reasoning_effort: reasoning && readEffort(reasoning, 'effort'),
      reasoning_summary: reasoning && readSummary(reasoning),
      output_schema: readFormat(body.fields('text')?.fields('format')),
      metadata: readMetadata(body),
      store: unless(true, body.boolean('store')),
    },
  };
}

function readEcho(body: BodyFields): ResponseEcho {
  const conversation = conversationOf(body);
  return {
    model: readModel(body),
    previous_response_id: body.text('previous_response_id', MAX_RESPONSE_ID) ?? null,
    instructions: body.text('instructions', MAX_INSTRUCTIONS) ?? null,
    tools: readTools(body).map(({ description = null, parameters = null, strict = null, name }) => {
      return { type: 'function', name, description, parameters, strict } as const;
    }),
    tool_choice: echoOfChoice(body),
    truncation: body.choice('truncation', ['auto', 'disabled']) ?? 'disabled',
    parallel_tool_calls: body.boolean('parallel_tool_calls') ?? true,
    text: echoOfText(body),
    top_p: body.number('top_p', 0, 1) ?? 1,
    presence_penalty: body.number('presence_penalty', -2, 2) ?? 0,
    frequency_penalty: body.number('frequency_penalty', -2, 2) ?? 0,
    top_logprobs: body.integer('top_logprobs', 0, 20) ?? 0,
    temperature: body.number('temperature', 0, 2) ?? DEFAULT_TEMPERATURE,
    reasoning: echoOfReasoning(body),
    max_output_tokens: body.integer('max_output_tokens', 1) ?? null,
    max_tool_calls: body.integer('max_tool_calls', 1) ?? null,
    store: body.boolean('store') ?? true,
    background: body.boolean('background') ?? false,
    // All requests are served alike.
    service_tier: 'default',
    metadata: readMetadata(body) ?? {},
    safety_identifier: body.text('safety_identifier', MAX_HINT) ?? null,
    prompt_cache_key: body.text('prompt_cache_key', MAX_HINT) ?? null,
    ...(conversation === undefined ? {} : { conversation: { id: conversation } }),
  };
}

/** The id of the conversation, which is given as a text or as an object. */
function conversationOf(body: BodyFields): string | undefined {
  const value = body.value('conversation');
  return typeof value === 'object'
    ? body.fields('conversation')?.requiredText('id', MAX_RESPONSE_ID)
    : body.text('conversation', MAX_RESPONSE_ID);
}

function echoOfChoice(body: BodyFields): string | object {
  const choice = body.value('tool_choice');
  return typeof choice === 'string' || typeof choice === 'object' ? (choice ?? 'auto') : 'auto';
}

function echoOfText(body: BodyFields): JsonObject {
  const text = body.fields('text');
  const verbosity = text?.choice('verbosity', ['low', 'medium', 'high']);
  const format = text?.fields('format')?.object ?? { type: 'text' };
  return { format, ...(verbosity === undefined ? {} : { verbosity }) };
}

function echoOfReasoning(body: BodyFields): JsonObject | null {
  const reasoning = body.fields('reasoning');
  if (reasoning === undefined) return null;
  return { effort: readEffort(reasoning, 'effort') ?? null, summary: readSummary(reasoning) ?? null };
}

function readSummary(reasoning: BodyFields): ReasoningSummary | undefined {
  return reasoning.choice('summary', REASONING_SUMMARIES);
}
