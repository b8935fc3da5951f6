import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant } from '../auth/principal.js';
import { API_V2_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { SessionDetails } from './session.details.js';
import { SessionTitles } from './session.titles.js';
import { TenantQuery } from '../http/tenant.query.js';
import { SessionDetailsV2Dto, SessionPageV2, SessionPath, SessionsQuery } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

/** The endpoints of version 2 for stored conversations. */
@ApiController('Sessions', 'sessions:read', API_V2_PREFIX)
export class SessionsV2Controller {
  constructor(
    private readonly sessions: SessionsService,
    private readonly titles: SessionTitles,
    private readonly details: SessionDetails,
  ) {}

  /**
   * List sessions
   * @remarks The session with the newest turn comes first. The title of a session is its first question, shortened.
   */
  @ApiOperation({ operationId: 'sessionsv2_list' })
  @Get('sessions')
  async list(@Query() query: SessionsQuery, @CurrentCaller() { principal }: Caller): Promise<SessionPageV2> {
    const owner = inTenant(principal, query.tenant);
    const { items, next_cursor } = await this.sessions.list(owner, query);
    return { items: await this.titles.addTo(items, owner.tenant), next_cursor };
  }

  /**
   * Read a session
   * @remarks With its title, the session that it forks, and the calls that wait for results of the caller.
   */
  @ApiOperation({ operationId: 'sessionsv2_get' })
  @Get('sessions/:session_id')
  @ApiErrors('session_not_found')
  async get(
    @Param() { session_id }: SessionPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<SessionDetailsV2Dto> {
    return await this.details.get(inTenant(principal, tenant), session_id);
  }
}
