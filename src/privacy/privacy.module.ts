import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { DataErasure } from './data.erasure.js';
import { DataExport } from './data.export.js';
import { PrivacyController } from './privacy.controller.js';
import { TenantsController } from './tenants.controller.js';

/** Exports and erases the data of end users and tenants. */
@Module({
  providers: [DataExport, DataErasure],
})
export class PrivacyModule {
  /** @param features `admin`: whether the routes of tenants are registered. */
  static register({ imports, http, admin }: FeatureImports & { readonly admin: boolean }): DynamicModule {
    const controllers = [...(http ? [PrivacyController] : []), ...(admin ? [TenantsController] : [])];
    return { module: PrivacyModule, imports, controllers };
  }
}
