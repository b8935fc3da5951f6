import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsString, Length, Max, Min } from 'class-validator';
import { type Page, PageQuery } from '../http/page.dto.js';
import { ApiList, ApiName, ApiText, ApiTime, IsText, Optional } from '../http/validation/schema.decorator.js';
import { AUDIT_ACTIONS, type AuditAction, type AuditDetails, type AuditEntry } from './audit.entry.js';

/** Filters of the audit list. */
export class AuditQuery extends PageQuery {
  /**
   * Returns only entries with this action.
   * @example 'key.created'
   */
  @Optional()
  @IsIn(AUDIT_ACTIONS)
  @ApiProperty({ enum: AUDIT_ACTIONS, required: false })
  action?: AuditAction;

  /**
   * Returns only the actions of this principal.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @Optional()
  @IsString()
  @Length(1, 300)
  @IsText()
  actor?: string;

  /**
   * Returns only the actions on the data of this end user of `tenant`.
   * @example 'ada'
   */
  @Optional()
  @IsString()
  @Length(1, 255)
  @IsText()
  end_user?: string;

  /**
   * Returns only entries at or after this time.
   * @example '2026-01-02T03:04:05Z'
   */
  @Optional()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ format: 'date-time', required: false })
  from?: string;

  /**
   * Returns only entries before this time.
   * @example '2100-01-02T03:04:05Z'
   */
  @Optional()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ format: 'date-time', required: false })
  to?: string;
}

/** The part of the chain to export. */
export class ChainQuery {
  /**
   * Exports only the entries after this sequence number. Default: all entries.
   * @example 0
   */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiProperty({ type: 'integer', required: false })
  after: number = 0;
}

/** One audited action. */
@ApiSchema({ name: 'AuditEntry' })
export class AuditEntryDto implements AuditEntry {
  /**
   * 1, 2, 3 … without gaps, across all tenants.
   * @example 1
   */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  sequence: number;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  at: string;

  /** @example 'acme' */
  @ApiName()
  tenant: string;

  /**
   * The id of the principal that acted; for an end user, a pseudonym.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @ApiName(600)
  actor: string;

  /** The pseudonym of the end user whose data is affected; null: the data of the tenant. */
  @ApiProperty({ type: 'string', nullable: true, maxLength: 128 })
  subject: string | null;

  /** @example 'key.created' */
  @ApiProperty({ type: 'string', minLength: 1, maxLength: 64 })
  action: string;

  /** @example 'key:0f1e2d3c4b5a6978' */
  @ApiName(300)
  target: string;

  /** @example {"name": "web shop", "scopes": ["chat"]} */
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: AuditDetails;

  /** The id of the request that caused the action; null: no request caused it. */
  @ApiProperty({ type: 'string', nullable: true, maxLength: 128 })
  request_id: string | null;

  /**
   * The hash of the previous entry.
   * @example '0000000000000000000000000000000000000000000000000000000000000000'
   */
  @ApiName(64)
  previous_hash: string;

  /**
   * SHA-256 of the other fields.
   * @example '3f2c6f1fdb8b5f5a9a0b6f8f4dce3f8ec7c0e8b8ad1c2f0f2b4f3f4e5d6c7b8a'
   */
  @ApiName(64)
  hash: string;
}

/** Entries, newest first. */
@ApiSchema({ name: 'AuditPage' })
export class AuditPage implements Page<AuditEntry> {
  @ApiList(100)
  items: AuditEntryDto[];

  /** The cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}
