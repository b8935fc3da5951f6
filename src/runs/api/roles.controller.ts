import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { LanguageModel } from '../../models/language.model.js';
import { ReleaseResolver } from '../loop/release.resolver.js';
import { Role, RoleList } from './roles.dto.js';

/** Lists the agents of the service. */
@ApiController('Chat', 'chat')
export class RolesController {
  constructor(
    private readonly releases: ReleaseResolver,
    private readonly model: LanguageModel,
  ) {}

  /**
   * List the agents
   * @remarks Their roles are the values of `agent_role`. A key sees only the agents that it may run.
   */
  @ApiOperation({ operationId: 'roles_list' })
  @Get('roles')
  async list(@CurrentCaller() { principal }: Caller): Promise<RoleList> {
    const runnable = await this.releases.runnableBy(principal);
    return { items: runnable.map((agent) => Role.from(agent, this.model.nameFor(agent.model))) };
  }
}
