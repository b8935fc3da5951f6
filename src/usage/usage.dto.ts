import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, Length } from 'class-validator';
import { ApiCount, ApiList, Optional } from '../http/validation/schema.decorator.js';
import { TenantQuery } from '../http/tenant.query.js';
import { MAX_GROUPS, USAGE_GROUPS, type UsageGroup } from './usage.repository.js';

/** The filter and grouping of a usage report. */
export class UsageQuery extends TenantQuery {
  /**
   * The first day, UTC. A time counts as its day. Default: the first day of the month of `to`.
   * @example '2026-01-01'
   */
  @Optional()
  @IsString()
  @Length(10, 40)
  @IsISO8601({ strict: true })
  from?: string;

  /**
   * The last day, UTC, which is included. Default: today.
   * @example '2026-01-31'
   */
  @Optional()
  @IsString()
  @Length(10, 40)
  @IsISO8601({ strict: true })
  to?: string;

  /**
   * The field by which usage is grouped.
   * @example 'model'
   */
  @IsIn(USAGE_GROUPS)
  @ApiProperty({ enum: USAGE_GROUPS, required: false })
  group_by: UsageGroup = 'day';
}

/** The usage of one day, key, role or model. */
@ApiSchema({ name: 'UsageItem' })
export class UsageItem {
  /**
   * With `group_by=day`: the day, UTC.
   * @example '2026-01-31'
   */
  @ApiProperty({ format: 'date', maxLength: 10, required: false })
  day?: string;

  /** With `group_by=key`: the id of the key or, without a key, of the caller. `erased`: erased end users. */
  @ApiProperty({ minLength: 1, maxLength: 300, required: false })
  key?: string;

  /** With `group_by=role`: the role. */
  @ApiProperty({ minLength: 1, maxLength: 64, required: false })
  role?: string;

  /** With `group_by=model`: the provider's name of the model. */
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
   * The cost in US dollars of the models that have a price.
   * @example 0.1754275
   */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
  cost: number;
}

/** The usage. Days are sorted from the oldest; other groups by usage, the highest first. */
@ApiSchema({ name: 'UsageReport' })
export class UsageReport {
  @ApiList(MAX_GROUPS)
  items: UsageItem[];
}
