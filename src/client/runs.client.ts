import type { ApprovalDecision, RunEvent, RunState } from './api.names.js';
import { changing, following, part } from './calls.js';
import type { FollowOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import type { Transport } from './transport.js';

const RUNS = '/api/v1/agent/runs';

/** The runs of `chat`, `stream` and the tasks. */
export class RunsClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Follows a run to its end, from the start or behind an event that is known. */
  events(runId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    const { call, after } = following(`${RUNS}/${part(runId)}/events`, options);
    return follow(this.#transport, { start: call, rejoin: () => call, runId, after });
  }

  /** Stops a run. Does nothing more where it is stopped already. */
  cancel(runId: string, options: TenantOptions = {}): Promise<RunState> {
    const call = changing('POST', `${RUNS}/${part(runId)}/cancel`, options);
    return this.#transport.json({ ...call, isRepeatable: true });
  }

  /** Decides on a tool's call that waits for it. */
  decide(
    runId: string,
    approvalId: string,
    decision: ApprovalDecision,
    options: TenantOptions = {},
  ): Promise<RunState> {
    const call = changing('POST', `${RUNS}/${part(runId)}/approvals/${part(approvalId)}`, options);
    return this.#transport.json({ ...call, body: decision });
  }
}
