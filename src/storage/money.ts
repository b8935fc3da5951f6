/** How costs are stored: in whole thousand-millionths of a US dollar. */
const NANO_PER_USD = 1e9;

/** To a thousand-millionth: what is added up as whole numbers has no tail of noughts and nines. */
export function toUsd(nano: number): number {
  return Number((nano / NANO_PER_USD).toFixed(9));
}

export function toNano(usd: number): number {
  return Math.round(usd * NANO_PER_USD);
}
