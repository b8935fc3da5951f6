import { Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { ReleaseResolver } from '../runs/loop/release.resolver.js';
import { Model, ModelList } from './models.dto.js';
import { OpenAIController } from './openai-api.decorator.js';
import { OpenAIErrors } from './openai-error.dto.js';
import { OpenAIRefusal } from './openai.error.js';

/** Lists the agents as models. */
@OpenAIController('Models', 'chat')
export class OpenAIModelsController {
  constructor(private readonly releases: ReleaseResolver) {}

  /**
   * List the models
   * @remarks Each agent is a model. A key sees only the agents that it may run.
   */
  @ApiOperation({ operationId: 'listModels' })
  @Get('models')
  async list(@CurrentCaller() { principal }: Caller): Promise<ModelList> {
    return { object: 'list', data: (await this.#rolesFor(principal)).map((role) => Model.of(role)) };
  }

  /** Read a model */
  @ApiOperation({ operationId: 'retrieveModel' })
  @ApiParam({ name: 'model', schema: { type: 'string', maxLength: 128 }, example: 'assistant' })
  @Get('models/:model')
  @OpenAIErrors('not_found')
  async get(@Param('model') model: string, @CurrentCaller() { principal }: Caller): Promise<Model> {
    const roles = await this.#rolesFor(principal);
    if (!roles.includes(model)) throw modelNotFound(model, roles);
    return Model.of(model);
  }

  async #rolesFor(principal: Principal): Promise<string[]> {
    return (await this.releases.runnableBy(principal)).map(({ role }) => role);
  }
}

function modelNotFound(model: string, offered: readonly string[]): OpenAIRefusal {
  const detail = `The model "${model.slice(0, 128)}" does not exist. Offered: ${offered.join(', ') || 'none'}.`;
  return new OpenAIRefusal('model_not_found', 'model', detail);
}
