import type { Principal } from '../auth/principal.js';

/** What a guardrail is shown. */
export interface GuardedText {
  /** What the caller asks, or what the agent is about to answer. */
  readonly text: string;
  readonly role: string;
  readonly principal: Principal;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** Why it is refused, for the caller to read; undefined lets it pass. */
export type Verdict = string | undefined;

/**
 * A check on what goes into an agent and what comes out of it. Name it in `guardrails` of @Agent and list it
 * among the providers; it may have whatever it needs injected. A refused request costs no model call.
 *
 * @example
 * \@Injectable()
 * export class NoSecrets extends Guardrail {
 *   checkOutput({ text }: GuardedText) { return /sk-\w+/.test(text) ? 'The answer holds a key.' : undefined; }
 * }
 */
export abstract class Guardrail {
  /** Before the model is asked. */
  checkInput(_request: GuardedText): Verdict | Promise<Verdict> {
    return undefined;
  }

  /** Before the answer is stored and told to be complete. */
  checkOutput(_answer: GuardedText): Verdict | Promise<Verdict> {
    return undefined;
  }
}
