import { readFileSync } from 'node:fs';
import { checkedPrices, type PriceTable } from '../../index.js';

/** Reads prices from a JSON file. @throws Error with the path and the fault if the file is invalid. */
export function readPrices(path: string): PriceTable {
  try {
    const table: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return checkedPrices(table);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`PRICES_FILE ${path} cannot be used: ${reason}`, { cause });
  }
}
