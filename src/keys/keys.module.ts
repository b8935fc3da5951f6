import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { KeysController } from './keys.controller.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

/** API keys. */
@Module({
  providers: [KeysRepository, KeysService],
  exports: [KeysService],
})
export class KeysModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: KeysModule, imports, controllers: http ? [KeysController] : [] };
  }
}
