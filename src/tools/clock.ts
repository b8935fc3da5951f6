import { ToolError } from '../index.js';
import { quote } from './quote.js';

const MAX_NAME_LENGTH = 64;
const MAX_SUGGESTIONS = 5;

/** A time in a time zone. */
export interface LocalTime {
  /** ISO 8601 with the offset at that time: `2026-11-23T03:04:05+01:00`. */
  readonly time: string;
  /** The canonical IANA name: `Europe/Berlin`. */
  readonly timezone: string;
  /** The English name: `Monday`. */
  readonly weekday: string;
}

/**
 * Returns the time in a time zone, to the second.
 *
 * @param timezone an IANA name in any case, or an offset such as `+02:00`; default UTC.
 * @throws ToolError with suggestions if the time zone does not exist.
 */
export function timeIn(timezone?: string, now = new Date()): LocalTime {
  const format = formatFor(timezone?.trim() || 'UTC');
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = '', weekday = '' } = parts;
  const offset = timeZoneName.replace('GMT', '') || '+00:00';
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
  return { time, timezone: format.resolvedOptions().timeZone, weekday };
}

function formatFor(timezone: string): Intl.DateTimeFormat {
  if (timezone.length > MAX_NAME_LENGTH) throw unknown(timezone);
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
  } catch {
    throw unknown(timezone);
  }
}

function unknown(timezone: string): ToolError {
  const suggestions = similarTo(timezone).join(', ');
  const hint = suggestions
    ? `Did you mean ${suggestions}?`
    : 'Give an IANA name such as Europe/Berlin, an offset such as +02:00, or UTC.';
  return new ToolError(`The time zone ${quote(timezone)} does not exist. ${hint}`);
}

/** Finds zones whose city contains these letters: people and models write "Berlin" or "new york". */
function similarTo(timezone: string): string[] {
  const city = lettersOf(timezone.slice(0, MAX_NAME_LENGTH).split('/').at(-1) ?? '');
  if (city.length < 3) return [];
  return Intl.supportedValuesOf('timeZone')
    .filter((zone) => lettersOf(zone.split('/').at(-1) ?? '').includes(city))
    .slice(0, MAX_SUGGESTIONS);
}

function lettersOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}
