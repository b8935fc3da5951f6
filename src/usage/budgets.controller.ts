import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ADMIN_PREFIX, ApiController } from '../http/api.decorator.js';
import { TenantQuery } from '../http/tenant.query.js';
import { BudgetReport } from './budget.report.js';
import { BudgetList } from './budgets.dto.js';

/** The endpoint for operators that shows the budgets. */
@ApiController('Usage', 'admin', ADMIN_PREFIX)
export class BudgetsController {
  constructor(private readonly budgets: BudgetReport) {}

  /**
   * List the budgets of this month
   * @remarks Those of all tenants, or of one. First come the tenants that have used some, the highest cost first. Then
   * come the keys that have a budget, the newest first. At most 500 of each.
   */
  @ApiOperation({ operationId: 'usage_budgets' })
  @Get('budgets')
  async list(@Query() { tenant }: TenantQuery): Promise<BudgetList> {
    return { items: await this.budgets.list(tenant) };
  }
}
