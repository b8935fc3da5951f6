import { Injectable } from '@nestjs/common';
import { REVOKED_KEY } from '../../auth/key.revocation.js';
import { RunControl } from '../../runs/recovery/run.control.js';
import { RunsRepository } from '../../runs/runs.repository.js';
import type { SessionKey } from '../../sessions/session.key.js';
import { taskOf } from '../task.js';
import { TaskResponse } from '../tasks.dto.js';
import { TasksRepository } from '../tasks.repository.js';
import { WebhookSender } from './webhook.sender.js';
import { WebhooksRepository } from './webhooks.repository.js';

/**
 * Enqueues a webhook in the commit that ends a task, and wakes the sender afterwards. Enqueues another in the commit
 * that suspends a task for approvals.
 */
@Injectable()
export class WebhookWriter {
  /** Sessions whose task ends in a commit that has not finished yet. */
  readonly #ending = new Set<string>();

  constructor(
    webhooks: WebhooksRepository,
    sender: WebhookSender,
    runs: RunsRepository,
    tasks: TasksRepository,
    control: RunControl,
  ) {
    tasks.onSuspend(async (row, pending, transaction) => {
      const { run_id: task_id, tenant, session_id, webhook_url: url, caller } = row;
      if (url === null) return;
      const body = JSON.stringify({ type: 'approval.required', ...taskOf(row, pending) });
      // The id of the task is that of the webhook about its end.
      const [{ approval_id: run_id }] = pending;
      await webhooks.enqueue(transaction, { run_id, task_id, tenant, session_id, url, body, caller });
    });
    runs.onEnd(async (row, transaction) => {
      const { run_id, tenant, session_id, webhook_url: url, cancel_reason, caller } = row;
      if (url === null || cancel_reason === REVOKED_KEY) return;
      const body = JSON.stringify(TaskResponse.from(taskOf(row)));
      await webhooks.enqueue(transaction, { run_id, tenant, session_id, url, body, caller });
      this.#ending.add(nameOf(row));
    });
    control.onReleased((key) => {
      if (this.#ending.delete(nameOf(key))) sender.poll();
    });
  }
}

function nameOf({ tenant, session_id }: SessionKey): string {
  return JSON.stringify([tenant, session_id]);
}
