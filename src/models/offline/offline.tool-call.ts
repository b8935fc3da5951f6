import type { ModelRequest, ModelTool, ModelToolCall } from '../language.model.js';
import { sampleValue } from './offline.shape.js';

/** The input of a tool for a message; undefined if the message does not request the tool. */
type ToolCallMatcher = (message: string) => object | undefined;

// Messages are untrusted, so each pattern here takes linear time: it reads a character at most a few times.
const TIMEZONE = /\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+\b/;
/** A number with its signs and parentheses. The lookbehind avoids a match attempt at each sign of a row. */
const TERM = /(?<![-(])[-(]*\d[\d\s.()]*/g;
const MORE_TERMS = /(?:[-+*/%^][-\s(]*\d[\d\s.()]*)+/y;
const SEARCH = /^(?:search|find|look up)\s+(?:for\s+)?(?:documents\s+)?(?:for\s+|about\s+|on\s+)?/i;
const MARKS = '?.!';
const RUN = /^run:?\s/i;
const FENCE = '```';
const LANGUAGE = /^(?:javascript|js)?/i;

/** Simple requests that the offline model can turn into a tool call. */
const MATCHERS: Readonly<Record<string, ToolCallMatcher>> = {
  run_javascript: argument('code', codeIn),
  search_documents: argument('query', queryIn),
  calculate: argument('expression', expressionIn),
  current_time: (message) => {
    if (!/\b(?:time|date|day is it)\b/i.test(message)) return undefined;
    const timezone = TIMEZONE.exec(message)?.[0];
    return timezone === undefined ? {} : { timezone };
  },
};

/**
 * The call that the newest message asks for. It is of a tool that the model knows. Otherwise it is of the only
 * tool whose name or description shares a word with the message. A call that the request requires is made in any case.
 */
export function matchToolCall({ tools, messages, toolChoice }: ModelRequest): ModelToolCall | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'user' || toolChoice === 'none') return undefined;
  const callId = `call_${messages.length}`;
  for (const { name } of tools) {
    const input = MATCHERS[name]?.(last.content);
    if (input) return { callId, name, arguments: JSON.stringify(input) };
  }
  const words = new Set(wordsOf(last.content));
  const fitting = tools.filter((tool) => !(tool.name in MATCHERS) && isAbout(tool, words));
  const forced = toolChoice === undefined ? undefined : tools[0];
  const tool = fitting.length === 1 ? fitting[0] : forced;
  if (tool === undefined) return undefined;
  return { callId, name: tool.name, arguments: JSON.stringify(sampleValue(tool.parameters) ?? {}) };
}

/** Tools with which agents reach others. They are called only if they must be. */
const DELEGATION = /^(?:ask|transfer_to)_/;

function isAbout({ name, description }: ModelTool, words: ReadonlySet<string>): boolean {
  if (DELEGATION.test(name)) return false;
  return wordsOf(`${name} ${description}`).some((word) => words.has(word));
}

/** Words of four letters or more, in lower case, without those that every description has. */
function wordsOf(text: string): readonly string[] {
  const words =
    text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]{4,64}/g) ?? [];
  return words.filter((word) => !COMMON_WORDS.has(word));
}

const COMMON_WORDS = new Set(
  'about been call calls does for from have into named only that the their them then there this tool tools user what when where which will with your'.split(
    ' ',
  ),
);

/** Matches messages in which `find` finds the argument of that name. */
function argument(name: string, find: (message: string) => string | undefined): ToolCallMatcher {
  return (message) => {
    const value = find(message);
    return value === undefined ? undefined : { [name]: value };
  };
}

/** The code after `run`, or in the first fence. */
function codeIn(message: string): string | undefined {
  const run = RUN.exec(message);
  if (run) return message.slice(run[0].length).trim() || undefined;
  const [, fenced, after] = message.split(FENCE, 3);
  return after === undefined ? undefined : fenced?.replace(LANGUAGE, '').trim() || undefined;
}

/** The search query, in one line, without punctuation at its end. */
function queryIn(message: string): string | undefined {
  const text = message.trim();
  const head = SEARCH.exec(text)?.[0];
  const query = head === undefined ? '' : text.slice(head.length);
  // A dot in a pattern does not match the end of a line.
  if (!/^.+$/.test(query)) return undefined;
  let end = query.length;
  while (end > 1 && MARKS.includes(query.charAt(end - 1))) end--;
  return query.slice(0, end);
}

/** The first expression: a number followed by operators and numbers. */
function expressionIn(message: string): string | undefined {
  for (const { 0: term, index } of message.matchAll(TERM)) {
    MORE_TERMS.lastIndex = index + term.length;
    const more = MORE_TERMS.exec(message);
    if (more) return (term + more[0]).trim();
  }
  return undefined;
}
