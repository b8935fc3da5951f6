import { newId } from '../storage/new.id.js';
import type { ApprovalTable } from '../storage/schema.js';
import { Statement } from '../storage/statement.js';
import type { EventWriter } from './event.writer.js';

const INSERT = new Statement(`
  insert into approvals (run_id, approval_id, step, tool, arguments, created_at) values (?, ?, ?, ?, ?, ?)`);

/** What somebody decided of a tool call that waits. */
export interface Decision {
  readonly decision: 'approve' | 'reject';
  /** For the model to read, when it is rejected. */
  readonly reason?: string | undefined;
}

/** A tool call that needs somebody's decision. */
export interface WantedApproval {
  /** Its place in the run. */
  readonly step: string;
  readonly tool: string;
  readonly input: unknown;
}

/** A task has nothing left to do but to wait for somebody: no process holds it meanwhile. */
export class RunAtRest extends Error {
  override readonly name = 'RunAtRest';
}

interface ApprovalParts {
  readonly runId: string;
  readonly events: EventWriter;
  /** The approvals that earlier attempts have asked for. */
  readonly known: readonly ApprovalTable[];
  /** The run rests until it is decided; else it waits. */
  readonly isResting: boolean;
}

/** The tool calls of one run that wait for somebody's decision. */
export class RunApprovals {
  readonly #waiting = new Map<string, (decision: Decision) => void>();

  constructor(private readonly parts: ApprovalParts) {}

  /** The ids of the approvals that this process waits for. */
  get open(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Asks for the decision, unless that was done before, and waits for it. @throws RunAtRest */
  async decisionOn(wanted: WantedApproval): Promise<Decision> {
    const known = this.parts.known.find(({ step }) => step === wanted.step);
    if (known?.decision) return { decision: known.decision, reason: known.reason ?? undefined };
    const approvalId = known?.approval_id ?? newId();
    const { promise, resolve } = Promise.withResolvers<Decision>();
    if (!this.parts.isResting) this.#waiting.set(approvalId, resolve);
    if (known === undefined) await this.#ask(approvalId, wanted);
    if (this.parts.isResting) throw new RunAtRest();
    return await promise;
  }

  /** Lets the call that waits for it go on. What is decided twice, or not waited for, changes nothing. */
  decide(approvalId: string, decision: Decision): void {
    this.#waiting.get(approvalId)?.(decision);
    this.#waiting.delete(approvalId);
  }

  async #ask(approvalId: string, { step, tool, input }: WantedApproval): Promise<void> {
    const { runId, events } = this.parts;
    await events.commit(
      async (transaction) => {
        await INSERT.run(transaction, runId, approvalId, step, tool, JSON.stringify(input), Date.now());
        return true;
      },
      { type: 'approval.required', approval_id: approvalId, tool, arguments: input },
    );
  }
}
