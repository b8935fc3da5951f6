import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { accessRefusal } from '../auth/caller.access.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
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
   * @remarks Their roles are the values of `agent_role`. A key sees only the agents that it may run.
   */
  @ApiOperation({ operationId: 'roles_list' })
  @Get('roles')
  list(@CurrentCaller() { principal }: Caller): RoleList {
    const allowed = this.agents.list().filter((agent) => accessRefusal(principal, agent) === undefined);
    return { items: allowed.map((agent) => Role.from(agent, this.model.nameFor(agent.model))) };
  }
}
