import { Get, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ADMIN_PREFIX, ApiController } from '../http/api.decorator.js';
import { CurrentAbortableCaller, type AbortableCaller } from '../http/caller.decorator.js';
import type { HttpResponse } from '../http/http.types.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import { NDJSON, sendLines } from '../http/streaming/line.stream.js';
import { StreamGuard } from '../http/streaming/stream.guard.js';
import { AuditEntryDto, AuditPage, AuditQuery, ChainQuery } from './audit.dto.js';
import { actorOf } from './audit.record.js';
import { AuditService } from './audit.service.js';

/** Audit routes for the operator. */
@ApiController('Audit', 'admin', ADMIN_PREFIX)
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /**
   * List audit entries
   * @remarks Returns the actions on keys, sessions and approvals, and all exports and erasures, newest first.
   * Covers all tenants unless `tenant` is set.
   */
  @ApiOperation({ operationId: 'audit_list' })
  @Get('audit')
  list(@Query() { from, to, end_user: endUser, ...query }: AuditQuery): Promise<AuditPage> {
    return this.audit.list({ ...query, endUser, from: epochMs(from), to: epochMs(to) });
  }

  /**
   * Export the audit chain
   * @remarks Returns every entry of all tenants, oldest first, one per line. `npm run audit -- verify FILE` checks that
   * the chain is complete and unchanged.
   */
  @ApiOperation({ operationId: 'audit_export' })
  @Get('audit/export')
  @WithoutTimeout()
  @UseGuards(StreamGuard)
  @ApiExtraModels(AuditEntryDto)
  @ApiResponse({
    status: 200,
    description: 'One entry per line.',
    content: { [NDJSON]: { schema: { $ref: getSchemaPath(AuditEntryDto) } } },
  })
  async export(
    @Query() { after }: ChainQuery,
    @CurrentAbortableCaller() { principal, ids, signal }: AbortableCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const actor = actorOf(principal, ids);
    await this.audit.append({
      action: 'audit.exported',
      tenant: principal.tenant,
      actor,
      target: 'audit',
      details: { after },
    });
    await sendLines(response, this.audit.entries(after), signal);
  }
}

function epochMs(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
