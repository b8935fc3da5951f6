import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import { Optional } from './schema.decorator.js';
import { TenantQuery } from './tenant.query.js';

/** Part of a list, newest first. */
export interface Page<T> {
  readonly items: T[];
  /** Asks for the next page; null on the last one. */
  readonly next_cursor: string | null;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  /** 1–100. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Which part of a list is asked for. */
export class PageQuery extends TenantQuery implements PageRequest {
  /**
   * How many items at most.
   * @example 20
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  @ApiProperty({ type: 'integer', required: false })
  limit: number = 20;

  /** The `next_cursor` of the page before; left out: the newest. */
  @Optional()
  @IsString()
  @Length(1, 512)
  cursor?: string;
}
