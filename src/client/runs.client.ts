import { isRunEvent, isRunState } from './answers.js';
import type { ApprovalDecision, RunEvent, RunState } from './api.names.js';
import { followCalls, pathSegment, writeCall } from './calls.js';
import type { FollowOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import type { Transport } from './transport.js';

const RUNS = '/api/v1/agent/runs';

/**
 * Follows, cancels and approves runs of `chat`, `stream` and tasks. It is `runs` of a `RookeryClient`. An empty id
 * throws a `TypeError`.
 *
 * @example
 * for await (const { type, run_id } of client.stream({ message: 'Write a novel.' })) {
 *   if (type === 'message.delta') await client.runs.cancel(run_id);
 * }
 */
export class RunsClient {
  constructor(private readonly transport: Transport) {}

  /**
   * Follows a run to its end, from the start or after a known event. It reconnects after the last event, and yields
   * each event once.
   *
   * @throws RookeryError `run_not_found`, also for a run of `chat`, which stores no events; `stream_broken` if no
   * reconnect succeeds.
   *
   * @example
   * for await (const event of client.runs.events('f3b1c1de', { after: 17 })) console.log(event.type);
   */
  events(runId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    return follow(this.transport, isRunEvent, followCalls(`${RUNS}/${pathSegment(runId)}/events`, options));
  }

  /**
   * Cancels a run. Does nothing if it is already cancelled. The run also stops if another process of the service
   * executes it.
   *
   * @throws RookeryError `run_not_found`, or `task_already_finished` if it completed or failed.
   *
   * @example
   * const { status } = await client.runs.cancel('f3b1c1de');
   */
  cancel(runId: string, options: TenantOptions = {}): Promise<RunState> {
    const call = writeCall('POST', `${RUNS}/${pathSegment(runId)}/cancel`, options);
    return this.transport.json({ ...call, isRepeatable: true }, isRunState);
  }

  /**
   * Approves or rejects a waiting tool call. Only the first decision counts.
   *
   * @throws RookeryError `run_not_found`, `not_found`, `approval_already_decided` or `task_already_finished`.
   *
   * @example
   * for await (const event of client.stream({ message: 'Refund order A-1001.' })) {
   *   if (event.type === 'approval.required') {
   *     await client.runs.decide(event.run_id, event.approval_id, { decision: 'approve' });
   *   }
   * }
   */
  decide(
    runId: string,
    approvalId: string,
    decision: ApprovalDecision,
    options: TenantOptions = {},
  ): Promise<RunState> {
    const call = writeCall('POST', `${RUNS}/${pathSegment(runId)}/approvals/${pathSegment(approvalId)}`, options);
    return this.transport.json({ ...call, body: decision }, isRunState);
  }
}
