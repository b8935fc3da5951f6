import type { ModelUsage } from '../../../src/models/language.model.js';
import { object, objects, string, type Json } from '../json.js';

/** A tool call of a model; the arguments are JSON as the model wrote it. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** A model's reply, before it is encoded in one of the two formats. */
export interface Reply {
  model: string;
  deltas: readonly string[];
  /** The reasoning that the model shows; undefined: none. */
  reasoning?: string | undefined;
  encrypted?: string | undefined;
  /** Empty: the model is done. */
  toolCalls: readonly ToolCall[];
  /** `length`: cut at the output limit; `filter`: cut by a content filter. */
  finish: 'stop' | 'length' | 'filter';
  /** Undefined: the provider does not report it. */
  usage: ModelUsage | undefined;
}

/** A streamed answer in sending order; a failed answer sends `failure` instead of `closing`. */
interface Frames {
  opening: string[];
  deltas: string[];
  closing: string[];
  failure: string;
}

export interface Wire {
  /** Returns the messages to the model, instructions first, in either format. */
  messages(body: Json): { role: string; content: string }[];
  frames(reply: Reply, request: Json): Frames;
  whole(reply: Reply): Json;
  /** A JSON answer that does not say that its reply is complete. */
  unfinished(reply: Reply): Json;
  /** A JSON answer with status 200 that reports a failure of the model. */
  failed(reply: Reply): Json;
}

const CREATED = 1_700_000_000;
const FINISH_REASONS = { stop: 'stop', length: 'length', filter: 'content_filter' };
const INCOMPLETE_REASONS = { stop: undefined, length: 'max_output_tokens', filter: 'content_filter' };
const UNFINISHED = { status: 'in_progress', output: [], usage: null, incomplete_details: null };
const SERVER_ERROR = { message: 'The server had an error', type: 'server_error', param: null, code: null };

export const chatCompletions: Wire = {
  messages: (body) =>
    objects(body.messages).map(({ role, content }) => ({ role: roleOf(role), content: textOf(content) })),

  frames(reply, request) {
    const chunk = (more: Json) =>
      data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: CREATED, model: reply.model, ...more });
    const choice = (delta: Json, finish: string | null) =>
      chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
    const wantsUsage = object(request.stream_options).include_usage === true;
    return {
      opening: [
        choice({ role: 'assistant', content: '' }, null),
        ...wordsOf(reply.reasoning).map((reasoning_content) => choice({ reasoning_content }, null)),
      ],
      deltas: [
        ...reply.deltas.map((content) => choice({ content }, null)),
        ...reply.toolCalls
          .flatMap((call, index) => toolCallPieces(call, index))
          .map((tool_calls) => choice({ tool_calls }, null)),
      ],
      closing: [
        choice({}, chatFinish(reply)),
        ...(wantsUsage && reply.usage ? [chunk({ choices: [], usage: chatUsage(reply.usage) })] : []),
        'data: [DONE]\n\n',
      ],
      failure: data({ error: SERVER_ERROR }),
    };
  },

  whole: (reply) => completionOf(reply, chatFinish(reply)),
  unfinished: (reply) => completionOf(reply, null),
  failed: () => ({ error: SERVER_ERROR }),
};

export const responses: Wire = {
  messages(body) {
    const instructions = string(body.instructions);
    const input = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : objects(body.input);
    return [
      ...(instructions ? [{ role: 'system', content: instructions }] : []),
      ...input.map(({ role, content }) => ({ role: roleOf(role), content: textOf(content) })),
    ];
  },

  frames(reply) {
    let sequence = 0;
    const event = (type: string, more: Json) =>
      `event: ${type}\n${data({ type, sequence_number: sequence++, ...more })}`;
    const thought = thoughtItem(reply);
    const first = thought.length;
    const place = { item_id: 'msg_1', output_index: first, content_index: 0 };
    const at = { item_id: 'rs_1', output_index: 0, summary_index: 0 };
    const text = reply.deltas.join('');
    const part = { type: 'output_text', text, annotations: [] };
    const ended = reply.finish === 'stop' ? 'response.completed' : 'response.incomplete';
    return {
      opening: [
        event('response.created', { response: { ...responseOf(reply), ...UNFINISHED } }),
        event('response.in_progress', { response: { ...responseOf(reply), ...UNFINISHED } }),
        ...thought.map((item) =>
          event('response.output_item.added', { output_index: 0, item: { ...item, summary: [] } }),
        ),
        ...wordsOf(reply.reasoning).map((delta) => event('response.reasoning_summary_text.delta', { ...at, delta })),
        ...thought.map((item) => event('response.output_item.done', { output_index: 0, item })),
        event('response.output_item.added', {
          output_index: first,
          item: { ...messageItem(reply), status: 'in_progress', content: [] },
        }),
        event('response.content_part.added', { ...place, part: { ...part, text: '' } }),
      ],
      deltas: reply.deltas.map((delta) => event('response.output_text.delta', { ...place, delta, logprobs: [] })),
      closing: [
        ...reply.toolCalls.map((call, index) =>
          event('response.output_item.done', { output_index: first + index, item: callItem(call, index) }),
        ),
        event('response.output_text.done', { ...place, text, logprobs: [] }),
        event('response.content_part.done', { ...place, part }),
        event('response.output_item.done', { output_index: first, item: messageItem(reply) }),
        event(ended, { response: responseOf(reply) }),
      ],
      failure: event('response.failed', { response: failedResponseOf(reply) }),
    };
  },

  whole: responseOf,
  unfinished: (reply) => ({ ...responseOf(reply), status: 'in_progress' }),
  failed: failedResponseOf,
};

