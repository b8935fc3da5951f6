import { isRunDetails, isRunDetailsV2, isRunEvent, isRunEventV2, isRunState, isRunSummary } from './answers.js';
import type {
  ApprovalDecision,
  RunDetails,
  RunDetailsV2,
  RunEvent,
  RunEventV2,
  RunFilter,
  RunState,
  RunSummary,
} from './api.names.js';
import { followCalls, listCall, pathSegment, readCall, writeCall } from './calls.js';
import type { FollowOptions, ListOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import type { Transport } from './transport.js';

const RUNS = '/api/v1/agent/runs';
const RUNS_V2 = '/api/v2/agent/runs';

/**
 * Reads, follows, cancels and approves runs of `chat`, `stream` and tasks. It is `runs` of a `RookeryClient`. An empty id
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
   * All chats, streams and tasks that the caller may read, newest first. Fetches each page on demand.
   *
   * @throws RookeryError
   *
   * @example
   * const failed = client.runs.list({ status: 'failed', from: '2026-01-01T00:00:00Z' });
   * for await (const { run_id, error_code } of failed) console.log(run_id, error_code);
   */
  list({ status, kind, agent_role, session_id, from, to, ...options }: ListOptions & RunFilter = {}): AsyncGenerator<
    RunSummary,
    void
  > {
    const filter = { status, kind, agent_role, session_id, from, to };
    return this.transport.pages(listCall(RUNS, options, filter), isRunSummary);
  }

  /**
   * Returns a run: its status, the times of its turns and tool calls, and its result or error.
   *
   * @throws RookeryError `run_not_found`.
   *
   * @example
   * const { tool_calls } = await client.runs.get('f3b1c1de');
   * for (const { tool, started_at, finished_at } of tool_calls) console.log(tool, started_at, finished_at);
   */
  get(runId: string, options: TenantOptions = {}): Promise<RunDetails> {
    return this.transport.json(readCall(`${RUNS}/${pathSegment(runId)}`, options), isRunDetails);
  }

  /**
   * Same as `get`, in version 2. Each turn has its cost, and the run has its waits.
   *
   * @throws RookeryError `run_not_found`.
   *
   * @example
   * const { turns, waits } = await client.runs.getV2('f3b1c1de');
   * for (const { model, cost = 0 } of turns) console.log(model, cost);
   * for (const { reason, started_at } of waits) console.log(reason, started_at);
   */
  getV2(runId: string, options: TenantOptions = {}): Promise<RunDetailsV2> {
    return this.transport.json(readCall(`${RUNS_V2}/${pathSegment(runId)}`, options), isRunDetailsV2);
  }

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
   * Same as `events`, in version 2. Its `run.completed` carries the whole answer.
   *
   * @throws RookeryError as `events`.
   *
   * @example
   * for await (const event of client.runs.eventsV2('f3b1c1de')) {
   *   if (event.type === 'run.completed') console.log(event.response.output);
   * }
   */
  eventsV2(runId: string, options: FollowOptions = {}): AsyncGenerator<RunEventV2, void, undefined> {
    return follow(this.transport, isRunEventV2, followCalls(`${RUNS_V2}/${pathSegment(runId)}/events`, options));
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
   * Approves or rejects a waiting tool call. Only the first decision counts. A repeat of it by the same caller gets the
   * current state.
   *
   * @throws RookeryError `run_not_found`, `not_found`, `approval_already_decided`, `approval_expired` or
   * `task_already_finished`.
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
    return this.transport.json({ ...call, body: decision, isRepeatable: true }, isRunState);
  }
}
