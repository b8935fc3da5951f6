import { isRunEvent, isTask } from './answers.js';
import type { ApprovalDecision, RunEvent, TaskRequest, TaskResponse } from './api.names.js';
import { changing, following, part, reading, starting } from './calls.js';
import type { FollowOptions, ListOptions, StartOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import { pagesOf } from './pages.js';
import { pause } from './pause.js';
import { RookeryError } from './rookery.error.js';
import { pauseAfter, type Transport } from './transport.js';

const TASKS = '/api/v1/agent/tasks';
const FINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** Options for waiting for a task. */
export interface WaitOptions extends TenantOptions {
  /** Receives the events of the task, such as `approval.required`, on which the task waits. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** Runs agents in the background. */
export class TasksClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(request: TaskRequest, options: StartOptions = {}): Promise<TaskResponse> {
    return this.#transport.json(starting(TASKS, request, options), isTask);
  }

  get(taskId: string, options: TenantOptions = {}): Promise<TaskResponse> {
    return this.#transport.json(reading(`${TASKS}/${part(taskId)}`, options), isTask);
  }

  /** All tasks, newest first. */
  list({ status, ...options }: ListOptions & { readonly status?: TaskResponse['status'] } = {}): AsyncGenerator<
    TaskResponse,
    void
  > {
    return pagesOf(this.#transport, { path: TASKS, isItem: isTask, filter: { status } }, options);
  }

  /** Cancels a task. Does nothing if it is already cancelled. */
  cancel(taskId: string, options: TenantOptions = {}): Promise<TaskResponse> {
    const call = changing('POST', `${TASKS}/${part(taskId)}/cancel`, options);
    return this.#transport.json({ ...call, isRepeatable: true }, isTask);
  }

  /** Approves or rejects a waiting tool call. */
  decide(
    taskId: string,
    approvalId: string,
    decision: ApprovalDecision,
    options: TenantOptions = {},
  ): Promise<TaskResponse> {
    const call = changing('POST', `${TASKS}/${part(taskId)}/approvals/${part(approvalId)}`, options);
    return this.#transport.json({ ...call, body: decision }, isTask);
  }

  /** Follows a task to its end, from the start or after a known event. */
  events(taskId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    const { call, after } = following(`${TASKS}/${part(taskId)}/events`, options);
    return follow(this.#transport, { isEvent: isRunEvent, start: call, rejoin: () => call, runId: taskId, after });
  }

  /** Waits until the task has completed, failed or been cancelled. Follows its events; polls if the stream fails. */
  async wait(taskId: string, { onEvent, ...options }: WaitOptions = {}): Promise<TaskResponse> {
    let after = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        for await (const event of this.events(taskId, { ...options, after })) {
          after = event.sequence;
          onEvent?.(event);
        }
      } catch (failure) {
        if (!(failure instanceof RookeryError) || !isPassing(failure)) throw failure;
      }
      const task = await this.get(taskId, options);
      if (FINAL.has(task.status)) return task;
      await pause(pauseAfter(tries), this.#transport.signalOf(options.signal));
    }
  }
}

/** True if polling can replace the failed stream. */
function isPassing({ status }: RookeryError): boolean {
  return status === 0 || status === 429 || status >= 500;
}
