import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
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
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: UsageModule, imports, controllers: http ? [UsageController] : [] };
  }
}
