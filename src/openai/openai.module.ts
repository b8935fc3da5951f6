import { type DynamicModule, Module } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { OPENAI_PREFIX } from '../http/api.prefixes.js';
import { excludeFromGlobalPrefix } from '../http/global-prefix.exclusion.js';
import { OpenAIModelsController } from './models.controller.js';
import { OpenAICompletionsController } from './chat/completions.controller.js';
import { CompletionsService } from './chat/completions.service.js';
import { ResponsePlace } from './responses/response.place.js';
import { ResponseStream } from './responses/response.stream.js';
import { OpenAIResponsesController } from './responses/responses.controller.js';
import { ResponsesRepository } from './responses/responses.repository.js';
import { ResponsesService } from './responses/responses.service.js';
import { RunEnds } from './run.ends.js';

/** The routes of this API. A host may have others under the same prefix. */
const ROUTES = ['models', 'chat/completions', 'responses'].map((route) => `${OPENAI_PREFIX}/${route}`);

/** The OpenAI-compatible API: a translation of runs and their events. */
@Module({
  controllers: [OpenAIModelsController, OpenAICompletionsController, OpenAIResponsesController],
  providers: [RunEnds, CompletionsService, ResponsePlace, ResponseStream, ResponsesRepository, ResponsesService],
})
export class OpenAIModule {
  constructor(config: ApplicationConfig) {
    excludeFromGlobalPrefix(config, ROUTES);
  }

  static register(imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return { module: OpenAIModule, imports };
  }
}
