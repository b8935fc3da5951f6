import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import { Optional } from './validation/schema.decorator.js';
import { TenantQuery } from './tenant.query.js';

/** One page of a list, newest first. */
export interface Page<T> {
  /** The items of the page. */
  readonly items: T[];
  /** The cursor of the next page; null on the last page. */
  readonly next_cursor: string | null;
}

/** The page of a list to return. */
export interface PageRequest {
  /** The maximum number of items, 1–100. */
  readonly limit: number;
  /** The `next_cursor` of the previous page. Default: the first page. */
  readonly cursor?: string | undefined;
}

/** The page of a list to return. */
export class PageQuery extends TenantQuery implements PageRequest {
  /**
   * The maximum number of items.
   * @example 20
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  @ApiProperty({ type: 'integer', required: false })
  limit: number = 20;

  /** The `next_cursor` of the previous page. Default: the first page. */
  @Optional()
  @IsString()
  @Length(1, 512)
  cursor?: string;
}
