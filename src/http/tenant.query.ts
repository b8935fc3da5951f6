import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { TENANT } from '../auth/principal.js';
import { Optional } from './validation/schema.decorator.js';

export const TENANT_RULE = 'must be 1–128 of A–Z a–z 0–9 . _ : -';

/** A tenant, by its name in the path. */
export class TenantPath {
  /**
   * The name of the tenant, as its keys have it.
   * @example 'acme'
   */
  @Matches(TENANT, { message: `tenant ${TENANT_RULE}` })
  @ApiProperty({ pattern: TENANT.source, maxLength: 128 })
  tenant: string;
}

/** Selects the tenant of the request. */
export class TenantQuery {
  /**
   * The tenant. Only callers with the scope `admin` may name another tenant than their own.
   * @example 'acme'
   */
  @Optional()
  @Matches(TENANT, { message: `tenant ${TENANT_RULE}` })
  @ApiProperty({ pattern: TENANT.source, maxLength: 128, required: false })
  tenant?: string;
}
