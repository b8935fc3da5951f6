import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Page } from '../../http/page.dto.js';
import { ApiList, ApiName, ApiText, ApiTime } from '../../http/validation/schema.decorator.js';
import type { WaitingApproval } from '../journal/approvals.service.js';

/** A tool call that waits for a decision, and its run. */
@ApiSchema({ name: 'WaitingApproval' })
export class WaitingApprovalDto implements WaitingApproval {
  /** @example '01a20639-24c1-7000-8000-000000000000' */
  @ApiName()
  approval_id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @ApiName()
  run_id: string;

  /** The same id, if the run is a task. */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false, example: 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' })
  task_id?: string;

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

  /**
   * The agent that the run began with.
   * @example 'assistant'
   */
  @ApiName(64)
  agent_role: string;

  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /**
   * The end user that the run is for. Omitted if it is for the tenant.
   * @example 'ada'
   */
  @ApiProperty({ minLength: 1, maxLength: 255, required: false })
  end_user?: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;

  /** When the run fails without a decision. Omitted: never. */
  @ApiProperty({ format: 'date-time', maxLength: 24, required: false, example: '2026-01-09T03:04:05.678Z' })
  expires_at?: string;
}

/** Tool calls that wait for a decision, oldest first. */
@ApiSchema({ name: 'ApprovalPage' })
export class ApprovalPage implements Page<WaitingApproval> {
  @ApiList(100)
  items: WaitingApprovalDto[];

  /** The cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}
