import { lengthFault, sizeFault } from '../../agents/schemas/schema.size.js';
import { isObject } from '../../json/json.object.js';
import type { RunRequest } from '../events/run.events.js';
import { inputOf } from '../run.input.js';
import type { CallerTool } from './caller.tools.js';
import type { TranscriptMessage } from './transcript.messages.js';

export const MAX_TOOLS = 64;
export const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;
export const MAX_MESSAGES = 1000;
export const MAX_RESULTS = 128;
/** OpenAI allows 64, other providers make longer ones. */
export const MAX_CALL_ID = 512;
const MAX_DESCRIPTION = 8192;
/** Characters of all messages, results and schemas of a request, each. */
const MAX_CHARACTERS = 1_000_000;
const UNSUPPORTED_KEYWORDS = ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$async'];

/** The field of a request that is invalid, and why. */
export interface RequestFault {
  readonly field: string;
  readonly message: string;
}

/** Returns the first fault in the tools, results and messages of a request; undefined if they are valid. */
export function inputFaultOf(request: RunRequest): RequestFault | undefined {
  const { tools = [], tool_results: results = [], messages = [], message = '' } = request;
  if (message === '' && results.length === 0 && messages.length === 0 && request.abandon_calls !== true) {
    return { field: 'message', message: 'message must not be empty' };
  }
  return toolsFault(tools) ?? resultsFault(results) ?? messagesFault(request);
}

function toolsFault(tools: readonly CallerTool[]): RequestFault | undefined {
  const field = 'tools';
  if (tools.length > MAX_TOOLS) return { field, message: `tools must not have more than ${MAX_TOOLS} items` };
  const names = new Set<string>();
  let characters = 0;
  for (const [index, { name, description = '', parameters }] of tools.entries()) {
    const at = `tools[${index}]`;
    if (!TOOL_NAME.test(name)) return { field, message: `${at}.name must be 1–64 of A–Z a–z 0–9 _ -` };
    if (names.has(name)) return { field, message: `${at}.name repeats the name "${name}"` };
    names.add(name);
    if (description.length > MAX_DESCRIPTION) {
      return { field, message: `${at}.description must not have more than ${MAX_DESCRIPTION} characters` };
    }
    const fault = parametersFault(parameters);
    if (fault !== undefined) return { field, message: `${at}.parameters ${fault}` };
    characters += parameters === undefined ? 0 : JSON.stringify(parameters).length;
  }
  return characters > MAX_CHARACTERS
    ? { field, message: `tools must not have more than ${MAX_CHARACTERS} characters of schemas` }
    : undefined;
}

function parametersFault(parameters: object | undefined): string | undefined {
  if (parameters === undefined) return undefined;
  if (!isObject(parameters) || parameters.type !== 'object') return 'must be a JSON Schema of the type object';
  const used = UNSUPPORTED_KEYWORDS.find((keyword) => keyword in parameters);
  if (used !== undefined) return `must not use ${used}`;
  try {
    const tooLarge = lengthFault(JSON.stringify(parameters)) ?? sizeFault(parameters);
    return tooLarge === undefined ? undefined : 'are too large: use fewer or smaller parts';
  } catch {
    return 'cannot be written as JSON';
  }
}

function resultsFault(results: NonNullable<RunRequest['tool_results']>): RequestFault | undefined {
  const field = 'tool_results';
  if (results.length > MAX_RESULTS)
    return { field, message: `tool_results must not have more than ${MAX_RESULTS} items` };
  const ids = new Set<string>();
  for (const [index, { call_id: id, output, error }] of results.entries()) {
    const at = `tool_results[${index}]`;
    if (id === '' || id.length > MAX_CALL_ID)
      return { field, message: `${at}.call_id must have 1 to ${MAX_CALL_ID} characters` };
    if (ids.has(id)) return { field, message: `${at}.call_id repeats "${id}"` };
    ids.add(id);
    if ((output === undefined) === (error === undefined))
      return { field, message: `${at} must have either output or error` };
  }
  const characters = results.reduce((sum, { output = '', error = '' }) => sum + output.length + error.length, 0);
  return characters > MAX_CHARACTERS
    ? { field, message: `tool_results must not have more than ${MAX_CHARACTERS} characters` }
    : undefined;
}

function messagesFault({ messages, message = '', tool_results = [] }: RunRequest): RequestFault | undefined {
  const field = 'messages';
  if (messages === undefined) return undefined;
  if (messages.length === 0 || messages.length > MAX_MESSAGES) {
    return { field, message: `messages must have 1 to ${MAX_MESSAGES} items` };
  }
  const characters = messages.reduce((sum, each) => sum + lengthOf(each), 0);
  if (characters > MAX_CHARACTERS) {
    return { field, message: `messages must not have more than ${MAX_CHARACTERS} characters` };
  }
  if (messages.at(-1)?.role === 'assistant' && message === '') {
    return { field, message: 'messages must not end with the role assistant' };
  }
  if (messages[0]?.role === 'tool' && tool_results.length > 0) {
    return { field, message: 'messages must not begin with results if tool_results has some' };
  }
  return pairsFault(messages);
}

/** Results at the beginning answer open calls of the session. Each later one answers a call before it. */
function pairsFault(messages: readonly TranscriptMessage[]): RequestFault | undefined {
  const field = 'messages';
  const first = messages.findIndex(({ role }) => role !== 'tool');
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (first === -1 || index < first) continue;
    if (message.role === 'tool') {
      if (open.delete(message.call_id)) continue;
      return { field, message: `messages[${index}].call_id is not the id of a call before it: "${message.call_id}"` };
    }
    const [unanswered] = open;
    if (unanswered !== undefined) {
      return { field, message: `messages[${index}] must be the result of the call "${unanswered}"` };
    }
    if (message.role === 'assistant') open = new Set((message.tool_calls ?? []).map(({ call_id }) => call_id));
  }
  const [unanswered] = open;
  return unanswered === undefined
    ? undefined
    : { field, message: `messages lacks the result of the call "${unanswered}"` };
}

function lengthOf(message: TranscriptMessage): number {
  switch (message.role) {
    case 'tool':
      return message.output.length;
    case 'assistant': {
      const calls = (message.tool_calls ?? []).reduce((sum, call) => sum + call.arguments.length, 0);
      const reasoning = message.reasoning === undefined ? 0 : JSON.stringify(message.reasoning).length;
      return (message.content?.length ?? 0) + calls + reasoning;
    }
    default:
      return inputOf(message.content).message.length;
  }
}
