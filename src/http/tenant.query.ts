import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { TENANT } from '../auth/principal.js';
import { Optional } from './schema.decorator.js';

export const TENANT_RULE = 'must be 1–128 of A–Z a–z 0–9 . _ : -';

/** Whose rows are asked for. */
export class TenantQuery {
  /**
   * The tenant; only with the scope `admin` another than one's own.
   * @example 'acme'
   */
  @Optional()
  @Matches(TENANT, { message: `tenant ${TENANT_RULE}` })
  @ApiProperty({ pattern: TENANT.source, maxLength: 128, required: false })
  tenant?: string;
}
