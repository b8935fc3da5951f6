import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { RequireScope } from '../../auth/auth.guard.js';
import { inTenant } from '../../auth/principal.js';
import { ApiController } from '../../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { PageQuery } from '../../http/page.dto.js';
import { ApprovalsService } from '../journal/approvals.service.js';
import { ApprovalPage } from './approvals.dto.js';

/** The endpoint of the tool calls that wait for a decision. */
@ApiController('Runs', 'approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  /**
   * List what waits for a decision
   * @remarks Tool calls of streams and tasks, oldest first. A caller with only `chat` or `tasks` gets those of their own
   * runs.
   */
  @ApiOperation({ operationId: 'approvals_list' })
  @Get('approvals')
  @RequireScope('approvals', 'chat', 'tasks')
  list(@Query() query: PageQuery, @CurrentCaller() { principal }: Caller): Promise<ApprovalPage> {
    return this.approvals.list(inTenant(principal, query.tenant), query);
  }
}
