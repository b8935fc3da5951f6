import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api.decorator.js';
import { LanguageModel } from '../models/language.model.js';
import { AgentRegistry } from './agent.registry.js';
import { Role, RoleList } from './roles.dto.js';

/** Lists the agents of the service. */
@ApiController('Chat', 'chat')
export class RolesController {
  constructor(
    private readonly agents: AgentRegistry,
    private readonly model: LanguageModel,
  ) {}

  /**
   * List the agents
   * @remarks Their roles are the values of `agent_role`.
   */
  @ApiOperation({ operationId: 'roles_list' })
  @Get('roles')
  list(): RoleList {
    return { items: this.agents.list().map((agent) => Role.from(agent, this.model.nameFor(agent.model))) };
  }
}
