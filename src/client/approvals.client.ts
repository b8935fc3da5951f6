import { isWaitingApproval } from './answers.js';
import type { WaitingApproval } from './api.names.js';
import { listCall } from './calls.js';
import type { ListOptions } from './client.options.js';
import type { Transport } from './transport.js';

/**
 * Lists the tool calls that wait for a decision. It is `approvals` of a `RookeryClient`.
 *
 * @example
 * for await (const { run_id, approval_id, tool } of client.approvals.list()) {
 *   if (tool === 'refund') await client.runs.decide(run_id, approval_id, { decision: 'approve' });
 * }
 */
export class ApprovalsClient {
  constructor(private readonly transport: Transport) {}

  /**
   * All tool calls that wait for a decision, oldest first. Fetches each page on demand. Without the scope `approvals`
   * they are those of one's own runs.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { tool, created_at } of client.approvals.list()) console.log(tool, created_at);
   */
  list(options: ListOptions = {}): AsyncGenerator<WaitingApproval, void> {
    return this.transport.pages(listCall('/api/v1/agent/approvals', options), isWaitingApproval);
  }
}
