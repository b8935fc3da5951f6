import { Delete, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { actorOf } from '../audit/audit.record.js';
import { RequireScope } from '../auth/auth.guard.js';
import { inTenant, type Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller, CurrentAbortableCaller, type AbortableCaller } from '../http/caller.decorator.js';
import type { HttpResponse } from '../http/http.types.js';
import { sendLines } from '../http/streaming/line.stream.js';
import { TenantQuery } from '../http/tenant.query.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import { SessionPath } from '../sessions/sessions.dto.js';
import { DataErasure } from './data.erasure.js';
import { DataExport } from './data.export.js';
import { ApiExport, EndUserPath, ErasedData } from './privacy.dto.js';

/** The endpoints to export and erase the data of a session or an end user. */
@ApiController('Privacy', 'sessions:read')
export class PrivacyController {
  constructor(
    private readonly exports: DataExport,
    private readonly erasure: DataErasure,
  ) {}

  /**
   * Export a session
   * @remarks Includes its messages, its summary, and its runs with their events, steps and approvals.
   */
  @ApiOperation({ operationId: 'privacy_exportSession' })
  @Get('sessions/:session_id/export')
  @ApiExport()
  @ApiErrors('session_not_found')
  async exportSession(
    @Param() { session_id: sessionId }: SessionPath,
    @Query() { tenant }: TenantQuery,
    @CurrentAbortableCaller() { principal, ids, signal }: AbortableCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const caller = inTenant(principal, tenant);
    const subject = { tenant: caller.tenant, sessionId };
    await this.exports.requireSession(subject, caller.endUser);
    await sendLines(response, this.exports.lines(subject, actorOf(caller, ids)), signal);
  }

  /**
   * Export all data of an end user
   * @remarks Includes all sessions of the end user, and the audit entries about them. End users can export only their
   * own data. 404 if no data of the end user is stored.
   */
  @ApiOperation({ operationId: 'privacy_exportEndUser' })
  @Get('end-users/:end_user/export')
  @ApiExport()
  @ApiErrors('not_found')
  async exportEndUser(
    @Param() { end_user: endUser }: EndUserPath,
    @Query() { tenant }: TenantQuery,
    @CurrentAbortableCaller() { principal, ids, signal }: AbortableCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const caller = inTenant(principal, tenant);
    requireSelf(caller, endUser);
    const subject = { tenant: caller.tenant, endUser };
    // Before the audit: otherwise each invented name would stay in it.
    await this.exports.requireEndUser(caller.tenant, endUser);
    await sendLines(response, this.exports.lines(subject, actorOf(caller, ids)), signal);
  }

  /**
   * Erase all data of an end user
   * @remarks Runs for the end user are cancelled first. A repeat erases what is left, if anything. Audit entries stay,
   * but can no longer be linked to the end user.
   */
  @ApiOperation({ operationId: 'privacy_eraseEndUser' })
  @Delete('end-users/:end_user')
  @WithoutTimeout()
  @RequireScope('sessions:write')
  async eraseEndUser(
    @Param() { end_user: endUser }: EndUserPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<ErasedData> {
    const caller = inTenant(principal, tenant);
    requireSelf(caller, endUser);
    return await this.erasure.eraseEndUser(caller, endUser, ids);
  }
}

function requireSelf(caller: Principal, endUser: string): void {
  if (caller.endUser === undefined || caller.endUser === endUser) return;
  throw new AgentError('forbidden', { detail: 'End users can access only their own data.' });
}
