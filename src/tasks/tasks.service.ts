import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { HOST_PRINCIPAL, type Owner, type Principal } from '../auth/principal.js';
import { REVOKED_KEY } from '../auth/key.revocation.js';
import { AgentError } from '../errors/agent.error.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import type { FollowOptions, RunOptions } from '../runs/agent-runner.types.js';
import type { Decision } from '../runs/journal/run.approvals.js';
import { decidableBy } from '../runs/reading/run.access.js';
import { isErasure } from '../runs/recovery/cancel.reasons.js';
import { RunControl } from '../runs/recovery/run.control.js';
import type { RunRequest, StoredEvent } from '../runs/events/run.events.js';
import { belongsTo, type RunRow } from '../runs/run.row.js';
import { type ExistingRun, RunStarter } from '../runs/run.starter.js';
import { type Task, taskOf, withoutOutcome } from './task.js';
import { TaskQueue } from './queue/task.queue.js';
import { TasksRepository } from './tasks.repository.js';
import { WebhookTargets } from './webhooks/webhook.targets.js';
import type { RequestIds } from '../http/http.types.js';

/** The request for a task. */
export interface TaskSubmission extends RunRequest {
  /** The URL to which the finished task is posted. */
  readonly webhook_url?: string | undefined;
}

/** The submitter of a task, and the ids of the request. */
export type Submitter = Pick<RunOptions, 'principal' | 'requestId' | 'idempotencyKey'>;

/**
 * Manages background runs. An acknowledged task is on disk and survives a crash of the service. `AgentModule` provides
 * it.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { TasksService } from 'rookery';
 *
 * \@Injectable()
 * export class NightShift {
 *   constructor(private readonly tasks: TasksService) {}
 *
 *   async begin(message: string) {
 *     const { task } = await this.tasks.submit({ message, agent_role: 'clerk' });
 *     return task.task_id;
 *   }
 * }
 */
@Injectable()
export class TasksService {
  readonly #logger = new Logger(TasksService.name);

  constructor(
    private readonly starter: RunStarter,
    private readonly runner: AgentRunnerService,
    private readonly control: RunControl,
    private readonly tasks: TasksRepository,
    private readonly queue: TaskQueue,
    private readonly webhookTargets: WebhookTargets,
  ) {}

  /**
   * Submits a task. Its row is on disk when this resolves. A repeat with the same key returns the first task.
   *
   * @throws AgentError `validation_failed`, `session_busy`, `rate_limited`, `token_budget_exhausted`,
   * `idempotency_key_reused`, `draining`, `storage_unavailable`, or another code if the task is refused.
   *
   * @example
   * const { task, isReplayed } = await tasks.submit(
   *   { message: 'Sum up the week.', webhook_url: 'https://app.example.com/done' },
   *   { principal: { tenant: 'acme', id: 'user:ada' }, idempotencyKey: 'week-12' },
   * );
   */
  async submit(
    submission: TaskSubmission,
    submitter: Submitter = {},
  ): Promise<{ readonly task: Task; readonly isReplayed: boolean }> {
    if (this.runner.isDraining) throw new AgentError('draining');
    const { webhook_url: webhookUrl, ...request } = submission;
    const { principal = HOST_PRINCIPAL, requestId = randomUUID(), idempotencyKey } = submitter;
    if (webhookUrl !== undefined) await this.webhookTargets.check(webhookUrl);
    const row = await this.starter.submit({ kind: 'task', request, webhookUrl, principal, requestId, idempotencyKey });
    return await this.#submitted(row, principal);
  }

