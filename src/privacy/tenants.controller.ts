import { Delete, Get, Param, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { actorOf } from '../audit/audit.record.js';
import { inTenant } from '../auth/principal.js';
import { ADMIN_PREFIX, ApiController } from '../http/api.decorator.js';
import { type Caller, CurrentCaller, CurrentAbortableCaller, type AbortableCaller } from '../http/caller.decorator.js';
import type { HttpResponse } from '../http/http.types.js';
import { sendLines } from '../http/streaming/line.stream.js';
import { TenantPath } from '../http/tenant.query.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import { DataErasure } from './data.erasure.js';
import { DataExport } from './data.export.js';
import { ApiExport, ErasedTenantData } from './privacy.dto.js';

/** The operator's endpoints to export and erase the data of a tenant. */
@ApiController('Privacy', 'admin', ADMIN_PREFIX)
export class TenantsController {
  constructor(
    private readonly exports: DataExport,
    private readonly erasure: DataErasure,
  ) {}

  /**
   * Export all data of a tenant
   * @remarks Includes its API keys, but not their hashes.
   */
  @ApiOperation({ operationId: 'tenants_export' })
  @Get('tenants/:tenant/export')
  @ApiExport()
  async export(
    @Param() { tenant }: TenantPath,
    @CurrentAbortableCaller() { principal, ids, signal }: AbortableCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const actor = actorOf(inTenant(principal, tenant), ids);
    await sendLines(response, this.exports.lines({ tenant }, actor), signal);
  }

  /**
   * Erase a tenant
   * @remarks Revokes its keys, cancels its runs and erases all its data. Usage stays for billing, and so does the
   * audit. A repeat erases what is left, if anything.
   */
  @ApiOperation({ operationId: 'tenants_erase' })
  @Delete('tenants/:tenant')
  @WithoutTimeout()
  async erase(@Param() { tenant }: TenantPath, @CurrentCaller() { principal, ids }: Caller): Promise<ErasedTenantData> {
    return await this.erasure.eraseTenant(inTenant(principal, tenant), ids);
  }
}
