import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { AgentRequest } from '../chat/agent-request.dto.js';
import { AgentResponse } from '../runs/api/agent-response.dto.js';
import { PendingApprovalDto, RUN_STATUSES } from '../runs/api/runs.dto.js';
import { ErrorResponse } from '../http/error-response.dto.js';
import { type Page, PageQuery } from '../http/page.dto.js';
import { FieldHints } from '../http/validation/field.hints.js';
import { ApiCount, ApiList, ApiName, ApiText, ApiTime, IsText, Optional } from '../http/validation/schema.decorator.js';
import type { Task } from './task.js';
import type { TaskSubmission } from './tasks.service.js';

/** The request for a background run. */
@FieldHints({ stream: 'leave it out, and read /api/v1/agent/tasks/{task_id}/events' })
@ApiSchema({ name: 'TaskRequest' })
export class TaskRequest extends AgentRequest implements TaskSubmission {
  /**
   * The https URL to which the task is posted when it has finished or needs an approval. It must not lead to a private address.
   * @example 'https://app.example.com/hooks/rookery'
   */
  @Optional()
  @IsString()
  @Length(1, 2048)
  @IsText()
  webhook_url?: string;
}

/** A task, by its id in the path. */
export class TaskPath {
  /**
   * The `task_id` that `POST /tasks` has returned, or one of `GET /tasks`.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  task_id: string;
}

/** A pending tool call of a task, by both ids in the path. */
export class TaskApprovalPath extends TaskPath {
  /**
   * The `approval_id` of `GET /approvals` or of the task.
   * @example '01a20639-24c1-7000-8000-000000000000'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  approval_id: string;
}

/** Filters the tasks. */
export class TasksQuery extends PageQuery {
  /** Only tasks with this status. */
  @Optional()
  @IsIn(RUN_STATUSES)
  @ApiProperty({ enum: RUN_STATUSES, required: false })
  status?: (typeof RUN_STATUSES)[number];
}

/** A background run. */
@ApiSchema({ name: 'TaskResponse' })
export class TaskResponse implements Task {
  /**
   * Also the id of its run.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @ApiName()
  task_id: string;

  /** The last three are final. */
  @ApiProperty({ enum: RUN_STATUSES, example: 'running' })
  status: (typeof RUN_STATUSES)[number];

  /** @example 'assistant' */
  @ApiName(64)
  agent_role: string;

  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;

  /** When a worker first claimed the task. */
  @ApiProperty({ format: 'date-time', maxLength: 24, required: false, example: '2026-01-02T03:04:05.700Z' })
  started_at?: string;

  @ApiProperty({ format: 'date-time', maxLength: 24, required: false, example: '2026-01-02T03:04:09.123Z' })
  finished_at?: string;

  /**
   * Number of attempts so far. It exceeds one if a process died or the task waited for an approval.
   * @example 1
   */
  @ApiCount()
  attempt: number;

  /**
   * The failed or cancelled task from whose journal this one continues.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b60'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  retry_of?: string;

  /** On `completed` only: the response that `/chat` would have returned. */
  result?: AgentResponse;

  /** On `failed` and `cancelled` only. */
  error?: ErrorResponse;

  /** Mainly on `waiting_approval`: the tool calls that wait for approval. */
  @ApiProperty({ type: [PendingApprovalDto], maxItems: 100, required: false })
  pending_approvals?: PendingApprovalDto[];

  static from(task: Task): TaskResponse {
    const { pending_approvals, error, ...rest } = task;
    return {
      ...rest,
      ...(error ? { error: { ...error, errors: [...(error.errors ?? [])] } } : {}),
      ...(pending_approvals ? { pending_approvals: [...pending_approvals] } : {}),
    };
  }
}

/** Tasks, newest first. */
@ApiSchema({ name: 'TaskPage' })
export class TaskPage implements Page<Task> {
  @ApiList(100)
  items: TaskResponse[];

  /** Cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}
