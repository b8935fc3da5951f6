import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiCount, ApiList, ApiName } from '../http/validation/schema.decorator.js';

const USD = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/** The budget of a tenant or of a key for this month, and what is used of it. */
@ApiSchema({ name: 'Budget' })
export class BudgetItem {
  /** @example 'acme' */
  @ApiName()
  tenant: string;

  /**
   * The key. Left out if the budget is that of the whole tenant.
   * @example '8796a5b4c3d2e1f0'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  key_id?: string;

  /**
   * The name of the key.
   * @example 'Help desk'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  key_name?: string;

  /**
   * The used tokens.
   * @example 34567
   */
  @ApiCount()
  tokens: number;

  /**
   * The used US dollars.
   * @example 0.1754275
   */
  @ApiProperty(USD)
  cost: number;

  /**
   * The tokens that may be used. Left out: no limit.
   * @example 1000000
   */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, required: false })
  tokens_per_month?: number;

  /**
   * The US dollars that may be used. Left out: no limit.
   * @example 20
   */
  @ApiProperty({ ...USD, required: false })
  cost_per_month?: number;
}

/** The budgets of this month. */
@ApiSchema({ name: 'BudgetList' })
export class BudgetList {
  @ApiList(1000)
  items: BudgetItem[];
}
