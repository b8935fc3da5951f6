import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { RequireScope } from '../../auth/auth.guard.js';
import { inTenant } from '../../auth/principal.js';
import { ApiController, ApiErrors } from '../../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { sendRemaining } from '../../http/streaming/event.stream.js';
import type { HttpResponse } from '../../http/http.types.js';
import {
  ApiResumable,
  CurrentStreamCaller,
  EventsQuery,
  type StreamCaller,
} from '../../http/streaming/last-event.decorator.js';
import { TenantQuery } from '../../http/tenant.query.js';
import { AgentRunnerService } from '../agent-runner.service.js';
import { accessOf } from '../reading/run.access.js';
import { RunRights } from '../reading/run.rights.js';
import { RunsService } from '../reading/runs.service.js';
import { ApiRunEvents } from './run-event.dto.js';
import { RunDetailsDto, RunPage, RunsQuery } from './run-details.dto.js';
import { ApprovalDecision, ApprovalPath, RunPath, RunState } from './runs.dto.js';

/** Endpoints for reading runs, their events, the cancellation and the approvals of runs. */
@ApiController('Runs', 'chat')
export class RunsController {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly runs: RunsService,
    private readonly rights: RunRights,
  ) {}

  /**
   * List runs
   * @remarks Chats, streams and tasks, newest first. With `sessions:read`: those of all callers. Tasks only with the
   * scope `tasks`. A page may have fewer items than `limit` although another follows: it reads at most 5000 runs.
   */
  @ApiOperation({ operationId: 'runs_list' })
  @Get('runs')
  async list(@Query() { tenant, ...filter }: RunsQuery, @CurrentCaller() { principal }: Caller): Promise<RunPage> {
    return await this.runs.list(filter, accessOf(inTenant(principal, tenant)));
  }

  /**
   * Read a run
   * @remarks Returns its status, the times of its turns and tool calls, and its result or error once it has ended. The
   * caller may read the runs that the list has.
   */
  @ApiOperation({ operationId: 'runs_get' })
  @Get('runs/:run_id')
  @ApiErrors('run_not_found')
  async get(
    @Param() { run_id }: RunPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<RunDetailsDto> {
    return RunDetailsDto.from(await this.runs.get(run_id, accessOf(inTenant(principal, tenant))));
  }

  /**
   * Read the events of a run
   * @remarks Sends the events after `Last-Event-ID` (or `?after=`), then each new event. 204 if the caller has all of
   * them. A run of `/chat/stream` waits for a grace period until its readers return. Tasks need the scope `tasks`.
   */
  @ApiOperation({ operationId: 'runs_events' })
  @Get('runs/:run_id/events')
  @ApiResumable()
  @ApiRunEvents()
  @ApiErrors('run_not_found')
  async events(
    @Param() { run_id }: RunPath,
    @Query() query: EventsQuery,
    @CurrentStreamCaller() { principal, signal, lastEventId }: StreamCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const after = lastEventId ?? query.after;
    const caller = inTenant(principal, query.tenant);
    await this.rights.assertReachable(run_id, caller);
    const events = await this.runner.follow(run_id, { principal: caller, after, signal });
    await sendRemaining(response, events);
  }

  /**
   * Cancel a run
   * @remarks Stops its model calls and tools on any replica. Late results change nothing. Tasks need the scope `tasks`.
   */
  @ApiOperation({ operationId: 'runs_cancel' })
  @Post('runs/:run_id/cancel')
  @HttpCode(202)
  @ApiErrors('run_not_found', 'task_already_finished')
  async cancel(
    @Param() { run_id }: RunPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<RunState> {
    const caller = inTenant(principal, tenant);
    await this.rights.assertReachable(run_id, caller);
    return await this.runner.cancel(run_id, caller);
  }

  /**
   * Approve or reject a tool call of a run
   * @remarks The run has sent `approval.required` and waits. Only the first decision counts. A repeat of it by
   * the same caller gets the current state. The scope `approvals` suffices too; with REQUIRE_APPROVALS_SCOPE it is required.
   */
  @ApiOperation({ operationId: 'runs_decide' })
  @Post('runs/:run_id/approvals/:approval_id')
  @RequireScope('chat', 'approvals')
  @HttpCode(200)
  @ApiErrors(
    'run_not_found',
    'not_found',
    'approval_already_decided',
    'approval_expired',
    'approval_by_requester',
    'task_already_finished',
    'stopped',
    'storage_unavailable',
    'payload_too_large',
    'unsupported_media_type',
  )
  async decide(
    @Param() { run_id, approval_id }: ApprovalPath,
    @Query() { tenant }: TenantQuery,
    @Body() decision: ApprovalDecision,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<RunState> {
    this.rights.assertDecides(principal);
    const key = { runId: run_id, approvalId: approval_id };
    return await this.runner.decide(key, decision, inTenant(principal, tenant), ids);
  }
}
