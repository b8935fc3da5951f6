import type { PriceTable } from './prices.js';

/** The options of the usage module. */
export abstract class UsageModuleOptions {
  abstract readonly prices: PriceTable;
  abstract readonly tenantTokensPerMonth: number | undefined;
  /** In US dollars. */
  abstract readonly tenantCostPerMonth: number | undefined;
}
