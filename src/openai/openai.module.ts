import { type DynamicModule, Module } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { OPENAI_PREFIX } from '../http/api.prefixes.js';
import { excludeFromGlobalPrefix } from '../http/global-prefix.exclusion.js';
import { OpenAIModelsController } from './models.controller.js';

/** The routes of this API. A host may have others under the same prefix. */
const ROUTES = ['models'].map((route) => `${OPENAI_PREFIX}/${route}`);

/** The OpenAI-compatible API: a translation of runs and their events. */
@Module({ controllers: [OpenAIModelsController] })
export class OpenAIModule {
  constructor(config: ApplicationConfig) {
    excludeFromGlobalPrefix(config, ROUTES);
  }

  static register(imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return { module: OpenAIModule, imports };
  }
}
