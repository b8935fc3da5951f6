import { isRunEvent, isTask } from './answers.js';
import type { ApprovalDecision, RunEvent, TaskRequest, TaskResponse } from './api.names.js';
import { followCalls, listCall, pathSegment, readCall, startCall, writeCall } from './calls.js';
import type { FollowOptions, ListOptions, StartOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import { pause } from './pause.js';
import { RookeryError } from './rookery.error.js';
import { retryDelayMs, type Transport } from './transport.js';

const TASKS = '/api/v1/agent/tasks';
const FINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/**
 * Options for waiting for a task.
 *
 * @example
 * import type { WaitOptions } from 'rookery/client';
 *
 * const options: WaitOptions = {
 *   signal: AbortSignal.timeout(600_000),
 *   onEvent: ({ type, run_id }) => console.log(run_id, type),
 * };
 * const { status } = await client.waitForTask('f3b1c1de', options);
 */
export interface WaitOptions extends TenantOptions {
  /** Receives the events of the task, such as `approval.required`, on which the task waits. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Runs agents in the background. It is `tasks` of a `RookeryClient`. An empty id throws a `TypeError`.
 *
 * @example
 * const { task_id } = await client.tasks.create({ message: 'Sum up the week.' });
 * const { status, result } = await client.tasks.wait(task_id);
 */
export class TasksClient {
  constructor(private readonly transport: Transport) {}

  /**
   * Starts a task. The service keeps it even if its process dies. A retry never starts it twice.
   *
   * @throws RookeryError `validation_failed`, `session_busy`, `rate_limited`, `token_budget_exhausted` or another code.
   *
   * @example
   * const { task_id } = await client.tasks.create(
   *   { message: 'Sum up the week.', webhook_url: 'https://app.example.com/done' },
   *   { idempotencyKey: 'week-12' },
   * );
   */
  create(request: TaskRequest, options: StartOptions = {}): Promise<TaskResponse> {
    return this.transport.json(startCall(TASKS, request, options), isTask);
  }

  /**
   * Returns a task with its status, its result or error, and its pending approvals.
   *
   * @throws RookeryError `task_not_found`.
   *
   * @example
   * const { status, pending_approvals = [] } = await client.tasks.get('f3b1c1de');
   */
  get(taskId: string, options: TenantOptions = {}): Promise<TaskResponse> {
    return this.transport.json(readCall(`${TASKS}/${pathSegment(taskId)}`, options), isTask);
  }

  /**
   * All tasks, newest first. Fetches each page on demand.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { task_id, error } of client.tasks.list({ status: 'failed' })) console.log(task_id, error?.error);
   */
  list({ status, ...options }: ListOptions & { readonly status?: TaskResponse['status'] } = {}): AsyncGenerator<
    TaskResponse,
    void
  > {
    return this.transport.pages(listCall(TASKS, options, { status }), isTask);
  }

  /**
   * Cancels a task. Does nothing if it is already cancelled.
   *
   * @throws RookeryError `task_not_found`, or `task_already_finished` if it completed or failed.
   *
   * @example
   * const { status } = await client.tasks.cancel('f3b1c1de');
   */
  cancel(taskId: string, options: TenantOptions = {}): Promise<TaskResponse> {
    const call = writeCall('POST', `${TASKS}/${pathSegment(taskId)}/cancel`, options);
    return this.transport.json({ ...call, isRepeatable: true }, isTask);
  }

  /**
   * Starts a new task that continues after the last finished step of a failed or cancelled one. A repeated call of the
   * client never starts it twice.
   *
   * @throws RookeryError `task_not_found`, `task_not_retryable`, `session_busy` or another code.
   *
   * @example
   * const { task_id, retry_of } = await client.tasks.retry('f3b1c1de');
   */
  retry(taskId: string, options: StartOptions = {}): Promise<TaskResponse> {
    return this.transport.json(startCall(`${TASKS}/${pathSegment(taskId)}/retry`, undefined, options), isTask);
  }

  /**
   * Approves or rejects a waiting tool call. Only the first decision counts. A repeat of it by the same caller gets the
   * current state.
   *
   * @throws RookeryError `task_not_found`, `not_found`, `approval_already_decided`, `approval_expired` or
   * `task_already_finished`.
   *
   * @example
   * const { task_id, pending_approvals = [] } = await client.tasks.get('f3b1c1de');
   * for (const { approval_id } of pending_approvals) {
   *   await client.tasks.decide(task_id, approval_id, { decision: 'reject', reason: 'Too expensive.' });
   * }
   */
  decide(
    taskId: string,
    approvalId: string,
    decision: ApprovalDecision,
    options: TenantOptions = {},
  ): Promise<TaskResponse> {
    const call = writeCall('POST', `${TASKS}/${pathSegment(taskId)}/approvals/${pathSegment(approvalId)}`, options);
    return this.transport.json({ ...call, body: decision, isRepeatable: true }, isTask);
  }

  /**
   * Follows a task to its end, from the start or after a known event. It reconnects after the last event, and yields
   * each event once.
   *
   * @throws RookeryError `task_not_found`; `stream_broken` if no reconnect succeeds.
   *
   * @example
   * for await (const event of client.tasks.events('f3b1c1de')) {
   *   if (event.type === 'tool.started') console.log(event.tool, event.arguments);
   * }
   */
  events(taskId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    return follow(this.transport, isRunEvent, followCalls(`${TASKS}/${pathSegment(taskId)}/events`, options));
  }

  /**
   * Waits until the task has completed, failed or been cancelled. Follows its events; polls if the stream fails. A
   * failed task resolves too: look at its `status`. It has no time limit of its own.
   *
   * @throws RookeryError `task_not_found`, or the reason of the signal.
   *
   * @example
   * const { status, result, error } = await client.tasks.wait('f3b1c1de', {
   *   onEvent: (event) => event.type === 'approval.required' && console.log('Approve', event.approval_id),
   * });
   */
  async wait(taskId: string, { onEvent, ...options }: WaitOptions = {}): Promise<TaskResponse> {
    let after = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        for await (const event of this.events(taskId, { ...options, after })) {
          after = event.sequence;
          onEvent?.(event);
        }
      } catch (failure) {
        if (!(failure instanceof RookeryError) || !isTransient(failure)) throw failure;
      }
      const task = await this.get(taskId, options);
      if (FINAL.has(task.status)) return task;
      await pause(retryDelayMs(tries), this.transport.signalOf(options.signal));
    }
  }
}

/** True if polling can replace the failed stream. */
function isTransient({ status }: RookeryError): boolean {
  return status === 0 || status === 429 || status >= 500;
}
