import type { RawBuilder } from 'kysely';
import { withJitter } from '../../async/jitter.js';
import { databaseClock } from '../../storage/database.clock.js';
import type { Database } from '../../storage/database.js';

const FIRST_DELAY_MS = 2000;
const MAX_DELAY_MS = 2 * 3_600_000;
const FIRST_HOST_DELAY_MS = 4000;
const MAX_HOST_DELAY_MS = 10 * 60_000;
/** A webhook is given up after this time since its first attempt. */
const GIVE_UP_MS = 24 * 3_600_000;

/** The schedule of webhook deliveries. */
export class WebhookSchedule {
  /** Interval for polling due rows. */
  readonly pollIntervalMs: number = 1000;
  /** Timeout of one attempt. */
  readonly attemptTimeoutMs: number = 15_000;
  /** Lifetime of a claim that its process does not release. */
  readonly claimTtlMs: number = 30_000;

  /** Returns epoch milliseconds by the clock of this process, for signatures and dates of answers. */
  now(): number {
    return Date.now();
  }

  /** The clock by which webhooks are due and claims end: that of the database, as processes disagree. */
  clock({ dialect }: Pick<Database, 'dialect'>): RawBuilder<number> {
    return databaseClock(dialect, this.now());
  }

  /** Returns when the next attempt is due after one that failed now, or undefined if it was the last. */
  nextAt({ attempts, firstTriedAt, now, retryAfterMs = 0 }: FailedAttempt): number | undefined {
    const endsAt = firstTriedAt + GIVE_UP_MS;
    if (now >= endsAt) return undefined;
    const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
    // Webhooks that failed together must not retry together.
    const spreadMs = delayMs * (0.75 + Math.random() / 2);
    return Math.min(endsAt, Math.round(now + Math.max(spreadMs, withJitter(retryAfterMs))));
  }

  /** Returns when a host is due again that timed out now for the n-th time in a row. */
  hostDueAt(timeouts: number, now: number): number {
    return now + Math.min(MAX_HOST_DELAY_MS, FIRST_HOST_DELAY_MS * 2 ** (timeouts - 1));
  }
}

/** The attempts so far. Times in epoch milliseconds, by the clock of the database. */
export interface FailedAttempt {
  readonly attempts: number;
  readonly firstTriedAt: number;
  readonly now: number;
  /** The delay that the receiver requested. */
  readonly retryAfterMs?: number | undefined;
}
