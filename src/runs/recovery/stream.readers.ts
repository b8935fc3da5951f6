import { Injectable } from '@nestjs/common';
import { prependFirst } from '../../async/prepend.first.js';
import { HOST_PRINCIPAL, type Principal } from '../../auth/principal.js';
import { AgentError, invalidField } from '../../errors/agent.error.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import type { FollowOptions } from '../agent-runner.types.js';
import { EventLog } from '../events/event.log.js';
import type { StoredEvent } from '../events/run.events.js';
import type { Run } from '../run.js';
import { hasEvents, isOver, isUnstored, type RunRow } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';
import { RunControl } from './run.control.js';
import { RunsModuleOptions } from '../runs.options.js';

type EventBatches = AsyncIterable<readonly StoredEvent[]>;

/** The longest time of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * When a streamed run is cancelled because nobody reads it: at once, never, or after that time without a reader.
 *
 * @example
 * import type { UnreadPolicy } from 'rookery';
 *
 * const policy: UnreadPolicy = { afterMs: 10_000 };
 * const { events } = await runner.begin({ message: 'Hello' }, {}, policy);
 */
export type UnreadPolicy = 'cancel' | 'continue' | UnreadTime;

/** The longest time without a reader. */
export interface UnreadTime {
  /** Milliseconds. */
  readonly afterMs: number;
}

/** Maximum interval between the announcements of a reader to the replica of the run. */
const ANNOUNCE_INTERVAL_MS = 1000;

/** Reads the events of runs, and cancels a streamed run that nobody reads. */
@Injectable()
export class StreamReaders {
  /** The runs that this process has begun for readers. */
  readonly #counts = new Map<string, ReaderCount>();
  readonly #stopped = new AbortController();

  constructor(
    private readonly control: RunControl,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly options: RunsModuleOptions,
    private readonly pubsub: PubSub,
  ) {}

  /** @param unread may be milliseconds. Default: the grace period of the options. */
  policyOf(unread: UnreadPolicy | number = this.options.streamGraceMs): UnreadPolicy {
    if (typeof unread === 'string') return unread;
    const afterMs = typeof unread === 'number' ? unread : unread.afterMs;
    if (afterMs <= 0) return 'cancel';
    return afterMs > MAX_TIMER_MS ? 'continue' : { afterMs };
  }

  /** Reads a run that this process is about to begin. Subscribes before it begins, so that no event is missed. */
  readNew(run: Run, policy: UnreadPolicy, options: Pick<FollowOptions, 'signal' | 'earlyFacts'>): EventBatches {
    const { signal, earlyFacts: withEarly } = options;
    const events = this.log.follow(run.id, 0, { signal, isNew: true, withEarly });
    return this.#readOwn(run, prependFirst(events.next(), events), policy);
  }

  /**
   * Returns the events of a run after a given number: stored ones first, then live ones.
   *
   * @returns undefined if the run is over and has no event after that number.
   * @throws AgentError `run_not_found`, or `validation_failed` if the number is beyond the last event.
   */
  async follow(
    runId: string,
    { principal = HOST_PRINCIPAL, after = 0, signal: left, earlyFacts: withEarly }: FollowOptions,
  ): Promise<EventBatches | undefined> {
    const row = await this.runs.find(runId, principal);
    if (row !== undefined && isUnstored(row)) throw new AgentError('answer_not_stored');
    if (row === undefined || !hasEvents(row)) throw new AgentError('run_not_found');
    const last = after === 0 ? 0 : await this.log.lastSequence(runId);
    if (after > last) throw invalidField('after', `The run has no event ${after}: the last one is ${last}.`);
    if (after > 0 && after === last && isOver(row)) return undefined;
    const stopped = this.#stopped.signal;
    const signal = left ? AbortSignal.any([left, stopped]) : stopped;
    const events = this.log.follow(runId, after, { signal, withEarly });
    return row.kind === 'task' ? events : this.#readAny(runId, events);
  }

  /** The row of a run that is over. @throws AgentError `idempotency_key_in_use` while it is active. */
  async finished(runId: string, principal: Principal): Promise<RunRow> {
    const row = await this.runs.find(runId, principal);
    if (row === undefined || !isOver(row)) throw new AgentError('idempotency_key_in_use');
    return row;
  }

  /** Ends the reading of runs. Clients can read them on other replicas. */
  stop(): void {
    this.#stopped.abort();
  }

  async *#readOwn(run: Run, batches: EventBatches, policy: UnreadPolicy): AsyncGenerator<readonly StoredEvent[]> {
    const count = new ReaderCount(run, policy, this.pubsub);
    this.#counts.set(run.id, count);
    void this.#untilEnded(run, count);
    yield* count.read(batches);
  }

  /** Announces the reader to the replica of the run. */
  async *#readAny(runId: string, batches: EventBatches): AsyncGenerator<readonly StoredEvent[]> {
    const everyMs = Math.min(ANNOUNCE_INTERVAL_MS, Math.max(10, this.options.streamGraceMs / 3));
    const timer = setInterval(() => this.control.announceReader(runId), everyMs);
    this.control.announceReader(runId);
    try {
      yield* this.#counts.get(runId)?.read(batches) ?? batches;
    } finally {
      clearInterval(timer);
      this.control.announceReader(runId);
    }
  }

  async #untilEnded(run: Run, count: ReaderCount): Promise<void> {
    // Readers on other replicas announce themselves; this process does not count them.
    const end = this.control.onReader(run.id, () => count.startGrace());
    await run.ended;
    end();
    count.stop();
    this.#counts.delete(run.id);
  }
}

/** Counts the readers of one run in this process and times its grace period. */
class ReaderCount {
  #readers = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly run: Run,
    private readonly policy: UnreadPolicy,
    private readonly pubsub: Pick<PubSub, 'isConnected'>,
  ) {}

  async *read(batches: EventBatches): AsyncGenerator<readonly StoredEvent[]> {
    this.#readers++;
    this.stop();
    try {
      yield* batches;
    } finally {
      this.#readers--;
      this.startGrace();
    }
  }

  /** Starts or restarts the grace period. */
  startGrace(): void {
    this.stop();
    if (this.#readers > 0 || this.run.status !== 'running') return;
    if (this.policy === 'cancel') this.#cancel();
    else if (this.policy !== 'continue') this.#timer = setTimeout(() => this.#endGrace(), this.policy.afterMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Restarts the grace period while pub/sub is disconnected: remote readers cannot announce themselves then. */
  #endGrace(): void {
    if (this.pubsub.isConnected) this.#cancel();
    else this.startGrace();
  }

  #cancel(): void {
    this.run.abort(new AgentError('client_closed_request'));
  }
}
