import { Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { RequireScope } from '../auth/auth.guard.js';
import { inTenant } from '../auth/principal.js';
import { ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { PageQuery } from '../http/page.dto.js';
import { TenantQuery } from '../http/tenant.query.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import { EndUserQuery, MessagePage, SessionDto, SessionPage, SessionPath, SessionsQuery } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

/** The endpoints of stored conversations. */
@ApiController('Sessions', 'sessions:read')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /**
   * List sessions
   * @remarks The session with the newest turn comes first.
   */
  @ApiOperation({ operationId: 'sessions_list' })
  @Get('sessions')
  async list(@Query() query: SessionsQuery, @CurrentCaller() { principal }: Caller): Promise<SessionPage> {
    return await this.sessions.list(inTenant(principal, query.tenant), query);
  }

  /**
   * Read a session
   * @remarks Its messages have their own route.
   */
  @ApiOperation({ operationId: 'sessions_get' })
  @Get('sessions/:session_id')
  @ApiErrors('session_not_found')
  async get(
    @Param() { session_id }: SessionPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<SessionDto> {
    return await this.sessions.get(inTenant(principal, tenant), session_id);
  }

  /**
   * List the messages of a session
   * @remarks Newest first, within a page too.
   */
  @ApiOperation({ operationId: 'sessions_messages' })
  @Get('sessions/:session_id/messages')
  @ApiErrors('session_not_found')
  async messages(
    @Param() { session_id }: SessionPath,
    @Query() page: PageQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<MessagePage> {
    return await this.sessions.messages(inTenant(principal, page.tenant), session_id, page);
  }

  /**
   * Erase a session
   * @remarks Also erases its messages, runs and all other data. A running run is cancelled first.
   */
  @ApiOperation({ operationId: 'sessions_erase' })
  @Delete('sessions/:session_id')
  @WithoutTimeout()
  @HttpCode(204)
  @RequireScope('sessions:write')
  @ApiErrors('session_not_found')
  async erase(
    @Param() { session_id }: SessionPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<void> {
    await this.sessions.erase(inTenant(principal, tenant), session_id, ids);
  }

  /**
   * Erase all sessions of an end user
   * @remarks Also erases all other data of these sessions. Runs for the end user are cancelled first. 204 also if the
   * end user has no sessions.
   */
  @ApiOperation({ operationId: 'sessions_eraseOf' })
  @Delete('sessions')
  @WithoutTimeout()
  @HttpCode(204)
  @RequireScope('sessions:write')
  async eraseOf(
    @Query() { tenant, end_user }: EndUserQuery,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<void> {
    await this.sessions.eraseEndUser(inTenant(principal, tenant), end_user, ids);
  }
}
