import type { Json } from '../json.js';
import type { ModelApi } from './upstream.js';

/** An answer as real providers send it, and what it means. */
export interface Behaviour {
  readonly what: string;
  readonly api: ModelApi;
  /** The events of the streamed answer. Undefined: the behaviour exists only in whole answers. */
  readonly events?: readonly Json[];
  /** The whole answer. Undefined: the behaviour exists only in streams. */
  readonly body?: Json;
  /** The stream after its events. Default: `data: [DONE]` and an empty line. */
  readonly tail?: string;
  readonly means: Meaning;
}

type Meaning =
  | { readonly text: string; readonly calls?: readonly [name: string, input: string][]; readonly isTruncated?: true }
  | { readonly failsWith: string };

/** A chunk of Chat Completions. */
export function chunk(delta: Json, finish: string | null = null): Json {
  return {
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** A whole answer of Chat Completions. */
export function completion(message: Json, finish: string | null = 'stop'): Json {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }];
  return { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices };
}

const FILTER_CHUNK = {
  id: 'x',
  object: 'chat.completion.chunk',
  created: 1,
  model: '',
  choices: [{ index: 0, finish_reason: null, content_filter_offsets: { check_offset: 4, end_offset: 9 } }],
};
const HALVES = [chunk({ role: 'assistant', content: '' }), chunk({ content: 'An ans' }), chunk({ content: 'wer.' })];
const SPOKEN = [...HALVES, chunk({}, 'stop')];
const ANSWER: Meaning = { text: 'An answer.' };
const SUM = '{"expression":"1+1"}';
const ONE_CALL: Meaning = { text: '', calls: [['calculate', SUM]] };
const TWO_CALLS: Meaning = {
  text: '',
  calls: [
    ['calculate', SUM],
    ['calculate', '{"expression":"2+2"}'],
  ],
};

function piece(call: Json, named: Json): Json {
  return chunk({ tool_calls: [{ type: 'function', ...call, function: named }] });
}

function wholeCall(call: Json, named: Json): Json {
  return { type: 'function', ...call, function: named };
}

const TOOL_CALLED = chunk({}, 'tool_calls');
const CALCULATE = { name: 'calculate', arguments: SUM };
const CALCULATE_MORE = { name: 'calculate', arguments: '{"expression":"2+2"}' };

