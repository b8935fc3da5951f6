const NUMBER = new Intl.NumberFormat('en');
const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export function numberText(value: number): string {
  return NUMBER.format(value);
}

/** Dollars, with more digits for the small sums of a run. */
export function costText(cost: number): string {
  if (cost === 0) return '$0';
  return `$${cost < 0.01 ? cost.toPrecision(2) : cost.toFixed(cost < 1 ? 4 : 2)}`;
}

export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ${Math.round((ms % MINUTE_MS) / 1000)} s`;
  return `${Math.floor(ms / HOUR_MS)} h ${Math.round((ms % HOUR_MS) / MINUTE_MS)} min`;
}

export function timeText(iso: string): string {
  return TIME.format(new Date(iso));
}

/** `5 min ago`, or the day and the time. */
export function agoText(iso: string, now = Date.now()): string {
  const ms = now - Date.parse(iso);
  if (ms < 45_000) return 'just now';
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min ago`;
  if (ms < 24 * HOUR_MS) return `${Math.round(ms / HOUR_MS)} h ago`;
  return SHORT.format(new Date(iso));
}

/** The first characters of a long id. */
export function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 12)}…` : id;
}

/** A large number in few characters, such as `12.3k`. */
export function shortNumber(value: number): string {
  if (value < 1000) return String(Math.round(value * 100) / 100);
  if (value < 999_950) return `${(value / 1000).toFixed(value < 9950 ? 1 : 0)}k`;
  return `${(value / 1_000_000).toFixed(1)}M`;
}
