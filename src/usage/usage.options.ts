import type { PriceTable } from './prices.js';

/** The options of the usage module. */
export abstract class UsageModuleOptions {
  abstract readonly prices: PriceTable;
  abstract readonly tenantTokensPerMonth: number | undefined;
  /** In US dollars. */
  abstract readonly tenantCostPerMonth: number | undefined;
  /** 0: no limit. */
  abstract readonly maxSessionsPerTenant: number;
  /** In units of 1,000,000 bytes; 0: no limit. */
  abstract readonly maxStorageMbPerTenant: number;
}
