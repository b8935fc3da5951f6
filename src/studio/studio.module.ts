import { type DynamicModule, Module } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { excludeFromGlobalPrefix } from '../http/global-prefix.exclusion.js';
import { StudioController } from './studio.controller.js';
import { StudioFiles } from './studio.files.js';
import type { StudioModuleOptions } from './studio.options.js';

/**
 * Serves Studio, the web application of Rookery, under `/studio`. Import it beside `AgentModule` with `http: true`. The
 * package does not contain the files of Studio: copy `dist/studio` of the service, and name the folder.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { AgentModule } from 'rookery';
 * import { StudioModule } from 'rookery/studio';
 *
 * \@Module({ imports: [AgentModule.forRoot({ http: true }), StudioModule.forRoot({ folder: '/srv/rookery/studio' })] })
 * export class AppModule {}
 */
@Module({})
export class StudioModule {
  constructor(config: ApplicationConfig) {
    // The page knows its assets and the API by their fixed paths.
    excludeFromGlobalPrefix(config, ['studio']);
  }

  /**
   * Serves the files of a folder.
   *
   * @throws Error if the folder does not have them.
   *
   * @example
   * import { Module } from '@nestjs/common';
   * import { StudioModule } from 'rookery/studio';
   *
   * \@Module({ imports: [StudioModule.forRoot({ folder: '/srv/rookery/studio' })] })
   * export class AppModule {}
   */
  static forRoot({ folder }: StudioModuleOptions = {}): DynamicModule {
    return {
      module: StudioModule,
      controllers: [StudioController],
      providers: [{ provide: StudioFiles, useFactory: () => new StudioFiles(folder) }],
    };
  }
}
