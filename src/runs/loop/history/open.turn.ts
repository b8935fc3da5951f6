import { cutToTokens, estimateTokens } from '../../../models/token.estimate.js';
import type { MessageRow, Turn } from '../../../sessions/message.row.js';
import { DEVELOPER, LEFT_OUT } from '../transcript.js';

const LEFT_OUT_TOKENS = estimateTokens(LEFT_OUT);

/**
 * A turn whose calls wait for results of the caller: all of it if it fits. Otherwise the beginnings of its first message and of
 * its newest question, and its newest steps. Models refuse calls without results, so a step is an answer with the results of
 * its calls. The newest one is always there, and its results are cut.
 *
 * @param rows its messages, newest first.
 */
export async function readOpenTurn(rows: AsyncIterable<MessageRow>, tokens: number): Promise<Turn> {
  const steps: MessageRow[][] = [];
  let step: MessageRow[] = [];
  let left = tokens;
  let question: MessageRow | undefined;
  let first: MessageRow | undefined;
  for await (const row of rows) {
    first = row;
    if (row.role === 'user' && row.tool !== DEVELOPER) question ??= row;
    if (left < 0) continue;
    step.unshift(row);
    if (row.role === 'tool') continue;
    left -= sizeOf(step);
    if (left >= 0 || steps.length === 0) steps.unshift(step);
    step = [];
  }
  if (left >= 0) return steps.flat();
  const ends = [...new Set([first, question])].flatMap((row) =>
    row === undefined || row.role === 'tool' ? [] : [row],
  );
  return cutTurn(
    ends.map((row) => shortened(row, Math.floor(tokens / 4))),
    steps,
    tokens,
  );
}

/** The text of a message without calls and images, up to that many tokens. */
export function shortened(row: MessageRow, tokens: number): MessageRow {
  const content = cutToTokens(row.content, tokens);
  return {
    ...row,
    content,
    parts: null,
    tool_calls: null,
    provider_data: null,
    reasoning: null,
    tokens: estimateTokens(content),
  };
}

/** The messages before the steps, then the newest steps that fit beside them. */
function cutTurn(before: readonly MessageRow[], steps: readonly (readonly MessageRow[])[], tokens: number): Turn {
  let left = tokens - sizeOf(before);
  const tooMuch = steps.findLastIndex((step) => (left -= sizeOf(step)) < 0);
  const shown = steps.slice(Math.min(tooMuch + 1, steps.length - 1)).flat();
  const begin = shown[0]?.position ?? 0;
  const whole = tooMuch === steps.length - 1 ? cutResults(shown, tokens - sizeOf(before)) : shown;
  return [...before.filter(({ position }) => position < begin), ...whole];
}

/** Cuts the results of a step, each to the same length. */
function cutResults(step: Turn, tokens: number): Turn {
  const results = step.filter(({ role }) => role === 'tool');
  const left = tokens - sizeOf(step) + sizeOf(results);
  const longest = Math.max(0, Math.floor(left / Math.max(1, results.length)) - LEFT_OUT_TOKENS);
  return step.map((row) => {
    if (row.role !== 'tool' || row.tokens <= longest + LEFT_OUT_TOKENS) return row;
    const content = cutToTokens(row.content, longest) + LEFT_OUT;
    return { ...row, content, tokens: longest + LEFT_OUT_TOKENS };
  });
}

function sizeOf(rows: Turn): number {
  return rows.reduce((sum, { tokens }) => sum + tokens, 0);
}