  /**
   * Submits a new task that continues after the last finished step of a failed or cancelled one. It belongs to the
   * principal given here, with its scopes and budget. Its end user is that of the earlier task, which stays as it is.
   * Its webhook is posted only if the same principal submitted both. While the new task is open, a repeat of the same
   * principal gets it.
   *
   * @throws AgentError `task_not_found`, `task_not_retryable`, and the codes of `submit`.
   *
   * @example
   * const { task } = await tasks.retry('f3b1c1de', { principal: { tenant: 'acme', id: 'user:ada' } });
   */
  async retry(
    taskId: string,
    submitter: Submitter = {},
  ): Promise<{ readonly task: Task; readonly isReplayed: boolean }> {
    if (this.runner.isDraining) throw new AgentError('draining');
    const { principal = HOST_PRINCIPAL, requestId = randomUUID(), idempotencyKey } = submitter;
    const earlier = await this.#find(taskId, principal);
    const isOver = earlier.status === 'failed' || earlier.status === 'cancelled';
    if (!isOver || isErasure(earlier.cancel_reason)) throw new AgentError('task_not_retryable');
    if (earlier.cancel_reason === REVOKED_KEY) {
      throw new AgentError('task_not_retryable', { detail: 'The API key that submitted the task was revoked.' });
    }
    return await this.#submitted(
      await this.starter.retry(earlier, { principal, requestId, idempotencyKey }),
      principal,
    );
  }

  async #submitted(row: RunRow | ExistingRun, principal: Principal) {
    if ('existingRunId' in row) return { task: await this.get(row.existingRunId, principal), isReplayed: true };
    // If this fails, the stored row is enqueued again later.
    this.queue.enqueue(row.run_id).catch((cause: unknown) => {
      this.#logger.warn({ run_id: row.run_id, cause, msg: 'a task could not be enqueued; it is enqueued again later' });
    });
    return { task: taskOf(row), isReplayed: false };
  }

  /**
   * Returns a task with its result or error, and its pending approvals.
   *
   * @param owner a task of another owner is not found. Default: `HOST_PRINCIPAL`, all of the tenant `default`.
   * @throws AgentError `task_not_found`
   *
   * @example
   * const { status, result, error } = await tasks.get('f3b1c1de');
   */
  async get(taskId: string, owner: Owner = HOST_PRINCIPAL): Promise<Task> {
    const row = await this.#find(taskId, owner);
    return taskOf(row, await this.tasks.pending([row]));
  }

  /**
   * Lists the tasks of an owner, newest first. Default: 20 a page.
   *
   * @param owner the tenant, or one of its end users. Default: `HOST_PRINCIPAL`, all of the tenant `default`.
   * @throws AgentError `validation_failed` if the cursor is invalid.
   *
   * @example
   * const { items, next_cursor } = await tasks.list({ tenant: 'acme' }, { status: 'failed', limit: 100 });
   */
  async list(
    { tenant, endUser }: Owner = HOST_PRINCIPAL,
    { limit = 20, cursor, status }: Partial<PageRequest> & { readonly status?: RunRow['status'] | undefined } = {},
  ): Promise<Page<Task>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.tasks.list({ tenant, endUser, status, limit: limit + 1, after });
    const shown = rows.slice(0, limit);
    const approvals = await this.tasks.pending(shown);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => taskOf(row, approvals)),
      next_cursor: rows.length > limit && last ? encodeCursor(last.created_at, last.run_id) : null,
    };
  }

  /**
   * Cancels a task on any replica. Does nothing if it is already cancelled.
   *
   * @param principal who cancels; a task of others is not found. Default: `HOST_PRINCIPAL`, all of the tenant `default`.
   * @throws AgentError `task_not_found`, or `task_already_finished` if the task completed or failed.
   *
   * @example
   * const { status } = await tasks.cancel('f3b1c1de');
   */
  async cancel(taskId: string, principal: Principal = HOST_PRINCIPAL): Promise<Task> {
    await this.#find(taskId, principal);
    await this.control.cancel(taskId, principal);
    return await this.get(taskId, principal);
  }

  /**
   * Approves or rejects a pending tool call. Only the first decision counts. A repeat of it by the same principal gets
   * the current state. The task of another end user is returned without its result and error.
   *
   * @param principal who decides; a task of others is not found. Default: `HOST_PRINCIPAL`, all of the tenant `default`.
   * @throws AgentError `task_not_found`, `not_found`, `approval_already_decided`, `approval_expired`,
   * `approval_by_requester` or `task_already_finished`.
   *
   * @example
   * const { task_id, pending_approvals = [] } = await tasks.get('f3b1c1de');
   * for (const { approval_id } of pending_approvals) {
   *   await tasks.decide(task_id, approval_id, { decision: 'reject', reason: 'Too expensive.' });
   * }
   */
  async decide(
    taskId: string,
    approvalId: string,
    { requestId, ...decision }: Decision & { readonly requestId?: string | RequestIds | undefined },
    principal: Principal = HOST_PRINCIPAL,
  ): Promise<Task> {
    const owner = decidableBy(principal);
    const row = await this.#find(taskId, owner);
    await this.control.decide({ runId: taskId, approvalId }, decision, principal, requestId);
    const task = await this.get(taskId, owner);
    return belongsTo(row, principal) ? task : withoutOutcome(task);
  }

  /**
   * Returns the events of a task as `AgentRunnerService.follow` does.
   *
   * @throws AgentError `task_not_found`
   *
   * @example
   * for await (const batch of (await tasks.follow('f3b1c1de')) ?? []) {
   *   for (const { type, data } of batch) console.log(type, data);
   * }
   */
  async follow(
    taskId: string,
    options: FollowOptions = {},
  ): Promise<AsyncIterable<readonly StoredEvent[]> | undefined> {
    await this.#find(taskId, options.principal ?? HOST_PRINCIPAL);
    return await this.runner.follow(taskId, options);
  }

  async #find(taskId: string, owner: Owner): Promise<RunRow> {
    const row = await this.tasks.find(taskId, owner);
    if (!row) throw new AgentError('task_not_found', { detail: `Task "${taskId}" does not exist.` });
    return row;
  }
}
