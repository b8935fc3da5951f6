import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import type { EndUserRule } from '../auth/key.rules.js';
import { type Scope, SCOPES } from '../auth/scopes.js';
import { IsText, Optional, OptionalOrNull } from '../http/validation/schema.decorator.js';
import { AreIpRanges, AreModels, AreRoles, IsEndUserRule } from './key-access.decorators.js';

/** Changes of a key. A field that is left out stays; null removes the limit. */
@ApiSchema({ name: 'KeyChanges' })
export class KeyChangesDto {
  /** @example 'web shop' */
  @Optional()
  @IsString()
  @Length(1, 128)
  @IsText()
  name?: string;

  /** @example ["chat", "tasks"] */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SCOPES.length)
  // The comparison takes quadratic time, so it skips a list that is too long.
  @ArrayUnique<Scope>({ validateIf: (_, scopes) => Array.isArray(scopes) && scopes.length <= SCOPES.length })
  @IsIn(SCOPES, { each: true })
  @ApiProperty({ enum: SCOPES, isArray: true, minItems: 1, maxItems: SCOPES.length, required: false })
  scopes?: Scope[];

  /** @example '2100-01-02T03:04:05Z' */
  @OptionalOrNull()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ type: 'string', format: 'date-time', maxLength: 40, required: false, nullable: true })
  expires_at?: string | null;

  /** @example 600 */
  @OptionalOrNull()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1_000_000, required: false, nullable: true })
  requests_per_minute?: number | null;

  /** @example 1000000 */
  @OptionalOrNull()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, required: false, nullable: true })
  tokens_per_month?: number | null;

  /**
   * In US dollars, at the prices of `PRICES_FILE`.
   * @example 25
   */
  @OptionalOrNull()
  @IsNumber()
  @Min(0.01)
  @Max(1_000_000)
  @ApiProperty({ type: 'number', minimum: 0.01, maximum: 1_000_000, required: false, nullable: true })
  cost_per_month?: number | null;

  /**
   * Null: as `REQUIRE_END_USER` says.
   * @example 'required'
   */
  @OptionalOrNull()
  @IsEndUserRule({ nullable: true })
  end_user?: EndUserRule | null;

  /** @example ["assistant"] */
  @OptionalOrNull()
  @AreRoles({ nullable: true })
  agent_roles?: string[] | null;

  /** @example ["gpt-4o-mini"] */
  @OptionalOrNull()
  @AreModels({ nullable: true })
  models?: string[] | null;

  /** @example ["203.0.113.0/24"] */
  @OptionalOrNull()
  @AreIpRanges({ nullable: true })
  ip_ranges?: string[] | null;
}
