import type { Principal } from '../auth/principal.js';
import type { StoredEvent } from './events/run.events.js';
import type { RunOutcome } from './events/run.outcome.js';

/**
 * Options for starting a run, from an entry point or from the host's own code.
 *
 * @example
 * import type { RunOptions } from 'rookery';
 *
 * const options: RunOptions = {
 *   signal: AbortSignal.timeout(10_000),
 *   principal: { tenant: 'acme', id: 'user:ada', endUser: 'ada' },
 *   idempotencyKey: 'order-4711',
 * };
 * const { reply } = await runner.run({ message: 'Hello' }, options);
 */
export interface RunOptions {
  /** Cancels the run and closes the provider's socket at once. */
  readonly signal?: AbortSignal | undefined;
  /** The principal that the run acts for; default: the host's own. */
  readonly principal?: Principal | undefined;
  /** Links the run to a request in logs and errors; default: a new id. */
  readonly requestId?: string | undefined;
  /**
   * Names this request for 24 hours. A repeat with the same key gets the same answer, and the agent runs once. With
   * `run` and `stream`, a run with a key continues when `signal` aborts. `begin` applies its own policy.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * The scope of the key. Answers and streams with the same key space share their keys: one repeats the other. Default:
   * answers and streams have separate keys.
   */
  readonly keySpace?: string | undefined;
}

/** The outcome of a completed run, and when it was stored. */
export interface CompletedRun {
  readonly outcome: RunOutcome;
  /** Epoch milliseconds, as in the row of the run. */
  readonly finishedAt: number | undefined;
}

/** The events of a run, and whether an earlier request with the same key started it. */
export interface RunStream {
  /** The id of the run. */
  readonly runId: string;
  /** Whether an earlier request with the same key started the run. */
  readonly isReplayed: boolean;
  /** Batches of events as they arrived; undefined if the caller has all of them. */
  readonly events: AsyncIterable<readonly StoredEvent[]> | undefined;
  /** @deprecated Use `events`. */
  readonly frames: AsyncIterable<readonly StoredEvent[]> | undefined;
  /** After the last event: how the run has completed. Undefined if it has not, or an earlier request started it. */
  readonly completion?: (() => Promise<CompletedRun | undefined>) | undefined;
}

/**
 * The position to read from, and the signal that ends the reading.
 *
 * @example
 * import type { FollowOptions } from 'rookery';
 *
 * const options: FollowOptions = { after: 17, signal: AbortSignal.timeout(60_000) };
 * const events = await runner.follow('f3b1c1de', options);
 */
export interface FollowOptions {
  /** The principal that reads; a run of another tenant is not found. Default: the host. */
  readonly principal?: Principal | undefined;
  /** The sequence number of the last event that the reader has; default 0: none. */
  readonly after?: number | undefined;
  /** Ends the reading. The run continues. */
  readonly signal?: AbortSignal | undefined;
  /**
   * With the reasoning of the model as it goes on, if the run has a `reasoning_summary`. It comes in items of the type
   * `facts` without data, which have the `sequence` of the event before them. Default: without.
   */
  readonly earlyFacts?: boolean | undefined;
}
