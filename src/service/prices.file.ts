import { readFileSync } from 'node:fs';
import { checkedPrices, type PriceTable } from '../index.js';

/** The prices of a JSON file. @throws Error that names the file and what is wrong with it. */
export function readPrices(path: string): PriceTable {
  try {
    const table: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return checkedPrices(table);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`PRICES_FILE ${path} cannot be used: ${reason}`, { cause });
  }
}
