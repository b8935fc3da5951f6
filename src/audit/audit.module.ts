import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';

/** The audit log. */
@Module({
  providers: [AuditService],
  exports: [AuditService],
})
export class AuditModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: AuditModule, imports, controllers: http ? [AuditController] : [] };
  }
}
