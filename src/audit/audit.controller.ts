import { Get, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ADMIN_PREFIX, ApiController } from '../http/api.decorator.js';
import { Waiting, type WaitingCaller } from '../http/caller.decorator.js';
import type { HttpResponse } from '../http/http.exchange.js';
import { NDJSON, sendLines } from '../http/line.stream.js';
import { AuditEntryDto, AuditPage, AuditQuery, ChainQuery } from './audit.dto.js';
import { actorOf } from './audit.record.js';
import { AuditService } from './audit.service.js';

/** The operator's door to what was done. */
@ApiController('Audit', 'admin', ADMIN_PREFIX)
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /**
   * List what was done
   * @remarks To keys, sessions and approvals, and what was exported and erased: of all tenants, or of `tenant`; newest
   * first.
   */
  @ApiOperation({ operationId: 'audit_list' })
  @Get('audit')
  list(@Query() { from, to, end_user: endUser, ...query }: AuditQuery): Promise<AuditPage> {
    return this.audit.list({ ...query, endUser, from: epochMs(from), to: epochMs(to) });
  }

  /**
   * Export the chain
   * @remarks Every entry of all tenants, oldest first, one a line. `npm run audit -- verify FILE` says whether it is
   * whole and unchanged.
   */
  @ApiOperation({ operationId: 'audit_export' })
  @Get('audit/export')
  @ApiExtraModels(AuditEntryDto)
  @ApiResponse({
    status: 200,
    description: 'One entry a line.',
    content: { [NDJSON]: { schema: { $ref: getSchemaPath(AuditEntryDto) } } },
  })
  async export(
    @Query() { after }: ChainQuery,
    @Waiting() { principal, requestId, signal }: WaitingCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const actor = actorOf(principal, requestId);
    await this.audit.keep({
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
