import type { Transaction } from 'kysely';
import { newId } from '../../storage/new.id.js';
import type { ApprovalTable, Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statements/statement.js';
import type { EventWriter } from '../events/event.writer.js';

const INSERT = new Statement(`
  insert into approvals (run_id, tenant, approval_id, step, tool, arguments, decider, created_at)
  values (?, ?, ?, ?, ?, ?, ?, ?)`);

const CLOSE = new Statement(`update approvals set decided_at = ? where run_id = ? and decided_at is null`);

/** A decision on a pending tool call. */
export interface Decision {
  /** Whether the tool runs. */
  readonly decision: 'approve' | 'reject';
  /** Shown to the model if the call is rejected. */
  readonly reason?: string | undefined;
}

/** A tool call that needs an approval. */
export interface ApprovalRequest {
  /** The step of the call in the run. */
  readonly step: string;
  readonly tool: string;
  readonly input: unknown;
  /** `another`: the requester cannot decide; undefined: anybody who may decide. */
  readonly by?: 'another' | undefined;
}

/** A task only waits for approvals, so no process holds it meanwhile. */
export class RunSuspended extends Error {
  override readonly name = 'RunSuspended';
}

interface ApprovalParts {
  readonly runId: string;
  readonly tenant: string;
  readonly events: EventWriter;
  /** The approvals that earlier attempts requested. */
  readonly requested: readonly ApprovalTable[];
  /** True: the run is suspended until the decision. False: it waits in this process. */
  readonly isSuspendable: boolean;
  /** How long a suspended run waits; 0: without limit. */
  readonly timeoutMs: number;
}

/** The pending approvals of one run. */
export class RunApprovals {
  readonly #waiting = new Map<string, (decision: Decision) => void>();
  #hasRequested: boolean;
  /** When the oldest approval was requested for which the run is suspended. */
  #suspendedAt = Infinity;

  constructor(private readonly parts: ApprovalParts) {
    this.#hasRequested = parts.requested.length > 0;
  }

  /** True if the run has requested an approval, in any attempt. */
  get hasRequested(): boolean {
    return this.#hasRequested;
  }

  /** The ids of the approvals that this process waits for. */
  get waitingIds(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** When the run expires that is suspended now; undefined: it has no limit. */
  get suspendedUntil(): Date | undefined {
    const { timeoutMs } = this.parts;
    return timeoutMs > 0 && this.#suspendedAt < Infinity ? new Date(this.#suspendedAt + timeoutMs) : undefined;
  }

  /** Requests the approval once and waits for the decision. @throws RunSuspended if the run is suspended instead. */
  async requestDecision(request: ApprovalRequest): Promise<Decision> {
    const row = this.parts.requested.find(({ step }) => step === request.step);
    if (row?.decision) return { decision: row.decision, reason: row.reason ?? undefined };
    const approvalId = row?.approval_id ?? newId();
    const { promise, resolve } = Promise.withResolvers<Decision>();
    if (!this.parts.isSuspendable) this.#waiting.set(approvalId, resolve);
    if (row === undefined) await this.#request(approvalId, request);
    if (this.parts.isSuspendable) {
      const since = row === undefined ? Date.now() : Math.max(row.created_at, row.expires_from ?? 0);
      this.#suspendedAt = Math.min(this.#suspendedAt, since);
      throw new RunSuspended();
    }
    return await promise;
  }

  /** Resumes the call that waits for the approval. Repeated and unknown decisions have no effect. */
  decide(approvalId: string, decision: Decision): void {
    this.#waiting.get(approvalId)?.(decision);
    this.#waiting.delete(approvalId);
  }

  async #request(approvalId: string, { step, tool, input, by }: ApprovalRequest): Promise<void> {
    const { runId, tenant, events } = this.parts;
    this.#hasRequested = true;
    await events.commit(
      async (transaction) => {
        const call = [step, tool, JSON.stringify(input), by ?? null];
        await INSERT.execute(transaction, runId, tenant, approvalId, ...call, Date.now());
        return true;
      },
      { type: 'approval.required', approval_id: approvalId, tool, arguments: input, ...(by ? { by } : {}) },
    );
  }
}

/** Closes the undecided approvals of a run in the commit that ends it. They no longer count as waiting. */
export async function closeApprovals(runId: string, transaction: Transaction<Schema>): Promise<void> {
  await CLOSE.execute(transaction, Date.now(), runId);
}
