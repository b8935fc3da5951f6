import { styleText } from 'node:util';
import type { DestinationStream } from 'pino';
import { LogDestination } from './log.destination.js';

const LEVELS: Readonly<Record<string, { readonly label: string; readonly color: Parameters<typeof styleText>[0] }>> = {
  trace: { label: 'TRACE', color: 'gray' },
  debug: { label: 'DEBUG', color: 'gray' },
  info: { label: 'INFO ', color: 'green' },
  warn: { label: 'WARN ', color: 'yellow' },
  error: { label: 'ERROR', color: 'red' },
  fatal: { label: 'FATAL', color: 'red' },
};
/** Characters that could move the cursor or change the colors of a terminal. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A log for people: one line for each entry, then the hint and the stack if it has them. */
export function prettyDestination(): DestinationStream {
  const destination = new LogDestination();
  const areColorsShown = process.stdout.isTTY && !process.env.NO_COLOR;
  return {
    write: (line) => {
      destination.write(prettyLine(line, areColorsShown));
      destination.flush();
    },
  };
}

/** Formats a line of JSON. Text that is not a JSON object stays as it is. */
export function prettyLine(json: string, areColorsShown: boolean): string {
  const { level, time, msg, context, cause, stack, ...fields } = parsed(json) ?? { msg: json.trimEnd() };
  const paint = (color: Parameters<typeof styleText>[0], text: string): string =>
    areColorsShown ? styleText(color, text, { validateStream: false }) : text;
  const { label, color } = LEVELS[String(level)] ?? { label: 'INFO ', color: 'green' };
  const clock = typeof time === 'string' ? `${time.slice('yyyy-mm-ddT'.length, -1)} ` : '';
  const origin = typeof context === 'string' ? `${safe(context)}: ` : '';
  const { reasons, hints, stacks } = causeParts(cause);
  const pairs = [...Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`), ...reasons].join(' ');
  const head = `${paint('gray', clock)}${paint(color, label)} ${origin}${safe(typeof msg === 'string' ? msg : '')}  ${paint('gray', pairs)}`;
  const stackLines = [...stacks, ...(typeof stack === 'string' ? [stack] : [])].flatMap((text) => text.split('\n'));
  const lines = [
    head.trimEnd(),
    ...hints.map((hint) => `  ${paint('yellow', `→ ${safe(hint)}`)}`),
    ...stackLines.map((text) => paint('gray', `    ${safe(text.trim())}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A cause as text: what happened, what to do, and where. */
function causeParts(cause: unknown): { reasons: string[]; hints: string[]; stacks: string[] } {
  if (!isFields(cause)) return { reasons: cause === undefined ? [] : [`cause=${shown(cause)}`], hints: [], stacks: [] };
  const { hint, stack, ...rest } = cause;
  return {
    reasons: Object.keys(rest).length === 0 ? [] : [`cause=${shown(rest)}`],
    hints: typeof hint === 'string' ? [hint] : [],
    stacks: typeof stack === 'string' ? [stack] : [],
  };
}

function shown(value: unknown): string {
  const isBare = typeof value === 'string' && /^[^\s"=]+$/.test(value);
  return safe(isBare ? value : JSON.stringify(value));
}

function safe(text: string): string {
  return text.replace(CONTROLS, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[^\\].*/, '?'),
  );
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
