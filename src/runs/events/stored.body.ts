import { isEarly } from './early.facts.js';
import { deltaLine, deltaOf, parseStoredLine, type StoredEvent, toStoredLine } from './run.events.js';

/** The first character of a short line: the text of a delta, as JSON. */
const QUOTE = '"';

/** The columns of the events, which share one row; undefined without events. Early facts have rows of their own. */
export function rowOf(all: readonly StoredEvent[], hasShortDeltas: boolean) {
  const events = all.some(isEarly) ? all.filter((event) => !isEarly(event)) : all;
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { sequence: first.sequence, last_sequence: last.sequence, body: serializeBody(events, hasShortDeltas) };
}

/**
 * The events as they are stored, one per line.
 *
 * @param hasShortDeltas only the texts of deltas are stored. Replicas below `SHORT_DELTAS_LEVEL` cannot read them.
 */
export function serializeBody(events: readonly StoredEvent[], hasShortDeltas: boolean): string {
  return events.map((event) => toLine(event, hasShortDeltas)).join('\n');
}

/** The same for one event. */
export function toLine(event: StoredEvent, hasShortDeltas: boolean): string {
  return (hasShortDeltas && shortLine(event)) || toStoredLine(event);
}

/** The events of a body, exactly as they were. `sequence` is the number of the first one. */
export function parseBody(runId: string, sequence: number, body: string): StoredEvent[] {
  return fullLines(runId, sequence, body).map((line, index) => parseStoredLine(sequence + index, line));
}

/** The lines of a body, each with its whole event. */
export function fullLines(runId: string, sequence: number, body: string): string[] {
  return body.split('\n').map((line, index) => fullLine(runId, sequence + index, line));
}

/** The line with its whole event. */
export function fullLine(runId: string, sequence: number, line: string): string {
  return line.startsWith(QUOTE) ? deltaLine(runId, sequence, line) : line;
}

/** Undefined for events other than deltas, and for deltas after facts. */
function shortLine(event: StoredEvent): string | undefined {
  return event.facts === undefined && event.early === undefined ? deltaOf(event) : undefined;
}
