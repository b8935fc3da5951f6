import type { Principal } from '../auth/principal.js';

/** A text to check, with its context. */
export interface GuardedText {
  /** The caller's request, or the agent's answer before it is sent. */
  readonly text: string;
  /** The role of the agent that receives the request or gives the answer. */
  readonly role: string;
  /** The caller that the run acts for. */
  readonly principal: Principal;
  /** The session of the run. */
  readonly sessionId: string;
  /** Aborts if the run ends. Pass it on to slow checks. */
  readonly signal: AbortSignal;
}

/** The reason for a refusal, which the caller reads; undefined accepts the text. */
export type Verdict = string | undefined;

/**
 * A check on the input and the output of an agent. Name it in `guardrails` of `Agent` and list it as a provider; it may
 * inject other providers. A refusal fails the run with `guardrail_tripped`. A refused request costs no model call.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { Agent, type GuardedText, Guardrail } from 'rookery';
 *
 * \@Injectable()
 * export class NoSecrets extends Guardrail {
 *   override checkOutput({ text }: GuardedText) {
 *     return /sk-\w+/.test(text) ? 'The answer holds a key.' : undefined;
 *   }
 * }
 *
 * // Beside it, `providers: [NoSecrets, HelpAgent]` of a module.
 * \@Agent({ role: 'help', description: 'Helps.', instructions: 'Help.', guardrails: [NoSecrets] })
 * export class HelpAgent {}
 */
export abstract class Guardrail {
  /**
   * Runs before the model is called. Returns the reason for a refusal, or undefined. Default: accepts every request.
   */
  checkInput(_request: GuardedText): Verdict | Promise<Verdict> {
    return undefined;
  }

  /**
   * Runs before the answer is stored and reported as complete. Returns the reason for a refusal, or undefined. Default:
   * accepts every answer.
   */
  checkOutput(_answer: GuardedText): Verdict | Promise<Verdict> {
    return undefined;
  }
}
