import type { ModelRequest, ModelToolCall } from './language.model.js';

/** What a tool is to be given for a message, or undefined where the message does not ask for it. */
type Wish = (message: string) => object | undefined;

const TIMEZONE = /\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+\b/;
const EXPRESSION = /[-(]*\d[\d\s.()]*(?:[-+*/%^][-\s(]*\d[\d\s.()]*)+/;
const SEARCH = /^(?:search|find|look up)\s+(?:for\s+)?(?:documents\s+)?(?:for\s+|about\s+|on\s+)?(.+?)[?.!]*$/i;
const CODE = /```(?:js|javascript)?\s*([^]+?)```|^run:?\s+([^]+)$/i;

/** The plain questions that even a model without a mind can turn into a call. */
const WISHES: Readonly<Record<string, Wish>> = {
  run_javascript: (message) => {
    const [, fenced, inline] = CODE.exec(message) ?? [];
    const code = fenced ?? inline;
    return code === undefined ? undefined : { code: code.trim() };
  },
  search_documents: (message) => {
    const query = SEARCH.exec(message.trim())?.[1];
    return query === undefined ? undefined : { query };
  },
  calculate: (message) => {
    const expression = EXPRESSION.exec(message)?.[0].trim();
    return expression === undefined ? undefined : { expression };
  },
  current_time: (message) => {
    if (!/\b(?:time|date|day is it)\b/i.test(message)) return undefined;
    const timezone = TIMEZONE.exec(message)?.[0];
    return timezone === undefined ? {} : { timezone };
  },
};

/** The call that the newest message asks for, among the tools of the request. */
export function wishedCall({ tools, messages }: ModelRequest): ModelToolCall | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'user') return undefined;
  for (const { name } of tools) {
    const input = WISHES[name]?.(last.content);
    if (input) return { callId: `call_${messages.length}`, name, arguments: JSON.stringify(input) };
  }
  return undefined;
}
