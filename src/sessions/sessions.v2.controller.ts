import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant } from '../auth/principal.js';
import { API_V2_PREFIX, ApiController } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { SessionTitles } from './session.titles.js';
import { SessionPageV2, SessionsQuery } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

/** The endpoint of version 2 for stored conversations. */
@ApiController('Sessions', 'sessions:read', API_V2_PREFIX)
export class SessionsV2Controller {
  constructor(
    private readonly sessions: SessionsService,
    private readonly titles: SessionTitles,
  ) {}

  /**
   * List sessions
   * @remarks The session with the newest turn comes first. The title of a session is its first question, shortened.
   */
  @ApiOperation({ operationId: 'sessionsv2_list' })
  @Get('sessions')
  async list(@Query() query: SessionsQuery, @CurrentCaller() { principal }: Caller): Promise<SessionPageV2> {
    const owner = inTenant(principal, query.tenant);
    return await this.titles.addTo(await this.sessions.list(owner, query), owner.tenant);
  }
}
