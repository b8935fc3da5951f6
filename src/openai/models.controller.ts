import { Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import type { AgentDefinition } from '../agents/agent.definition.js';
import { AgentRegistry } from '../agents/agent.registry.js';
import { accessRefusal } from '../auth/caller.access.js';
import type { Principal } from '../auth/principal.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { Model, ModelList } from './models.dto.js';
import { OpenAIController } from './openai-api.decorator.js';
import { OpenAIErrors } from './openai-error.dto.js';
import { OpenAIRefusal } from './openai.error.js';

/** Lists the agents as models. */
@OpenAIController('Models', 'chat')
export class OpenAIModelsController {
  constructor(private readonly agents: AgentRegistry) {}

  /**
   * List the models
   * @remarks Each agent is a model. A key sees only the agents that it may run.
   */
  @ApiOperation({ operationId: 'listModels' })
  @Get('models')
  list(@CurrentCaller() { principal }: Caller): ModelList {
    return { object: 'list', data: this.#allowed(principal).map(({ role }) => Model.of(role)) };
  }

  /** Read a model */
  @ApiOperation({ operationId: 'retrieveModel' })
  @ApiParam({ name: 'model', schema: { type: 'string', maxLength: 128 }, example: 'assistant' })
  @Get('models/:model')
  @OpenAIErrors('not_found')
  get(@Param('model') model: string, @CurrentCaller() { principal }: Caller): Model {
    const roles = this.#allowed(principal).map(({ role }) => role);
    if (!roles.includes(model)) throw modelNotFound(model, roles);
    return Model.of(model);
  }

  #allowed(principal: Principal): AgentDefinition[] {
    return this.agents.list().filter((agent) => accessRefusal(principal, agent) === undefined);
  }
}

function modelNotFound(model: string, offered: readonly string[]): OpenAIRefusal {
  const detail = `The model "${model.slice(0, 128)}" does not exist. Offered: ${offered.join(', ') || 'none'}.`;
  return new OpenAIRefusal('model_not_found', 'model', detail);
}
