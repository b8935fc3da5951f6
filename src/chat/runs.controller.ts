import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { ApprovalDecision, ApprovalPath, RunState } from './runs.dto.js';

/** The door to runs that are under way. */
@ApiController('Runs')
export class RunsController {
  constructor(private readonly runner: AgentRunnerService) {}

  /**
   * Decide whether a tool may be called
   * @remarks The run told of it with `approval.required` and waits, within its deadline. Each is decided once.
   */
  @Post('runs/:run_id/approvals/:approval_id')
  @HttpCode(200)
  @ApiErrors('run_not_found', 'not_found', 'approval_already_decided', 'payload_too_large', 'unsupported_media_type')
  decide(
    @Param() { run_id, approval_id }: ApprovalPath,
    @Body() decision: ApprovalDecision,
    @CurrentCaller() { principal }: Caller,
  ): RunState {
    this.runner.decide({ runId: run_id, approvalId: approval_id }, decision, principal);
    return { run_id, status: 'running' };
  }
}
