import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, Length } from 'class-validator';
import { ApiCount, ApiList, Optional } from '../http/schema.decorator.js';
import { TenantQuery } from '../http/tenant.query.js';
import { MAX_GROUPS, USAGE_GROUPS, type UsageGroup } from './usage.repository.js';

/** Which usage is asked for. */
export class UsageQuery extends TenantQuery {
  /**
   * The first day, UTC; of a time, its day. Left out: the first of this month.
   * @example '2026-01-01'
   */
  @Optional()
  @IsString()
  @Length(10, 40)
  @IsISO8601({ strict: true })
  from?: string;

  /**
   * The last day, which is included. Left out: today.
   * @example '2026-01-31'
   */
  @Optional()
  @IsString()
  @Length(10, 40)
  @IsISO8601({ strict: true })
  to?: string;

  /**
   * By what it is added up.
   * @example 'model'
   */
  @IsIn(USAGE_GROUPS)
  @ApiProperty({ enum: USAGE_GROUPS, required: false })
  group_by: UsageGroup = 'day';
}

/** What was used of one day, by one key, by one role or of one model. */
@ApiSchema({ name: 'UsageItem' })
export class UsageItem {
  /**
   * With `group_by=day`, UTC.
   * @example '2026-01-31'
   */
  @ApiProperty({ format: 'date', maxLength: 10, required: false })
  day?: string;

  /** With `group_by=key`: its id; of callers without a key, how they are known; `erased`: of end users whose data is. */
  @ApiProperty({ minLength: 1, maxLength: 300, required: false })
  key?: string;

  /** With `group_by=role`. */
  @ApiProperty({ minLength: 1, maxLength: 64, required: false })
  role?: string;

  /** With `group_by=model`: as the provider names it. */
  @ApiProperty({ minLength: 1, maxLength: 256, required: false })
  model?: string;

  /** @example 12 */
  @ApiCount()
  runs: number;

  /** @example 34567 */
  @ApiCount()
  input_tokens: number;

  /** @example 8901 */
  @ApiCount()
  output_tokens: number;

  /**
   * In US dollars, as far as the models have a price.
   * @example 0.1754275
   */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
  cost: number;
}

/** What was used: by day the oldest first, else what used most first. */
@ApiSchema({ name: 'UsageReport' })
export class UsageReport {
  @ApiList(MAX_GROUPS)
  items: UsageItem[];
}
