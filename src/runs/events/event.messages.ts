import { isEarly, parseEarlyLine, toEarlyLine } from './early.facts.js';
import { parseStoredLine, type StoredEvent } from './run.events.js';
import { fullLine, toLine } from './stored.body.js';

/** The message of events to readers on other replicas: the number of the first one, then one per line. */
export function serializeMessage(events: readonly StoredEvent[], hasShortDeltas: boolean): string {
  const first = events.find((event) => !isEarly(event))?.sequence ?? 0;
  const lines = events.map((event) => (isEarly(event) ? toEarlyLine(event) : toLine(event, hasShortDeltas)));
  return `${first}\n${lines.join('\n')}`;
}

/** Reads such a message. */
export function parseMessage(runId: string, message: string): StoredEvent[] {
  const end = message.indexOf('\n');
  let sequence = Number(message.slice(0, end)) - 1;
  return message
    .slice(end + 1)
    .split('\n')
    .map((line) => parseEarlyLine(line) ?? parseStoredLine(++sequence, fullLine(runId, sequence, line)));
}