const CHAT: readonly Omit<Behaviour, 'api'>[] = [
  { what: 'a plain answer', events: SPOKEN, body: completion({ content: 'An answer.' }), means: ANSWER },
  {
    what: 'choices without a delta, amid the answer and after its end',
    events: [...HALVES.slice(0, 1), FILTER_CHUNK, ...HALVES.slice(1), chunk({}, 'stop'), FILTER_CHUNK],
    means: ANSWER,
  },
  { what: 'pings between the chunks', events: SPOKEN.flatMap((each) => [{ type: 'ping' }, each]), means: ANSWER },
  {
    what: 'a last chunk with usage and no choices',
    events: [...SPOKEN, { id: 'x', model: 'm', usage: { prompt_tokens: 7, completion_tokens: 2 } }],
    means: ANSWER,
  },
  {
    what: 'usage in every chunk',
    events: SPOKEN.map((each) => ({ ...each, usage: { prompt_tokens: 7, completion_tokens: 2 } })),
    means: ANSWER,
  },
  {
    what: 'two tool calls with the same index',
    events: [
      piece({ index: 0, id: 'call_a' }, CALCULATE),
      piece({ index: 0, id: 'call_b' }, CALCULATE_MORE),
      TOOL_CALLED,
    ],
    means: TWO_CALLS,
  },
  {
    what: 'two tool calls with the same index and no ids',
    events: [piece({ index: 0 }, CALCULATE), piece({ index: 0 }, CALCULATE_MORE), TOOL_CALLED],
    body: completion({ tool_calls: [wholeCall({}, CALCULATE), wholeCall({}, CALCULATE_MORE)] }, 'tool_calls'),
    means: TWO_CALLS,
  },
  {
    what: 'two tool calls with the same id',
    body: completion(
      { tool_calls: [wholeCall({ id: 'call_0' }, CALCULATE), wholeCall({ id: 'call_0' }, CALCULATE_MORE)] },
      'tool_calls',
    ),
    events: [
      piece({ index: 0, id: 'call_0' }, CALCULATE),
      piece({ index: 0, id: 'call_0' }, CALCULATE_MORE),
      TOOL_CALLED,
    ],
    means: TWO_CALLS,
  },
  {
    what: 'a whole tool call twice',
    events: [piece({ index: 0, id: 'call_0' }, CALCULATE), piece({ index: 0, id: 'call_0' }, CALCULATE), TOOL_CALLED],
    means: ONE_CALL,
  },
  {
    what: 'two tool calls with the same index and no ids, with blanks before their arguments',
    events: [
      piece({ index: 0 }, { ...CALCULATE, arguments: ` ${SUM}` }),
      piece({ index: 0 }, { ...CALCULATE, arguments: ` ${SUM.replaceAll('1', '2')}` }),
      TOOL_CALLED,
    ],
    means: {
      text: '',
      calls: [
        ['calculate', ` ${SUM}`],
        ['calculate', ` ${SUM.replaceAll('1', '2')}`],
      ],
    },
  },
  {
    what: 'an empty object before the pieces of the arguments',
    events: [
      piece({ index: 0, id: 'call_a' }, { name: 'calculate', arguments: '{}' }),
      piece({ index: 0 }, { arguments: '' }),
      piece({ index: 0 }, { arguments: '{"expression"' }),
      piece({ index: 0 }, { arguments: ':"1+1"}' }),
      TOOL_CALLED,
    ],
    means: ONE_CALL,
  },
  {
    what: 'a tool call without index and ids, and with its name in every piece',
    events: [
      piece({}, { name: 'calculate', arguments: '{"expression":' }),
      piece({}, { name: 'calculate', arguments: '"1+1"}' }),
      TOOL_CALLED,
    ],
    means: ONE_CALL,
  },
  {
    what: 'a tool call of an unknown type with a function',
    events: [piece({ index: 0, id: 'call_a', type: 'tool_use' }, CALCULATE), chunk({}, 'tool_use')],
    body: completion({ tool_calls: [wholeCall({ id: 'call_a', type: 'tool' }, CALCULATE)] }, 'stop'),
    means: ONE_CALL,
  },
  {
    what: 'a tool call of an unknown type without a function',
    events: [
      chunk({ tool_calls: [{ index: 0, id: 'call_a', type: 'custom', custom: { name: 'f' } }] }),
      chunk({}, 'stop'),
    ],
    body: completion({ tool_calls: [{ id: 'call_a', type: 'custom', custom: { name: 'f' } }] }, 'stop'),
    means: { failsWith: 'model_error' },
  },
  {
    what: 'a tool call without an index',
    events: [piece({ id: 'call_a' }, CALCULATE), TOOL_CALLED],
    body: completion({ tool_calls: [wholeCall({ id: 'call_a' }, CALCULATE)] }, 'tool_calls'),
    means: ONE_CALL,
  },
  {
    what: 'a tool call without an index in pieces',
    events: [
      piece({ id: 'call_a' }, { name: 'calculate', arguments: '{"expre' }),
      piece({}, { arguments: 'ssion":' }),
      piece({ id: 'call_a' }, { arguments: '"1+1"}' }),
      TOOL_CALLED,
    ],
    means: ONE_CALL,
  },
  {
    what: 'a tool call, and then the finish reason stop',
    events: [piece({ id: 'call_a' }, CALCULATE), chunk({}, 'stop')],
    body: completion({ content: '', tool_calls: [wholeCall({ id: 'call_a' }, CALCULATE)] }, 'stop'),
    means: ONE_CALL,
  },
  {
    what: 'a tool call of the older API',
    events: [
      chunk({ function_call: { name: 'calculate', arguments: '' } }),
      chunk({ function_call: { arguments: SUM } }),
      chunk({}, 'function_call'),
    ],
    body: completion({ content: null, function_call: CALCULATE }, 'function_call'),
    means: ONE_CALL,
  },
  {
    what: 'the name of a tool in every piece',
    events: [
      piece({ index: 0, id: 'call_a' }, { name: 'calculate', arguments: '{"expression":' }),
      piece({ index: 0, id: 'call_a' }, { name: 'calculate', arguments: '"1+1"}' }),
      TOOL_CALLED,
    ],
    means: ONE_CALL,
  },
  {
    what: 'another id in every piece',
    events: [
      piece({ index: 0, id: 'call_a' }, { name: 'calculate', arguments: '{"expression":' }),
      piece({ index: 0, id: 'call_b' }, { arguments: '"1+1"}' }),
      TOOL_CALLED,
    ],
    means: ONE_CALL,
  },
  {
    what: 'null before the arguments, and no id',
    events: [
      piece({ index: 0, id: null }, { name: 'calculate', arguments: null }),
      piece({ index: 0, id: '' }, { name: null, arguments: '{"expression":' }),
      piece({ index: 0 }, { arguments: '"1+1"}' }),
      TOOL_CALLED,
    ],
    body: completion({ content: null, tool_calls: [wholeCall({ id: '' }, CALCULATE)] }, 'tool_calls'),
    means: ONE_CALL,
  },
  {
    what: 'an object as arguments',
    events: [piece({ index: 0 }, { name: 'calculate', arguments: { expression: '1+1' } }), TOOL_CALLED],
    body: completion(
      { tool_calls: [wholeCall({ id: 'call_a' }, { name: 'calculate', arguments: { expression: '1+1' } })] },
      'tool_calls',
    ),
    means: ONE_CALL,
  },
  {
    what: 'a tool call cut at the output limit',
    events: [piece({ index: 0, id: 'call_a' }, { name: 'calculate', arguments: '' }), chunk({}, 'length')],
    body: completion({ tool_calls: [wholeCall({ id: 'call_a' }, { name: 'calculate', arguments: '' })] }, 'length'),
    means: { text: '', calls: [['calculate', '']], isTruncated: true },
  },
  {
    what: 'a tool call cut within its name',
    events: [...HALVES, piece({ index: 0, id: 'call_a' }, {}), chunk({}, 'length')],
    means: { text: 'An answer.', isTruncated: true },
  },
  {
    what: 'other words for the finish reason',
    events: [...HALVES, chunk({}, 'MAX_TOKENS')],
    body: completion({ content: 'An answer.' }, 'MAX_TOKENS'),
    means: { text: 'An answer.', isTruncated: true },
  },
  {
    what: 'the finish reason error after half an answer',
    events: [...HALVES.slice(0, 2), chunk({}, 'error')],
    body: completion({ content: 'An ans' }, 'error'),
    means: { failsWith: 'model_error' },
  },
  {
    what: 'another finish reason after the answer was cut',
    events: [...HALVES, chunk({}, 'length'), chunk({}, 'stop')],
    means: { text: 'An answer.', isTruncated: true },
  },
  {
    what: 'another finish reason after an error',
    events: [...HALVES, chunk({}, 'error'), chunk({}, 'stop')],
    means: { failsWith: 'model_error' },
  },
  { what: 'the finish reason end_turn', events: [...HALVES, chunk({}, 'end_turn')], means: ANSWER },
  {
    what: 'the whole message at its end',
    events: [...HALVES, { ...completion({ content: 'An answer.' }), object: 'chat.completion' }],
    means: ANSWER,
  },
  {
    what: 'another whole message at its end',
    events: [...HALVES, completion({ content: 'No answer.' })],
    means: { failsWith: 'model_error' },
  },
  {
    what: 'a finish reason for tool calls without any',
    events: [...HALVES, TOOL_CALLED],
    body: completion({ content: 'An answer.' }, 'tool_calls'),
    means: { failsWith: 'model_error' },
  },
  {
    what: 'the finish reason content_filter',
    events: [...HALVES, chunk({}, 'content_filter')],
    body: completion({ content: 'An answer.' }, 'content_filter'),
    means: { failsWith: 'content_filtered' },
  },
  {
    what: 'only thoughts',
    events: [chunk({ role: 'assistant', content: null }), chunk({ reasoning_content: 'Hm.' }), chunk({}, 'stop')],
    body: completion({ content: null, reasoning_content: 'Hm.' }),
    means: { text: '' },
  },
  {
    what: 'a list of parts as content',
    events: [
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }),
      chunk({ content: [{ type: 'text', text: 'An ans' }] }),
      chunk({ content: 'wer.' }),
      chunk({}, 'stop'),
    ],
    body: completion({
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
        { type: 'text', text: 'An answer.' },
      ],
    }),
    means: ANSWER,
  },
  {
    what: 'a character in two halves',
    events: [chunk({ content: 'Fine \ud83d' }), chunk({ content: '\ude00!' }), chunk({}, 'stop')],
    means: { text: 'Fine 😀!' },
  },
  { what: 'no empty line at its end', events: SPOKEN, tail: 'data: [DONE]', means: ANSWER },
  { what: 'no mark at its end', events: SPOKEN, tail: '', means: ANSWER },
  { what: 'a cut event after its end', events: SPOKEN, tail: 'data: {"choices":[],"usa', means: ANSWER },
  {
    what: 'an end without a finish reason',
    events: HALVES,
    body: completion({ content: 'An answer.' }, null),
    tail: '',
    means: { failsWith: 'model_error' },
  },
  {
    what: 'an error after half an answer',
    events: [...HALVES.slice(0, 2), { error: { code: 'server_error', message: 'Secret words.' } }],
    body: { error: { code: 'server_error', message: 'Secret words.' } },
    means: { failsWith: 'model_error' },
  },
];

