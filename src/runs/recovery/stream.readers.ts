import { Injectable } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import type { Run } from '../run.js';
import { RunControl } from './run.control.js';
import type { StoredEvent } from '../events/run.events.js';
import { RunsModuleOptions } from '../runs.options.js';

type EventBatches = AsyncIterable<readonly StoredEvent[]>;

/** Maximum interval between the announcements of a reader to the replica of the run. */
const ANNOUNCE_INTERVAL_MS = 1000;

/** Tracks the readers of streams and cancels a run that has no reader for the grace period. */
@Injectable()
export class StreamReaders {
  /** The runs that this process has begun for readers. */
  readonly #counts = new Map<string, ReaderCount>();

  constructor(
    private readonly control: RunControl,
    private readonly options: RunsModuleOptions,
    private readonly pubsub: PubSub,
  ) {}

  /** Yields the events of a run of this process to the client that started it. */
  async *readOwn(run: Run, batches: EventBatches, graceMs: number): AsyncGenerator<readonly StoredEvent[]> {
    const count = new ReaderCount(run, graceMs, this.pubsub);
    this.#counts.set(run.id, count);
    void this.#untilEnded(run, count);
    yield* count.read(batches);
  }

  /** Yields the events of any run and announces the reader to the replica of the run. */
  async *readAny(runId: string, batches: EventBatches): AsyncGenerator<readonly StoredEvent[]> {
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
    private readonly graceMs: number,
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
    if (this.graceMs === 0) this.#cancel();
    else if (this.graceMs < Infinity) this.#timer = setTimeout(() => this.#endGrace(), this.graceMs);
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
