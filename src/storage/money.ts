/** Costs are stored in whole nano-dollars (1e-9 US dollars). */
const NANO_PER_USD = 1e9;

/** Converts nano-dollars, in which sums are exact, to US dollars with at most 9 decimals. */
export function toUsd(nano: number): number {
  return Number((nano / NANO_PER_USD).toFixed(9));
}

export function toNanoUsd(usd: number): number {
  return Math.round(usd * NANO_PER_USD);
}