function responseOf(reply: Reply): Json {
  const reason = INCOMPLETE_REASONS[reply.finish];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: CREATED,
    status: reason ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: reason ? { reason } : null,
    model: reply.model,
    output: [
      ...thoughtItem(reply),
      ...(reply.toolCalls.length > 0 ? reply.toolCalls.map(callItem) : [messageItem(reply)]),
    ],
    usage: reply.usage ? responsesUsage(reply.usage) : null,
  };
}

function failedResponseOf(reply: Reply): Json {
  const error = { code: 'server_error', message: 'The model failed to generate a response.' };
  return { ...responseOf(reply), ...UNFINISHED, status: 'failed', error };
}

function thoughtItem({ reasoning, encrypted }: Reply): Json[] {
  if (reasoning === undefined && encrypted === undefined) return [];
  const summary = reasoning === undefined ? [] : [{ type: 'summary_text', text: reasoning }];
  return [{ id: 'rs_1', type: 'reasoning', summary, ...(encrypted !== undefined && { encrypted_content: encrypted }) }];
}

function wordsOf(text = ''): string[] {
  return text.match(/\S+\s*/g) ?? [];
}

function messageItem(reply: Reply): Json {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status: reply.finish === 'stop' ? 'completed' : 'incomplete',
    content: [{ type: 'output_text', text: reply.deltas.join(''), annotations: [], logprobs: [] }],
  };
}

function completionOf(reply: Reply, finish: string | null): Json {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: CREATED,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.toolCalls.length > 0 ? null : reply.deltas.join(''),
          refusal: null,
          ...(reply.reasoning !== undefined && { reasoning_content: reply.reasoning }),
          ...(reply.toolCalls.length > 0 && { tool_calls: reply.toolCalls.map(chatToolCall) }),
        },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    ...(reply.usage && { usage: chatUsage(reply.usage) }),
  };
}

function chatUsage({ inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0 }: ModelUsage): Json {
  return {
    prompt_tokens: inputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens: outputTokens,
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}

function responsesUsage({ inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0 }: ModelUsage): Json {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}

function chatFinish({ finish, toolCalls }: Reply): string {
  return toolCalls.length > 0 ? 'tool_calls' : FINISH_REASONS[finish];
}

function chatToolCall({ id, name, arguments: text }: ToolCall): Json {
  return { id, type: 'function', function: { name, arguments: text } };
}

/** A call comes in pieces: its name first, then its arguments in two halves. */
function toolCallPieces({ id, name, arguments: text }: ToolCall, index: number): Json[][] {
  const half = Math.ceil(text.length / 2);
  return [
    [{ index, id, type: 'function', function: { name, arguments: '' } }],
    [{ index, function: { arguments: text.slice(0, half) } }],
    [{ index, function: { arguments: text.slice(half) } }],
  ];
}

function callItem({ id, name, arguments: text }: ToolCall, index: number): Json {
  return { id: `fc_${index}`, type: 'function_call', status: 'completed', call_id: id, name, arguments: text };
}

function roleOf(role: unknown): string {
  return role === 'developer' ? 'system' : string(role);
}

function textOf(content: unknown): string {
  return typeof content === 'string'
    ? content
    : objects(content)
        .map(({ text }) => string(text))
        .join('');
}

function data(value: Json): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
