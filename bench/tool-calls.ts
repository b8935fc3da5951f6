import type { WiredCall } from './wire.ts';

/** The simulated model answers a message that contains this with tool calls first. */
export const MARKER = 'three tools';

/** Tools of the assistant and their expected results. */
export const TOOL_CALLS: readonly WiredCall[] = [
  { tool: 'calculate', arguments: { expression: '1234.5 * 8' }, result: /^9876$/ },
  { tool: 'calculate', arguments: { expression: '(3 + 4) ^ 4' }, result: /^2401$/ },
  { tool: 'current_time', arguments: { timezone: null }, result: /^\{.*"UTC".*\}$/ },
];

interface Result {
  tool_call_id?: string;
  call_id?: string;
  content?: string;
  output?: string;
}

/** Returns whether the request is the turn before the tool calls. */
export function isFirstTurn(body: Buffer): boolean {
  return body.includes(MARKER) && !body.includes('"call_0"');
}

/** Returns the fault in the tool results of a request of either API. */
export function faultOfResults(body: Buffer): string | undefined {
  const { messages, input = [] }: { messages?: Result[]; input?: Result[] } = JSON.parse(body.toString());
  const results = (messages ?? input).filter(({ tool_call_id, output }) => tool_call_id ?? output);
  const texts = results.map(({ content, output }) => content ?? output ?? '');
  const isSound = TOOL_CALLS.every(({ result }, index) => result.test(texts[index] ?? ''));
  return isSound && texts.length === TOOL_CALLS.length ? undefined : `wrong results of the tools: ${texts.join(' | ')}`;
}
