/** Markers around each hit. Indexed text never contains these control characters. */
export const HIT_START = '\u0001';
export const HIT_END = '\u0002';

const MAX_SNIPPET_LENGTH = 800;
/** Characters shown before the first hit. */
const LEAD = 120;
const ELLIPSIS = '…';

/** Returns the part of a marked text with the most hits: at most 800 characters, cut between words. */
export function snippetOf(marked: string): string {
  const { text, hits } = unmark(marked);
  if (text.length <= MAX_SNIPPET_LENGTH) return text;
  const maxLength = MAX_SNIPPET_LENGTH - 2 * ELLIPSIS.length;
  const start = Math.min(bestStart(text, hits, maxLength), text.length - maxLength);
  const from = start <= 0 ? 0 : wordStart(text, start);
  const to = Math.min(from + maxLength, text.length);
  const end = to === text.length ? to : wordEnd(text, to);
  return `${from > 0 ? ELLIPSIS : ''}${text.slice(from, end).toWellFormed().trim()}${end < text.length ? ELLIPSIS : ''}`;
}

function unmark(marked: string): { text: string; hits: number[] } {
  const [before = '', ...pieces] = marked.replaceAll(HIT_END, '').split(HIT_START);
  const hits: number[] = [];
  let text = before;
  for (const piece of pieces) {
    hits.push(text.length);
    text += piece;
  }
  return { text, hits };
}

/** Returns the start of the window with the most hits. */
function bestStart(text: string, hits: readonly number[], maxLength: number): number {
  let best = { count: 0, start: 0 };
  let first = 0;
  for (const [last, hit] of hits.entries()) {
    while ((hits[first] ?? hit) < hit - (maxLength - LEAD)) first += 1;
    const count = last - first + 1;
    if (count > best.count) best = { count, start: (hits[first] ?? hit) - LEAD };
  }
  return Math.min(Math.max(best.start, 0), text.length);
}

function wordStart(text: string, from: number): number {
  const space = text.slice(from, from + 40).search(/\s/);
  return space === -1 ? from : from + space + 1;
}

function wordEnd(text: string, to: number): number {
  const end = text.slice(to - 40, to + 1).search(/\s\S*$/);
  return end === -1 ? to : to - 40 + end;
}