/** A whole answer of the Responses API. */
export function response(output: readonly Json[], more: Json = {}): Json {
  return { id: 'r', object: 'response', created_at: 1, status: 'completed', model: 'm', output, ...more };
}

function said(text: string, more: Json = {}): Json {
  return { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text }], ...more };
}

function callItem(id: string, text: unknown): Json {
  return { id: `fc_${id}`, type: 'function_call', call_id: id, name: 'calculate', arguments: text };
}

function added(item: Json, index = 0): Json {
  return { type: 'response.output_item.added', output_index: index, item: { ...item, content: [], arguments: '' } };
}

function done(item: Json, index = 0): Json {
  return { type: 'response.output_item.done', output_index: index, item };
}

function textDelta(text: string, index = 0): Json {
  return { type: 'response.output_text.delta', output_index: index, item_id: `msg_${index + 1}`, delta: text };
}

function completed(output: readonly Json[], more: Json = {}): Json {
  return { type: 'response.completed', response: response(output, more) };
}

const MESSAGE = said('An answer.');
const SPOKEN_ITEM = [added(MESSAGE), textDelta('An ans'), textDelta('wer.'), done(MESSAGE)];
const CALL = callItem('call_a', SUM);
const PLAN = said('First a plan.', { id: 'msg_1', phase: 'commentary' });
const FINAL = said('An answer.', { id: 'msg_2', phase: 'final_answer' });

