import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsString, Length, Max, Min } from 'class-validator';
import { type Page, PageQuery } from '../http/page.dto.js';
import { ApiList, ApiName, ApiText, ApiTime, IsText, Optional } from '../http/schema.decorator.js';
import { AUDIT_ACTIONS, type AuditAction, type AuditDetails, type AuditEntry } from './audit.entry.js';

/** Which entries are listed. */
export class AuditQuery extends PageQuery {
  /**
   * Only deeds of this kind.
   * @example 'key.created'
   */
  @Optional()
  @IsIn(AUDIT_ACTIONS)
  @ApiProperty({ enum: AUDIT_ACTIONS, required: false })
  action?: AuditAction;

  /**
   * Only what this one did.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @Optional()
  @IsString()
  @Length(1, 300)
  @IsText()
  actor?: string;

  /**
   * Only what was done to the data of this end user of `tenant`.
   * @example 'ada'
   */
  @Optional()
  @IsString()
  @Length(1, 255)
  @IsText()
  end_user?: string;

  /**
   * From this time on.
   * @example '2026-01-02T03:04:05Z'
   */
  @Optional()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ format: 'date-time', required: false })
  from?: string;

  /**
   * Before this time.
   * @example '2100-01-02T03:04:05Z'
   */
  @Optional()
  @IsString()
  @Length(1, 40)
  @IsISO8601({ strict: true })
  @ApiProperty({ format: 'date-time', required: false })
  to?: string;
}

/** Which part of the chain is exported. */
export class ChainQuery {
  /**
   * Only the entries behind this one; left out: all.
   * @example 0
   */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiProperty({ type: 'integer', required: false })
  after: number = 0;
}

/** One deed. */
@ApiSchema({ name: 'AuditEntry' })
export class AuditEntryDto implements AuditEntry {
  /**
   * 1, 2, 3 … without a gap, of all tenants together.
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
   * The id of the principal that did it; an end user by his pseudonym.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @ApiName(600)
  actor: string;

  /** The pseudonym of the end user whose data it is; null: the tenant's own. */
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

  /** Of the request that did it; null: none did. */
  @ApiProperty({ type: 'string', nullable: true, maxLength: 128 })
  request_id: string | null;

  /**
   * The hash of the entry before.
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

  /** Asks for the next page; null on the last one. */
  @ApiText(512)
  next_cursor: string | null;
}
