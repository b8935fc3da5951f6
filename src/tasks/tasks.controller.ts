import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant } from '../auth/principal.js';
import { ApiRunEvents } from '../chat/run-event.dto.js';
import { ApprovalDecision } from '../chat/runs.dto.js';
import { API_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { sendEvents, sendNothing } from '../http/event.stream.js';
import type { HttpResponse } from '../http/http.exchange.js';
import { ApiIdempotent, IdempotencyKey, markReplayed } from '../http/idempotency-key.decorator.js';
import { ApiResumable, EventReader, EventsQuery, type Reader } from '../http/last-event.decorator.js';
import { TenantQuery } from '../http/tenant.query.js';
import { TaskApprovalPath, TaskPage, TaskPath, TaskRequest, TaskResponse, TasksQuery } from './tasks.dto.js';
import { TasksService } from './tasks.service.js';

/** The door for those who do not wait: runs in the background. */
@ApiController('Tasks', 'tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  /**
   * Start an agent in the background
   * @remarks It is on the disk when this answers, and goes on whatever dies. Poll it, follow its events, or have its end
   * posted to `webhook_url`.
   */
  @ApiOperation({ operationId: 'tasks_submit' })
  @Post('tasks')
  @HttpCode(202)
  @ApiIdempotent()
  @ApiErrors(
    'payload_too_large',
    'unsupported_media_type',
    'session_not_found',
    'session_busy',
    'idempotency_key_reused',
    'draining',
    'storage_unavailable',
  )
  async submit(
    @Body() request: TaskRequest,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<TaskResponse> {
    const { task, isReplayed } = await this.tasks.submit(request, { ...caller, idempotencyKey });
    markReplayed(response, isReplayed);
    response.header('Location', `/${API_PREFIX}/tasks/${task.task_id}`);
    return TaskResponse.from(task);
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
   * @remarks How it stands, and once it has ended what came of it.
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
   * @remarks Its provider and its tools are stopped, whichever replica holds it; what comes late changes nothing.
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
   * Read the events of a task, from any one on
   * @remarks Those behind `Last-Event-ID` (or `?after=`) first, then each as it comes. 204 where the caller has all.
   */
  @ApiOperation({ operationId: 'tasks_events' })
  @Get('tasks/:task_id/events')
  @ApiResumable()
  @ApiRunEvents()
  @ApiErrors('task_not_found')
  async events(
    @Param() { task_id }: TaskPath,
    @Query() query: EventsQuery,
    @EventReader() { principal, signal, lastEventId }: Reader,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const asker = inTenant(principal, query.tenant);
    const frames = await this.tasks.follow(task_id, { principal: asker, after: lastEventId ?? query.after, signal });
    if (frames) await sendEvents(response, frames);
    else sendNothing(response);
  }

  /**
   * Decide whether a tool of a task may be called
   * @remarks The task rests meanwhile, for days if need be. Each is decided once.
   */
  @ApiOperation({ operationId: 'tasks_decide' })
  @Post('tasks/:task_id/approvals/:approval_id')
  @HttpCode(200)
  @ApiErrors(
    'task_not_found',
    'not_found',
    'approval_already_decided',
    'task_already_finished',
    'payload_too_large',
    'unsupported_media_type',
  )
  async decide(
    @Param() { task_id, approval_id }: TaskApprovalPath,
    @Query() { tenant }: TenantQuery,
    @Body() { decision, reason }: ApprovalDecision,
    @CurrentCaller() { principal, requestId }: Caller,
  ): Promise<TaskResponse> {
    const decided = { decision, reason, requestId };
    return TaskResponse.from(await this.tasks.decide(task_id, approval_id, decided, inTenant(principal, tenant)));
  }
}
