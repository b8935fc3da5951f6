import { AgentError, invalidField } from '../errors/agent.error.js';
import { newId } from '../storage/new.id.js';

/** What somebody decided of a tool call that waits. */
export interface Decision {
  readonly decision: 'approve' | 'reject';
  /** For the model to read, when it is rejected. */
  readonly reason?: string | undefined;
}

/** The tool calls of one run that wait for somebody's decision; each is decided once. */
export class RunApprovals {
  readonly #waiting = new Map<string, (decision: Decision) => void>();
  readonly #decided = new Set<string>();

  /** Opens an approval: its id to be told, and the decision that will come. */
  ask(): { readonly id: string; readonly decision: Promise<Decision> } {
    const id = newId();
    const { promise: decision, resolve } = Promise.withResolvers<Decision>();
    this.#waiting.set(id, resolve);
    return { id, decision };
  }

  /** @throws AgentError `approval_already_decided`, `validation_failed`, or `not_found` where the run has no such approval. */
  decide(id: string, decision: Decision): void {
    if (this.#decided.has(id)) throw new AgentError('approval_already_decided');
    if (!['approve', 'reject'].includes(decision.decision)) {
      throw invalidField('decision', 'decision must be approve or reject');
    }
    const resolve = this.#waiting.get(id);
    if (!resolve) throw new AgentError('not_found', { detail: `The run has no approval "${id}".` });
    this.#waiting.delete(id);
    this.#decided.add(id);
    resolve(decision);
  }
}