const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
const FILTERED = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
const FAILED = { status: 'failed', error: { code: 'server_error', message: 'Secret words.' } };

const RESPONSES: readonly Omit<Behaviour, 'api'>[] = [
  { what: 'a plain answer', events: [...SPOKEN_ITEM, completed([MESSAGE])], body: response([MESSAGE]), means: ANSWER },
  { what: 'an empty output at its end', events: [...SPOKEN_ITEM, completed([])], means: ANSWER },
  {
    what: 'an empty output, and only deltas',
    events: [textDelta('An ans'), textDelta('wer.'), completed([])],
    means: ANSWER,
  },
  { what: 'a text without deltas', events: [completed([MESSAGE])], means: ANSWER },
  { what: 'fewer deltas than text', events: [textDelta('An '), completed([MESSAGE])], means: ANSWER },
  {
    what: 'another text at its end',
    events: [textDelta('No'), completed([MESSAGE])],
    means: { failsWith: 'model_error' },
  },
  {
    what: 'a tool call of an unknown type',
    events: [completed([{ type: 'custom_tool_call', call_id: 'call_a', name: 'f', input: 'x' }])],
    body: response([{ type: 'custom_tool_call', call_id: 'call_a', name: 'f', input: 'x' }]),
    means: { failsWith: 'model_error' },
  },
  {
    what: 'a search that the provider has made itself',
    events: [completed([{ type: 'web_search_call', id: 'ws_1', status: 'completed' }, MESSAGE])],
    body: response([{ type: 'web_search_call', id: 'ws_1', status: 'completed' }, MESSAGE]),
    means: ANSWER,
  },
  {
    what: 'a tool call that its last event lacks',
    events: [added(CALL), done(CALL), completed([])],
    body: response([CALL]),
    means: ONE_CALL,
  },
  {
    what: 'a tool call whose arguments have an event of their own',
    events: [
      added(CALL),
      { type: 'response.function_call_arguments.done', output_index: 0, arguments: SUM },
      completed([]),
    ],
    means: ONE_CALL,
  },
  {
    what: 'a tool call whose arguments come only in pieces',
    events: [
      added(CALL),
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"expression":' },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_call_a', delta: '"1+1"}' },
      { type: 'response.function_call_arguments.done', item_id: 'fc_call_a' },
      completed([]),
    ],
    means: ONE_CALL,
  },
  { what: 'a tool call that never ends', events: [added(CALL), completed([])], means: { failsWith: 'model_error' } },
  {
    what: 'a tool call without arguments in its last event',
    events: [added(CALL), done(CALL), completed([callItem('call_a', '')])],
    means: ONE_CALL,
  },
  {
    what: 'another id of a tool call in its last event',
    events: [added(CALL), done(CALL), completed([callItem('call_b', SUM)])],
    means: ONE_CALL,
  },
  {
    what: 'only a commentary',
    events: [added(PLAN), textDelta('First a plan.'), done(PLAN), completed([PLAN])],
    body: response([PLAN]),
    means: { text: 'First a plan.' },
  },
  {
    what: 'a text that comes only as a whole',
    events: [added(MESSAGE), { type: 'response.output_text.done', output_index: 0, text: 'An answer.' }, completed([])],
    means: ANSWER,
  },
  {
    what: 'an empty message in its last event',
    events: [...SPOKEN_ITEM, completed([said('')])],
    means: ANSWER,
  },
  {
    what: 'two tool calls with the same id',
    events: [completed([CALL, callItem('call_a', '{"expression":"2+2"}')])],
    body: response([CALL, callItem('call_a', '{"expression":"2+2"}')]),
    means: TWO_CALLS,
  },
  {
    what: 'a tool call without an id, and with an object as arguments',
    events: [completed([{ ...callItem('', { expression: '1+1' }), call_id: null }])],
    body: response([{ ...callItem('', { expression: '1+1' }), call_id: null }]),
    means: ONE_CALL,
  },
  {
    what: 'a tool call cut at the output limit',
    events: [{ type: 'response.incomplete', response: response([callItem('call_a', '')], CUT) }],
    body: response([callItem('call_a', '')], CUT),
    means: { text: '', calls: [['calculate', '']], isTruncated: true },
  },
  {
    what: 'a commentary before the final answer',
    events: [
      added(PLAN),
      textDelta('First a plan.'),
      done(PLAN),
      added(FINAL, 1),
      textDelta('An ans', 1),
      textDelta('wer.', 1),
      done(FINAL, 1),
      completed([PLAN, FINAL]),
    ],
    body: response([PLAN, FINAL]),
    means: ANSWER,
  },
  {
    what: 'only thoughts',
    events: [completed([{ id: 'rs_1', type: 'reasoning', summary: [] }])],
    body: response([{ id: 'rs_1', type: 'reasoning', summary: [] }]),
    means: { text: '' },
  },
  { what: 'no mark at its end', events: [...SPOKEN_ITEM, completed([MESSAGE])], tail: '', means: ANSWER },
  { what: 'pings between its events', events: [{ type: 'ping' }, ...SPOKEN_ITEM, completed([MESSAGE])], means: ANSWER },
  { what: 'an end without its last event', events: SPOKEN_ITEM, tail: '', means: { failsWith: 'model_error' } },
  {
    what: 'a failure after half an answer',
    events: [textDelta('An ans'), { type: 'response.failed', response: response([], FAILED) }],
    body: response([], FAILED),
    means: { failsWith: 'model_error' },
  },
  {
    what: 'an answer that a filter stopped',
    events: [...SPOKEN_ITEM, { type: 'response.incomplete', response: response([MESSAGE], FILTERED) }],
    body: response([MESSAGE], FILTERED),
    means: { failsWith: 'content_filtered' },
  },
];

/** Answers that were seen at real providers. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...CHAT.map((each): Behaviour => Object.assign({ api: 'chat' as const }, each)),
  ...RESPONSES.map((each): Behaviour => Object.assign({ api: 'responses' as const }, each)),
];

/** The text of a stream. */
export function streamOf(events: readonly Json[], tail = 'data: [DONE]\n\n'): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') + tail;
}
