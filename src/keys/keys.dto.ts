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
import type { EndUserRule } from '../auth/key.rules.js';
import { TENANT } from '../auth/principal.js';
import { type Scope, SCOPES } from '../auth/scopes.js';
import type { Page } from '../http/page.dto.js';
import { ApiList, ApiName, ApiText, ApiTime, IsText, Optional } from '../http/validation/schema.decorator.js';
import { TENANT_RULE } from '../http/tenant.query.js';
import {
  ApiEndUserRule,
  ApiTextList,
  AreIpRanges,
  AreModels,
  AreRoles,
  IsEndUserRule,
} from './key-access.decorators.js';
import type { ApiKey, CreatedApiKey } from './api-key.js';

const WEEK_SECONDS = 604_800;

/** The request to create a key. */
@ApiSchema({ name: 'NewKey' })
export class NewKey {
  /**
   * A label for people: the owner or the purpose.
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
  // The comparison takes quadratic time, so it skips a list that is too long.
  @ArrayUnique<Scope>({ validateIf: (_, scopes) => Array.isArray(scopes) && scopes.length <= SCOPES.length })
  @IsIn(SCOPES, { each: true })
  @ApiProperty({ enum: SCOPES, isArray: true, minItems: 1, maxItems: SCOPES.length })
  scopes: Scope[];

  /**
   * Default: as `KEY_TTL_DAYS` and `KEY_MAX_DAYS` say, or the key does not expire.
   * @example '2100-01-02T03:04:05Z'
   */
  @Optional()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ format: 'date-time', required: false })
  expires_at?: string;

  /**
   * Replaces the limit that applies to all callers.
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
   * In US dollars, at the prices of `PRICES_FILE`.
   * @example 25
   */
  @Optional()
  @IsNumber()
  @Min(0.01)
  @Max(1_000_000)
  cost_per_month?: number;

  /**
   * Whether each call must name an end user in `X-End-User`. Default: as `REQUIRE_END_USER` says.
   * @example 'required'
   */
  @Optional()
  @IsEndUserRule()
  end_user?: EndUserRule;

  /**
   * The agents that the key may run. Default: all.
   * @example ["assistant"]
   */
  @Optional()
  @AreRoles()
  agent_roles?: string[];

  /**
   * The models whose agents the key may run. Default: all.
   * @example ["gpt-4o-mini"]
   */
  @Optional()
  @AreModels()
  models?: string[];

  /**
   * The addresses and networks of its callers. Default: any address.
   * @example ["203.0.113.0/24"]
   */
  @Optional()
  @AreIpRanges()
  ip_ranges?: string[];
}

/** The path parameter that identifies a key. */
export class KeyPath {
  /**
   * The `key_id` of `GET /keys`, not the key itself.
   * @example '0f1e2d3c4b5a6978'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  key_id: string;
}

/** The options of a rotation. */
@ApiSchema({ name: 'KeyRotation' })
export class KeyRotation {
  /**
   * Seconds for which the old secret stays valid.
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

/** The options of a revocation. */
export class KeyRevocation {
  /**
   * Whether the unfinished tasks of the key go on, and their webhooks are posted. By default they are cancelled.
   * @example 'false'
   */
  @Optional()
  @IsIn(['true', 'false'])
  @ApiProperty({ enum: ['true', 'false'], required: false })
  keep_tasks?: 'true' | 'false';
}

/** A key without its secret. */
@ApiSchema({ name: 'ApiKey' })
export class ApiKeyDto implements ApiKey {
  /**
   * The public part of the key.
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

  /** @example 'required' */
  @ApiEndUserRule()
  end_user?: EndUserRule;

  /** @example ["assistant"] */
  @ApiTextList(64)
  agent_roles?: readonly string[];

  /** @example ["gpt-4o-mini"] */
  @ApiTextList(256)
  models?: readonly string[];

  /** @example ["203.0.113.0/24"] */
  @ApiTextList(49)
  ip_ranges?: readonly string[];

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;

  /**
   * The id of the principal that created it.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @ApiName(300)
  created_by: string;

  @ApiProperty({ format: 'date-time', maxLength: 24, required: false })
  expires_at?: string;

  @ApiProperty({ format: 'date-time', maxLength: 24, required: false })
  revoked_at?: string;

  /** Accurate to one minute. */
  @ApiProperty({ format: 'date-time', maxLength: 24, required: false })
  last_used_at?: string;
}

/** A new key. */
@ApiSchema({ name: 'MadeKey' })
export class MadeKey extends ApiKeyDto implements CreatedApiKey {
  /**
   * The key in plain text. It is shown only once.
   * @example 'rookery_0f1e2d3c4b5a6978_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA28sArK'
   */
  @ApiName()
  key: string;
}

/** Keys, newest first. */
@ApiSchema({ name: 'KeyPage' })
export class KeyPage implements Page<ApiKey> {
  @ApiList(100)
  items: ApiKeyDto[];

  /** The cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}
