import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { ApiName, IsText, Optional } from '../../http/validation/schema.decorator.js';
import type { PendingApproval } from '../journal/pending.approval.js';
import type { Decision } from '../journal/run.approvals.js';
import type { RunState as State } from '../recovery/run.control.js';

/** The id of a run in the path. */
export class RunPath {
  /**
   * The `run_id` of an answer or of `GET /runs`.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  run_id: string;
}

/** The ids of a run and its approval in the path. */
export class ApprovalPath extends RunPath {
  /**
   * The `approval_id` of `GET /approvals` or of the run.
   * @example '01a20639-24c1-7000-8000-000000000000'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  approval_id: string;
}

/** A decision about a waiting tool call. */
@ApiSchema({ name: 'ApprovalDecision' })
export class ApprovalDecision implements Decision {
  /** @example 'approve' */
  @IsIn(['approve', 'reject'])
  decision: 'approve' | 'reject';

  /**
   * Why the call is rejected. The model reads it.
   * @example 'Too expensive.'
   */
  @Optional()
  @IsString()
  @Length(1, 1000)
  @IsText()
  reason?: string;
}

/** A tool call that waits for approval. */
@ApiSchema({ name: 'PendingApproval' })
export class PendingApprovalDto implements PendingApproval {
  /** @example '01a20639-24c1-7000-8000-000000000000' */
  @ApiName()
  approval_id: string;

  /** @example 'send_invoice' */
  @ApiName(64)
  tool: string;

  /**
   * The arguments of the call.
   * @example { "amount": 100 }
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments: unknown;

  /** `another`: the caller or end user who started the run cannot decide. Omitted: they can. */
  @ApiProperty({ enum: ['another'], required: false, example: 'another' })
  by?: 'another';
}

export const RUN_STATUSES = ['queued', 'running', 'waiting_approval', 'completed', 'failed', 'cancelled'] as const;

/** The state of a run. */
@ApiSchema({ name: 'RunState' })
export class RunState implements State {
  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @ApiName()
  run_id: string;

  /** @example 'running' */
  @ApiProperty({ enum: RUN_STATUSES })
  status: (typeof RUN_STATUSES)[number];
}
