import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { SwitchesController } from './switches.controller.js';
import { Switches } from './switches.js';
import { SwitchesRepository } from './switches.repository.js';
import { SwitchesService } from './switches.service.js';

/** Stops agents, tools and tenants at run time. */
@Module({
  providers: [Switches, SwitchesRepository, SwitchesService],
  exports: [Switches, SwitchesService],
})
export class SwitchesModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: SwitchesModule, imports, controllers: http ? [SwitchesController] : [] };
  }
}
