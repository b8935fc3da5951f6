import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { RequireScope } from '../auth/auth.guard.js';
import { inTenant } from '../auth/principal.js';
import { hasScope } from '../auth/scopes.js';
import { ApiRunEvents } from '../runs/api/run-event.dto.js';
import { ApprovalDecision } from '../runs/api/runs.dto.js';
import { RunRights } from '../runs/reading/run.rights.js';
import { API_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { sendRemaining } from '../http/streaming/event.stream.js';
import type { HttpResponse } from '../http/http.types.js';
import { ApiIdempotent, IdempotencyKey, markReplayed } from '../http/idempotency-key.decorator.js';
import {
  ApiResumable,
  CurrentStreamCaller,
  EventsQuery,
  type StreamCaller,
} from '../http/streaming/last-event.decorator.js';
import { TenantQuery } from '../http/tenant.query.js';
import { TaskApprovalPath, TaskPage, TaskPath, TaskRequest, TaskResponse, TasksQuery } from './tasks.dto.js';
import { type Task, withoutOutcome } from './task.js';
import { TasksService } from './tasks.service.js';

/** The endpoints of tasks, which are background runs. */
@ApiController('Tasks', 'tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly rights: RunRights,
  ) {}

  /**
   * Start an agent in the background
   * @remarks The task is on disk when this responds, and survives a crash of the service. Poll it, follow its events,
   * or have its outcome posted to `webhook_url`.
   */
  @ApiOperation({ operationId: 'tasks_submit' })
  @Post('tasks')
  @HttpCode(202)
  @ApiIdempotent()
  @ApiErrors(
    'payload_too_large',
    'unsupported_media_type',
    'quota_exceeded',
    'session_not_found',
    'session_busy',
    'idempotency_key_reused',
    'draining',
    'stopped',
    'storage_unavailable',
  )
  async submit(
    @Body() request: TaskRequest,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<TaskResponse> {
    const { task, isReplayed } = await this.tasks.submit(request, { ...caller, idempotencyKey });
    return accepted(response, task, isReplayed);
  }

  /**
   * List tasks
   * @remarks Newest first.
   */
  @ApiOperation({ operationId: 'tasks_list' })
  @Get('tasks')
  async list(@Query() query: TasksQuery, @CurrentCaller() { principal }: Caller): Promise<TaskPage> {
    const { items, next_cursor } = await this.tasks.list(inTenant(principal, query.tenant), query);
    return { items: items.map((task) => TaskResponse.from(task)), next_cursor };
  }

  /**
   * Read a task
   * @remarks Returns its status, and its result or error once it has ended.
   */
  @ApiOperation({ operationId: 'tasks_get' })
  @Get('tasks/:task_id')
  @ApiErrors('task_not_found')
  async get(
    @Param() { task_id }: TaskPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<TaskResponse> {
    return TaskResponse.from(await this.tasks.get(task_id, inTenant(principal, tenant)));
  }

  /**
   * Cancel a task
   * @remarks Stops its model calls and tools on whichever replica runs it. Late results change nothing.
   */
  @ApiOperation({ operationId: 'tasks_cancel' })
  @Post('tasks/:task_id/cancel')
  @HttpCode(202)
  @ApiErrors('task_not_found', 'task_already_finished')
  async cancel(
    @Param() { task_id }: TaskPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<TaskResponse> {
    return TaskResponse.from(await this.tasks.cancel(task_id, inTenant(principal, tenant)));
  }

  /**
   * Retry a failed or cancelled task
   * @remarks Starts a new task after the last finished step of that one. Finished steps are not repeated. The new task
   * has the scopes and the budget of this caller, and the end user of that one.
   */
  @ApiOperation({ operationId: 'tasks_retry' })
  @Post('tasks/:task_id/retry')
  @HttpCode(202)
  @ApiIdempotent()
  @ApiErrors(
    'task_not_found',
    'task_not_retryable',
    'quota_exceeded',
    'session_not_found',
    'session_busy',
    'idempotency_key_reused',
    'draining',
    'stopped',
    'storage_unavailable',
  )
  async retry(
    @Param() { task_id }: TaskPath,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<TaskResponse> {
    const { task, isReplayed } = await this.tasks.retry(task_id, { ...caller, idempotencyKey });
    return accepted(response, task, isReplayed);
  }

  /**
   * Read the events of a task, from any event on
   * @remarks Sends the events after `Last-Event-ID` (or `?after=`), then each new one. 204 if the caller has all
   * events.
   */
  @ApiOperation({ operationId: 'tasks_events' })
  @Get('tasks/:task_id/events')
  @ApiResumable()
  @ApiRunEvents()
  @ApiErrors('task_not_found')
  async events(
    @Param() { task_id }: TaskPath,
    @Query() query: EventsQuery,
    @CurrentStreamCaller() { principal, signal, lastEventId }: StreamCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const caller = inTenant(principal, query.tenant);
    const events = await this.tasks.follow(task_id, { principal: caller, after: lastEventId ?? query.after, signal });
    await sendRemaining(response, events);
  }

  /**
   * Approve or reject a tool call of a task
   * @remarks The task waits for the decision, for days if needed. Only the first decision counts. A repeat of it by the same caller
   * gets the current state. The scope `approvals` suffices too; with REQUIRE_APPROVALS_SCOPE it is required. Without the
   * scope `tasks`, and for the task of another end user, the answer has neither `result` nor `error`.
   */
  @ApiOperation({ operationId: 'tasks_decide' })
  @Post('tasks/:task_id/approvals/:approval_id')
  @RequireScope('tasks', 'approvals')
  @HttpCode(200)
  @ApiErrors(
    'task_not_found',
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
    @Param() { task_id, approval_id }: TaskApprovalPath,
    @Query() { tenant }: TenantQuery,
    @Body() { decision, reason }: ApprovalDecision,
    @CurrentCaller() { principal, ids: requestId }: Caller,
  ): Promise<TaskResponse> {
    this.rights.assertDecides(principal);
    const decided = { decision, reason, requestId };
    const task = await this.tasks.decide(task_id, approval_id, decided, inTenant(principal, tenant));
    return TaskResponse.from(hasScope(principal, 'tasks') ? task : withoutOutcome(task));
  }
}

function accepted(response: HttpResponse, task: Task, isReplayed: boolean): TaskResponse {
  markReplayed(response, isReplayed);
  response.header('Location', `/${API_PREFIX}/tasks/${task.task_id}`);
  return TaskResponse.from(task);
}
