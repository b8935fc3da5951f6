import type { Principal } from '../auth/principal.js';

/** A text to check, with its context. */
export interface GuardedText {
  /** The caller's request, or the agent's answer before it is sent. */
  readonly text: string;
  readonly role: string;
  readonly principal: Principal;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** The reason for a refusal, which the caller reads; undefined accepts the text. */
export type Verdict = string | undefined;

/**
 * A check on the input and the output of an agent. Name it in `guardrails` of @Agent and list it as a provider; it may
 * inject other providers. A refused request costs no model call.
 *
 * @example
 * \@Injectable()
 * export class NoSecrets extends Guardrail {
 *   checkOutput({ text }: GuardedText) { return /sk-\w+/.test(text) ? 'The answer holds a key.' : undefined; }
 * }
 */
export abstract class Guardrail {
  /** Runs before the model is called. */
  checkInput(_request: GuardedText): Verdict | Promise<Verdict> {
    return undefined;
  }

  /** Runs before the answer is stored and reported as complete. */
  checkOutput(_answer: GuardedText): Verdict | Promise<Verdict> {
    return undefined;
  }
}
