import { isNumber, isObject, isObjectOf } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import { isRunFact, type RunFact } from './run.facts.js';
import type { StoredEvent } from './run.events.js';

/**
 * A place among the events of a run and the facts that are stored between them. Such early facts take no number of the
 * events: only readers that ask for them get them.
 */
export interface EventPosition {
  /** The number of the last event; 0: none. */
  readonly sequence: number;
  /** How many early facts follow it. */
  readonly part: number;
}

/** A row of the table `early_facts`, without its run. */
interface EarlyFactRow {
  readonly sequence: number;
  readonly part: number;
  readonly last_part: number;
  readonly body: string;
}

const HEAD = '{"facts":';

/** Facts at that place. */
export function earlyFacts({ sequence, part }: EventPosition, facts: readonly RunFact[]): StoredEvent {
  return { sequence, part, type: 'facts', data: '', isFinal: false, facts };
}

/** The event, which comes after so many early facts. */
export function afterEarly(event: StoredEvent, early: number): StoredEvent {
  return early === 0 ? event : { ...event, early };
}

/** True for what `earlyFacts` returns. */
export function isEarly({ part }: StoredEvent): boolean {
  return part !== undefined;
}

export function positionOf({ sequence, part = 0 }: StoredEvent): EventPosition {
  return { sequence, part };
}

/** The rows for the early facts among events. Facts that no event separates share one. */
export function earlyRowsOf(events: readonly StoredEvent[]): readonly EarlyFactRow[] {
  if (!events.some(isEarly)) return [];
  const rows: EarlyFactRow[] = [];
  for (const { sequence, part, facts = [] } of events) {
    if (part === undefined) continue;
    const body = JSON.stringify(facts[0]);
    const last = rows.at(-1);
    if (last?.sequence !== sequence) rows.push({ sequence, part, last_part: part, body });
    else rows[rows.length - 1] = { ...last, last_part: part, body: `${last.body}\n${body}` };
  }
  return rows;
}

/** The facts of a row. Those of a newer release keep their place, and readers ignore them. */
export function earlyFactsIn({ sequence, part, body }: Omit<EarlyFactRow, 'last_part'>): StoredEvent[] {
  return body.split('\n').map((line, index) => {
    const fact = readStoredJson(line, 'early_facts.body', isObject);
    return earlyFacts({ sequence, part: part + index }, isRunFact(fact) ? [fact] : []);
  });
}

/** The facts as a line of a message to the readers. */
export function toEarlyLine({ sequence, part, facts }: StoredEvent): string {
  return `${HEAD}${JSON.stringify(facts)},"sequence":${sequence},"part":${part}}`;
}

/** Reads such a line; undefined if it is that of an event. */
export function parseEarlyLine(line: string): StoredEvent | undefined {
  if (!line.startsWith(HEAD)) return undefined;
  const { facts, ...position } = readStoredJson(line, 'a message', isEarlyLine);
  return earlyFacts(position, facts.filter(isRunFact));
}

const isEarlyLine = isObjectOf<EventPosition & { readonly facts: readonly unknown[] }>({
  sequence: isNumber,
  part: isNumber,
  facts: Array.isArray,
});

/**
 * The events that follow that place without a gap.
 *
 * @param withEarly with early facts. A gap among them is one, too. An event may count fewer than there are: releases
 *   before count none, and an attempt that was just lost may store one more.
 */
export function contiguousAfter(
  { sequence, part }: EventPosition,
  events: readonly StoredEvent[],
  withEarly: boolean,
): readonly StoredEvent[] {
  const found: StoredEvent[] = [];
  for (const event of events) {
    if (isEarly(event)) {
      if (!withEarly || !isAfter({ sequence, part }, event)) continue;
      if (event.sequence !== sequence || event.part !== part + 1) break;
      part += 1;
    } else {
      if (event.sequence <= sequence) continue;
      if (event.sequence !== sequence + 1 || (withEarly && part < (event.early ?? 0))) break;
      sequence += 1;
      part = 0;
    }
    found.push(event);
  }
  return found;
}

/** Whether the event comes after that place. */
export function isAfter({ sequence, part }: EventPosition, event: StoredEvent): boolean {
  return event.sequence > sequence || (event.sequence === sequence && (event.part ?? 0) > part);
}

/** For sorting. */
export function comparePositions(one: StoredEvent, other: StoredEvent): number {
  return one.sequence - other.sequence || (one.part ?? 0) - (other.part ?? 0);
}
