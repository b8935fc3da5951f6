import { isRunEvent, isRunState } from './answers.js';
import type { ApprovalDecision, RunEvent, RunState } from './api.names.js';
import { changing, following, part } from './calls.js';
import type { FollowOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import type { Transport } from './transport.js';

const RUNS = '/api/v1/agent/runs';

/** Follows, cancels and approves runs of `chat`, `stream` and tasks. */
export class RunsClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Follows a run to its end, from the start or after a known event. */
  events(runId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    const { call, after } = following(`${RUNS}/${part(runId)}/events`, options);
    return follow(this.#transport, { isEvent: isRunEvent, start: call, rejoin: () => call, runId, after });
  }

  /** Cancels a run. Does nothing if it is already cancelled. */
  cancel(runId: string, options: TenantOptions = {}): Promise<RunState> {
    const call = changing('POST', `${RUNS}/${part(runId)}/cancel`, options);
    return this.#transport.json({ ...call, isRepeatable: true }, isRunState);
  }

  /** Approves or rejects a waiting tool call. */
  decide(
    runId: string,
    approvalId: string,
    decision: ApprovalDecision,
    options: TenantOptions = {},
  ): Promise<RunState> {
    const call = changing('POST', `${RUNS}/${part(runId)}/approvals/${part(approvalId)}`, options);
    return this.#transport.json({ ...call, body: decision }, isRunState);
  }
}
