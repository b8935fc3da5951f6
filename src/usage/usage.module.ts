import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { BudgetReport } from './budget.report.js';
import { BudgetsController } from './budgets.controller.js';
import { Budgets } from './budgets.js';
import { BudgetsRepository } from './budgets.repository.js';
import { Prices } from './prices.js';
import { SessionQuota } from './quotas/session.quota.js';
import { StorageQuota } from './quotas/storage.quota.js';
import { TenantSizes } from './quotas/tenant.sizes.js';
import { QuotaService } from './quota.service.js';
import { TokenRateLimiter } from './token.rate-limiter.js';
import { UsageController } from './usage.controller.js';
import { UsageCompaction } from './usage.compaction.js';
import { UsageModuleOptions } from './usage.options.js';
import { UsageRepository } from './usage.repository.js';

/** Counts the use of models, and enforces budgets. */
@Module({
  providers: [
    {
      provide: Prices,
      inject: [UsageModuleOptions],
      useFactory: ({ prices }: UsageModuleOptions) => new Prices(prices),
    },
    UsageRepository,
    UsageCompaction,
    BudgetsRepository,
    BudgetReport,
    Budgets,
    TokenRateLimiter,
    TenantSizes,
    SessionQuota,
    StorageQuota,
    QuotaService,
  ],
  exports: [
    Prices,
    UsageRepository,
    UsageCompaction,
    BudgetsRepository,
    Budgets,
    TokenRateLimiter,
    StorageQuota,
    QuotaService,
  ],
})
export class UsageModule {
  /** @param features `admin`: whether the routes of operators are registered. */
  static register({ imports, http, admin }: FeatureImports & { readonly admin: boolean }): DynamicModule {
    const controllers = [...(http ? [UsageController] : []), ...(admin ? [BudgetsController] : [])];
    return { module: UsageModule, imports, controllers };
  }
}
