import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, Length } from 'class-validator';
import { ApiList, ApiName, ApiTime, IsText, Optional } from '../http/validation/schema.decorator.js';
import { type StoppedSwitch, SWITCH_KINDS } from './switch.js';
import type { SwitchChange as Change } from './switches.service.js';

/** Stops a role, a tool or a tenant, or lets it run again. */
@ApiSchema({ name: 'SwitchChange' })
export class SwitchChange implements Change {
  /** @example 'role' */
  @IsIn(SWITCH_KINDS)
  @ApiProperty({ enum: SWITCH_KINDS })
  kind: (typeof SWITCH_KINDS)[number];

  /**
   * The role of the agent, the name of the tool as the model reads it, or the tenant.
   * @example 'researcher'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  name: string;

  /**
   * False lets it run again.
   * @example true
   */
  @IsBoolean()
  stopped: boolean;

  /**
   * Callers and the model read it.
   * @example 'maintenance until noon'
   */
  @Optional()
  @IsString()
  @Length(1, 500)
  @IsText()
  reason?: string;
}

/** A stopped role, tool or tenant. */
@ApiSchema({ name: 'Switch' })
export class SwitchDto implements StoppedSwitch {
  @ApiProperty({ enum: SWITCH_KINDS, example: 'role' })
  kind: (typeof SWITCH_KINDS)[number];

  /** @example 'researcher' */
  @ApiName()
  name: string;

  /** @example 'maintenance until noon' */
  @ApiProperty({ minLength: 1, maxLength: 500, required: false })
  reason?: string;

  /**
   * The id of the principal that stopped it.
   * @example 'key:8796a5b4c3d2e1f0'
   */
  @ApiName(300)
  stopped_by: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  stopped_at: string;
}

/** All that is stopped. */
@ApiSchema({ name: 'SwitchList' })
export class SwitchList {
  @ApiList(10_000)
  items: SwitchDto[];
}
