const DAY_MS = 86_400_000;

/** The periods that the page offers, in days; the month is the current one. */
export const RANGES = { month: 'This month', '7': '7 days', '30': '30 days', '90': '90 days' } as const;

export type Range = keyof typeof RANGES;

/** A period of UTC days, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly days: readonly string[];
}

export function periodOf(range: Range, now = Date.now()): Period {
  const to = dayOf(now);
  const from = range === 'month' ? `${to.slice(0, 8)}01` : dayOf(now - (Number(range) - 1) * DAY_MS);
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return { from, to, days: Array.from({ length: count }, (_, index) => dayOf(Date.parse(from) + index * DAY_MS)) };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
