import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsISO8601,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { TENANT } from '../auth/principal.js';
import { type Scope, SCOPES } from '../auth/scopes.js';
import type { Page } from '../http/page.dto.js';
import { ApiList, ApiName, ApiText, ApiTime, IsText, Optional } from '../http/schema.decorator.js';
import { TENANT_RULE } from '../http/tenant.query.js';
import type { ApiKey, MadeApiKey } from './api-key.js';

const WEEK_SECONDS = 604_800;

/** A key that is wanted. */
@ApiSchema({ name: 'NewKey' })
export class NewKey {
  /**
   * For people: whose it is, or what for.
   * @example 'web shop'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  name: string;

  /** @example 'acme' */
  @IsString()
  @Matches(TENANT, { message: `tenant ${TENANT_RULE}` })
  @ApiProperty({ pattern: TENANT.source, maxLength: 128 })
  tenant: string;

  /** @example ["chat", "tasks"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SCOPES.length)
  // It compares each item with all before it, and would do so with a list that is too long.
  @ArrayUnique<Scope>({ validateIf: (_, scopes) => Array.isArray(scopes) && scopes.length <= SCOPES.length })
  @IsIn(SCOPES, { each: true })
  @ApiProperty({ enum: SCOPES, isArray: true, minItems: 1, maxItems: SCOPES.length })
  scopes: Scope[];

  /**
   * Left out: it does not expire.
   * @example '2100-01-02T03:04:05Z'
   */
  @Optional()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ format: 'date-time', required: false })
  expires_at?: string;

  /**
   * In the place of the limit that all callers have.
   * @example 600
   */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  @ApiProperty({ type: 'integer', required: false })
  requests_per_minute?: number;

  /** @example 1000000 */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiProperty({ type: 'integer', required: false })
  tokens_per_month?: number;

  /**
   * In US dollars, as `PRICES_FILE` has it.
   * @example 25
   */
  @Optional()
  @IsNumber()
  @Min(0.01)
  @Max(1_000_000)
  cost_per_month?: number;
}

/** A key, by its id in the path. */
export class KeyPath {
  /** @example '0f1e2d3c4b5a6978' */
  @IsString()
  @Length(1, 128)
  @IsText()
  key_id: string;
}

/** How a key is rotated. */
@ApiSchema({ name: 'KeyRotation' })
export class KeyRotation {
  /**
   * How long the secret before is good besides.
   * @example 3600
   */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(WEEK_SECONDS)
  @ApiProperty({ type: 'integer', required: false })
  overlap_seconds?: number;
}

/** A key, without what it proves itself with. */
@ApiSchema({ name: 'ApiKey' })
export class ApiKeyDto implements ApiKey {
  /**
   * Part of the key, and no secret.
   * @example '0f1e2d3c4b5a6978'
   */
  @ApiName()
  key_id: string;

  /** @example 'web shop' */
  @ApiName()
  name: string;

  /** @example 'acme' */
  @ApiName()
  tenant: string;

  /** @example ["chat", "tasks"] */
  @ApiProperty({ enum: SCOPES, isArray: true, maxItems: SCOPES.length })
  scopes: readonly Scope[];

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1_000_000, required: false })
  requests_per_minute?: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, required: false })
  tokens_per_month?: number;

  /** In US dollars. */
  @ApiProperty({ minimum: 0, maximum: 1_000_000, required: false })
  cost_per_month?: number;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;

  /**
   * Who made it.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @ApiName(300)
  created_by: string;

  @ApiProperty({ format: 'date-time', maxLength: 24, required: false })
  expires_at?: string;

  @ApiProperty({ format: 'date-time', maxLength: 24, required: false })
  revoked_at?: string;

  /** To a minute. */
  @ApiProperty({ format: 'date-time', maxLength: 24, required: false })
  last_used_at?: string;
}

/** A key that was just made. */
@ApiSchema({ name: 'MadeKey' })
export class MadeKey extends ApiKeyDto implements MadeApiKey {
  /**
   * The key itself. It is shown this once.
   * @example 'rk_0f1e2d3c4b5a6978_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
   */
  @ApiName()
  key: string;
}

/** Keys, newest first. */
@ApiSchema({ name: 'KeyPage' })
export class KeyPage implements Page<ApiKey> {
  @ApiList(100)
  items: ApiKeyDto[];

  /** Asks for the next page; null on the last one. */
  @ApiText(512)
  next_cursor: string | null;
}
