/** A provider's answer to one run, in the bytes of one API: whole, and as the pieces of a stream. */
export interface Wire {
  json: string;
  /** The whole answer with these tool calls. */
  toolCalls: string;
  opening: string;
  delta(text: string): string;
  closing: string;
}

const MODEL = 'gpt-4o';
const CREATED = 1_763_856_000;
const INPUT_TOKENS = 24;

const WORDS = 'the rook is a social bird that nests high in old trees and speaks all day '.split(' ').filter(Boolean);

/** Returns the texts of a run with this many deltas; joined they are the reply. */
export function deltaTexts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index === 0 ? '' : ' '}${WORDS[index % WORDS.length]}`);
}

/** A tool call of the simulated model, and its expected result. */
export interface WiredCall {
  tool: string;
  arguments: object;
  result: RegExp;
}

export function chatWire(texts: string[], calls: readonly WiredCall[]): Wire {
  const head = {
    id: 'chatcmpl-bench',
    created: CREATED,
    model: MODEL,
    service_tier: 'default',
    system_fingerprint: 'fp_bench',
  };
  const usage = {
    prompt_tokens: INPUT_TOKENS,
    completion_tokens: texts.length,
    total_tokens: INPUT_TOKENS + texts.length,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
  const message = { role: 'assistant', content: texts.join(''), refusal: null };
  const tool_calls = calls.map((call, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
  }));
  const chunk = (delta: object, finish: string | null = null) =>
    frame({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      usage: null,
    });
  return {
    json: JSON.stringify({
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage,
    }),
    toolCalls: JSON.stringify({
      ...head,
      object: 'chat.completion',
      choices: [
        { index: 0, message: { ...message, content: null, tool_calls }, logprobs: null, finish_reason: 'tool_calls' },
      ],
      usage,
    }),
    opening: chunk({ role: 'assistant', content: '', refusal: null }),
    delta: (content) => chunk({ content }),
    closing:
      chunk({}, 'stop') + frame({ ...head, object: 'chat.completion.chunk', choices: [], usage }) + 'data: [DONE]\n\n',
  };
}

export function responsesWire(texts: string[], calls: readonly WiredCall[]): Wire {
  const place = { item_id: 'msg_bench', output_index: 0 };
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const donePart = { ...part, text: texts.join('') };
  const item = { id: 'msg_bench', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
  const doneItem = { ...item, status: 'completed', content: [donePart] };
  const response = {
    id: 'resp_bench',
    object: 'response',
    created_at: CREATED,
    model: MODEL,
    error: null,
    incomplete_details: null,
  };
  const started = { ...response, status: 'in_progress', output: [], usage: null };
  const completed = {
    ...response,
    status: 'completed',
    output: [doneItem],
    usage: {
      input_tokens: INPUT_TOKENS,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: texts.length,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: INPUT_TOKENS + texts.length,
    },
  };
  const callItems = calls.map((call, index) => ({
    id: `fc_${index}`,
    type: 'function_call',
    status: 'completed',
    call_id: `call_${index}`,
    name: call.tool,
    arguments: JSON.stringify(call.arguments),
  }));
  let sequence = 0;
  const event = (type: string, body: object) =>
    `event: ${type}\n` + frame({ type, sequence_number: sequence++, ...body });
  return {
    json: JSON.stringify(completed),
    toolCalls: JSON.stringify({ ...completed, output: callItems }),
    opening:
      event('response.created', { response: started }) +
      event('response.in_progress', { response: started }) +
      event('response.output_item.added', { output_index: 0, item }) +
      event('response.content_part.added', { ...place, content_index: 0, part }),
    delta: (delta) => event('response.output_text.delta', { ...place, content_index: 0, delta, logprobs: [] }),
    closing:
      event('response.output_text.done', { ...place, content_index: 0, text: donePart.text, logprobs: [] }) +
      event('response.content_part.done', { ...place, content_index: 0, part: donePart }) +
      event('response.output_item.done', { output_index: 0, item: doneItem }) +
      event('response.completed', { response: completed }),
  };
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
