import { deltaLine, deltaOf, parseStoredLine, type StoredEvent, toStoredLine } from './run.events.js';

/** The first character of a short line: the text of a delta, as JSON. */
const QUOTE = '"';

/** The columns of the events, which share one row; undefined without events. */
export function rowOf(events: readonly StoredEvent[], hasShortDeltas: boolean) {
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
  return events.map((event) => (hasShortDeltas && shortLine(event)) || toStoredLine(event)).join('\n');
}

/** The events of a body, exactly as they were. `sequence` is the number of the first one. */
export function parseBody(runId: string, sequence: number, body: string): StoredEvent[] {
  return fullLines(runId, sequence, body).map((line, index) => parseStoredLine(sequence + index, line));
}

/** The lines of a body, each with its whole event. */
export function fullLines(runId: string, sequence: number, body: string): string[] {
  const lines = body.split('\n');
  return lines.map((line, index) => (line.startsWith(QUOTE) ? deltaLine(runId, sequence + index, line) : line));
}

/** Undefined for events other than deltas, and for deltas with facts. */
function shortLine(event: StoredEvent): string | undefined {
  return event.facts === undefined ? deltaOf(event) : undefined;
}
