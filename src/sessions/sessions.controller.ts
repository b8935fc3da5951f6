import { Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { PageQuery } from '../http/page.dto.js';
import { MessagePage, SessionDto, SessionPage, SessionPath } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

/** The door to what was said before. */
@ApiController('Sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /**
   * List sessions
   * @remarks The one with the newest turn first.
   */
  @Get('sessions')
  list(@Query() page: PageQuery, @CurrentCaller() { principal }: Caller): Promise<SessionPage> {
    return this.sessions.list(principal, page);
  }

  /**
   * Read a session
   * @remarks Its messages have a route of their own.
   */
  @Get('sessions/:session_id')
  @ApiErrors('session_not_found')
  get(@Param() { session_id }: SessionPath, @CurrentCaller() { principal }: Caller): Promise<SessionDto> {
    return this.sessions.get(principal, session_id);
  }

  /**
   * List the messages of a session
   * @remarks Newest first, within a page too.
   */
  @Get('sessions/:session_id/messages')
  @ApiErrors('session_not_found')
  messages(
    @Param() { session_id }: SessionPath,
    @Query() page: PageQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<MessagePage> {
    return this.sessions.messages(principal, session_id, page);
  }

  /**
   * Erase a session
   * @remarks With all that hangs on it; a run under way is cancelled first.
   */
  @Delete('sessions/:session_id')
  @HttpCode(204)
  @ApiErrors('session_not_found')
  erase(@Param() { session_id }: SessionPath, @CurrentCaller() { principal }: Caller): Promise<void> {
    return this.sessions.erase(principal, session_id);
  }
}
