import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { OPENAI_PREFIX } from '../http/api.prefixes.js';
import { excludeFromGlobalPrefix } from '../http/global-prefix.exclusion.js';
import { WebSocketUpgrade } from '../http/sockets/websocket.upgrade.js';
import { OfferedModels } from './offered.models.js';
import { OpenAIModelsController } from './models.controller.js';
import { OpenAICompletionsController } from './chat/completions.controller.js';
import { CompletionsService } from './chat/completions.service.js';
import { OpenAIReplies } from './openai.replies.js';
import { ReasoningSeal } from './responses/reasoning.seal.js';
import { ResponseFinder } from './responses/response.finder.js';
import { ResponsePlace } from './responses/response.place.js';
import { ResponsePreparation } from './responses/response.preparation.js';
import { ResponseStarter } from './responses/response.starter.js';
import { ResponseStream } from './responses/response.stream.js';
import { OpenAIResponsesController } from './responses/responses.controller.js';
import { ResponsesRepository } from './responses/responses.repository.js';
import { ResponsesService } from './responses/responses.service.js';
import { CompactionController } from './compaction/compaction.controller.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { ConversationsRepository } from './conversations/conversations.repository.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { CompactionService } from './compaction/compaction.service.js';
import { RunEnds } from './run.ends.js';
import { ResponsesSocketController } from './socket/responses.socket.controller.js';
import { SocketResponses } from './socket/socket.responses.js';

/** The routes of this API. A host may have others under the same prefix. */
const ROUTES = ['models', 'chat/completions', 'responses', 'conversations'].map((route) => `${OPENAI_PREFIX}/${route}`);

/** The OpenAI-compatible API: a translation of runs and their events. */
@Module({
  controllers: [
    OpenAIModelsController,
    OpenAICompletionsController,
    CompactionController,
    OpenAIResponsesController,
    ConversationsController,
  ],
  providers: [
    OfferedModels,
    RunEnds,
    OpenAIReplies,
    CompletionsService,
    ResponseFinder,
    ResponsePlace,
    ResponsePreparation,
    ResponseStarter,
    ResponseStream,
    ReasoningSeal,
    ResponsesRepository,
    ResponsesService,
    CompactionService,
    ConversationsRepository,
    ConversationsService,
    SocketResponses,
  ],
})
export class OpenAIModule {
  constructor(config: ApplicationConfig) {
    excludeFromGlobalPrefix(config, ROUTES);
  }

  /** @param webSocket the gateway of the WebSocket, if the API has one. */
  static register(imports: NonNullable<DynamicModule['imports']>, webSocket?: Type<object>): DynamicModule {
    if (webSocket === undefined) return { module: OpenAIModule, imports };
    const controllers = [ResponsesSocketController];
    return { module: OpenAIModule, imports, controllers, providers: [WebSocketUpgrade, webSocket] };
  }
}
