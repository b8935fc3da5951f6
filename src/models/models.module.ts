import { Module } from '@nestjs/common';
import { LanguageModel } from './language.model.js';
import { createModel, ModelsModuleOptions } from './model.factory.js';

/** The language model of the agents. */
@Module({
  providers: [{ provide: LanguageModel, inject: [ModelsModuleOptions], useFactory: createModel }],
  exports: [LanguageModel],
})
export class ModelsModule {}
