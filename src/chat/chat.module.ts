import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { ChatController } from './chat.controller.js';
import { ChatV2Controller } from './chat.v2.controller.js';

/** The chat routes. */
@Module({})
export class ChatModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: ChatModule, imports, controllers: http ? [ChatController, ChatV2Controller] : [] };
  }
}
