import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { MessagesRepository } from './messages.repository.js';
import { SessionDetails } from './session.details.js';
import { SessionForks } from './session.forks.js';
import { SessionTitles } from './session.titles.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SessionsV2Controller } from './sessions.v2.controller.js';
import { SummariesRepository } from './summaries.repository.js';

/** Conversations and their history. */
@Module({
  providers: [
    SessionsRepository,
    MessagesRepository,
    SessionForks,
    SummariesRepository,
    SessionsService,
    SessionTitles,
    SessionDetails,
  ],
  exports: [SessionsRepository, MessagesRepository, SummariesRepository, SessionsService],
})
export class SessionsModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: SessionsModule, imports, controllers: http ? [SessionsController, SessionsV2Controller] : [] };
  }
}
