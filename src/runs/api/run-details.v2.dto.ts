import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiTime } from '../../http/validation/schema.decorator.js';
import type { RunTurn } from '../journal/run.timeline.js';
import type { RunDetails } from '../reading/run.details.js';
import { type RunWait, WAIT_REASONS } from '../reading/run.waits.js';
import { answerOf, RunDetailsDto, RunTurnDto } from './run-details.dto.js';

/** The time and the cost of a model call. */
@ApiSchema({ name: 'RunTurnV2' })
export class RunTurnV2Dto extends RunTurnDto implements RunTurn {
  /**
   * In US dollars, at the price when the run ended. Left out if the model has no price, or has not answered.
   * @example 0.0031
   */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, required: false })
  cost?: number | undefined;
}

/** A time in which a run waited. */
@ApiSchema({ name: 'RunWait' })
export class RunWaitDto implements RunWait {
  /** `queue`: for its begin. `approval`: for a decision. `retry`: an attempt had failed, or its process had died. */
  @ApiProperty({ enum: WAIT_REASONS, example: 'approval' })
  reason: (typeof WAIT_REASONS)[number];

  /**
   * With `approval`: the tool.
   * @example 'refund'
   */
  @ApiProperty({ maxLength: 64, required: false })
  tool?: string;

  @ApiTime()
  started_at: string;

  /** Left out while it waits. */
  @ApiProperty({ format: 'date-time', maxLength: 24, required: false, example: '2026-01-02T03:04:05.700Z' })
  finished_at?: string;
}

/** A run with the costs of its turns, and its waits. */
@ApiSchema({ name: 'RunDetailsV2' })
export class RunDetailsV2Dto extends RunDetailsDto implements RunDetails {
  /** The model calls, in order. Those of a chat or stream are known once it has ended. */
  @ApiProperty({ type: [RunTurnV2Dto], maxItems: 50 })
  override turns: RunTurnV2Dto[] = [];

  /** The times in which the run waited, oldest first. */
  @ApiProperty({ type: [RunWaitDto], maxItems: 200 })
  waits: RunWaitDto[];

  static override from(details: RunDetails): RunDetailsV2Dto {
    return answerOf(details);
  }
}
