const FIRST_DELAY_MS = 2000;
const LONGEST_DELAY_MS = 2 * 3_600_000;
/** How long after its first try a webhook is given up. */
const GIVE_UP_MS = 24 * 3_600_000;

/** When webhooks are tried. */
export class WebhookPace {
  /** How often rows are looked for that are due. */
  readonly lookMs: number = 1000;
  /** The longest that one try may take. */
  readonly tryMs: number = 15_000;
  /** How long a claim holds whose process says nothing more. */
  readonly claimMs: number = 30_000;

  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }

  /** When the next try is due after one that failed just now, or undefined where it was the last. */
  nextAt({ attempts, firstTriedAt, retryAfterMs = 0 }: FailedTry): number | undefined {
    const now = this.now();
    const endsAt = firstTriedAt + GIVE_UP_MS;
    if (now >= endsAt) return undefined;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
    // Those that failed together do not come back together.
    const spreadMs = delayMs * (0.75 + Math.random() / 2);
    return Math.min(endsAt, Math.round(now + Math.max(spreadMs, retryAfterMs)));
  }
}

/** What is known of the tries so far. */
export interface FailedTry {
  readonly attempts: number;
  readonly firstTriedAt: number;
  /** As the receiver has asked for. */
  readonly retryAfterMs?: number | undefined;
}
