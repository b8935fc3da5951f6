import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant, isPersonal, type Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { ApiController } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { toUsd } from '../storage/money.js';
import { UsageItem, UsageQuery, UsageReport } from './usage.dto.js';
import { dayOf, type UsageFilter, type UsageGroup, type UsageGroupRow, UsageRepository } from './usage.repository.js';

const MAX_DAYS = 366;
const DAY_MS = 86_400_000;

/** The endpoint for usage and its cost. */
@ApiController('Usage', 'usage:read')
export class UsageController {
  constructor(private readonly usage: UsageRepository) {}

  /**
   * Read the usage
   * @remarks Counts runs that have ended, also failed runs. Costs cover the models that have a price. The holder of a
   * token gets only their own usage. A key with `X-End-User` is refused: the usage of a key is not stored by end user.
   */
  @ApiOperation({ operationId: 'usage_report' })
  @Get('usage')
  async report(@Query() query: UsageQuery, @CurrentCaller() { principal }: Caller): Promise<UsageReport> {
    const owner = ownerOf(inTenant(principal, query.tenant));
    const { from, to } = rangeOf(query);
    const rows = await this.usage.report({ ...owner, from, to, groupBy: query.group_by });
    return { items: rows.map((row) => toItem(row, query.group_by)) };
  }
}

/** The usage that the principal may read. @throws AgentError `forbidden` if it acts for one of several end users. */
function ownerOf(principal: Principal): Pick<UsageFilter, 'tenant' | 'caller'> {
  const { tenant, id, endUser } = principal;
  if (endUser === undefined) return { tenant };
  if (isPersonal(principal)) return { tenant, caller: id };
  const way = 'Send the request without X-End-User, with a key that need not name an end user.';
  throw new AgentError('forbidden', { detail: `The usage of these credentials is not stored by end user. ${way}` });
}

/** @throws AgentError `validation_failed` */
function rangeOf(query: UsageQuery): { from: string; to: string } {
  const to = query.to === undefined ? dayOf(Date.now()) : dayIn('to', query.to);
  const from = query.from === undefined ? `${to.slice(0, 7)}-01` : dayIn('from', query.from);
  if (from > to) throw invalidField('from', 'from must not be after to');
  if (Date.parse(to) - Date.parse(from) > MAX_DAYS * DAY_MS) {
    throw invalidField('from', `from must be at most ${MAX_DAYS} days before to`);
  }
  return { from, to };
}

/** Rejects ISO 8601 dates that `Date` cannot parse, such as week dates. */
function dayIn(field: string, text: string): string {
  const epochMs = Date.parse(text);
  if (Number.isNaN(epochMs)) throw invalidField(field, `${field} must be a date such as 2026-01-31, or a time`);
  return dayOf(epochMs);
}

function toItem({ name, cost, ...sums }: UsageGroupRow, group: UsageGroup): UsageItem {
  const shown = group === 'key' ? name.replace(/^key:/, '') : name;
  return { [group]: shown, ...sums, cost: toUsd(cost) };
}
