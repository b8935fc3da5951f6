import { Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { Model, ModelList } from './models.dto.js';
import { OpenAIController } from './openai-api.decorator.js';
import { OpenAIErrors } from './openai-error.dto.js';
import { OfferedModels } from './offered.models.js';

/** Lists the agents as models. */
@OpenAIController('Models', 'chat')
export class OpenAIModelsController {
  constructor(private readonly models: OfferedModels) {}

  /**
   * List the models
   * @remarks Each agent is a model. A key sees only the agents that it may run.
   */
  @ApiOperation({ operationId: 'listModels' })
  @Get('models')
  async list(@CurrentCaller() { principal }: Caller): Promise<ModelList> {
    return { object: 'list', data: (await this.models.list(principal)).map((role) => Model.of(role)) };
  }

  /** Read a model */
  @ApiOperation({ operationId: 'retrieveModel' })
  @ApiParam({ name: 'model', schema: { type: 'string', maxLength: 128 }, example: 'assistant' })
  @Get('models/:model')
  @OpenAIErrors('not_found')
  async get(@Param('model') model: string, @CurrentCaller() { principal }: Caller): Promise<Model> {
    await this.models.require(model, principal);
    return Model.of(model);
  }
}
