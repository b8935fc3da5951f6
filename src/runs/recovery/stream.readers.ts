import { Injectable } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import type { Run } from '../run.js';
import { RunControl } from './run.control.js';
import type { EventFrame } from '../events/run.events.js';
import { RunsModuleOptions } from '../runs.options.js';

type Frames = AsyncIterable<readonly EventFrame[]>;

/** Maximum interval between the announcements of a reader to the replica of the run. */
const PRESENCE_MS = 1000;

/** Tracks the readers of streams and cancels a run that has no reader for the grace period. */
@Injectable()
export class StreamReaders {
  /** The runs that this process has begun for readers. */
  readonly #watches = new Map<string, ReaderCount>();

  constructor(
    private readonly control: RunControl,
    private readonly options: RunsModuleOptions,
    private readonly broadcast: PubSub,
  ) {}

  /** Yields the events of a run of this process to the client that started it. */
  async *own(run: Run, frames: Frames, graceMs: number): AsyncGenerator<readonly EventFrame[]> {
    const watch = new ReaderCount(run, graceMs, this.broadcast);
    this.#watches.set(run.id, watch);
    void this.#untilEnded(run, watch);
    yield* watch.read(frames);
  }

  /** Yields the events of any run and announces the reader to the replica of the run. */
  async *remote(runId: string, frames: Frames): AsyncGenerator<readonly EventFrame[]> {
    const everyMs = Math.min(PRESENCE_MS, Math.max(10, this.options.streamGraceMs / 3));
    const timer = setInterval(() => this.control.watch(runId), everyMs);
    this.control.watch(runId);
    try {
      yield* this.#watches.get(runId)?.read(frames) ?? frames;
    } finally {
      clearInterval(timer);
      this.control.watch(runId);
    }
  }

  async #untilEnded(run: Run, watch: ReaderCount): Promise<void> {
    // Readers on other replicas announce themselves; this process does not count them.
    const end = this.control.onWatched(run.id, () => watch.startGrace());
    await run.ended;
    end();
    watch.stop();
    this.#watches.delete(run.id);
  }
}

/** Counts the readers of one run in this process and times its grace period. */
class ReaderCount {
  #readers = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly run: Run,
    private readonly graceMs: number,
    private readonly broadcast: Pick<PubSub, 'isConnected'>,
  ) {}

  async *read(frames: Frames): AsyncGenerator<readonly EventFrame[]> {
    this.#readers++;
    this.stop();
    try {
      yield* frames;
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
    else if (this.graceMs < Infinity) this.#timer = setTimeout(() => this.#giveUp(), this.graceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Restarts the grace period while pub/sub is disconnected: remote readers cannot announce themselves then. */
  #giveUp(): void {
    if (this.broadcast.isConnected) this.#cancel();
    else this.startGrace();
  }

  #cancel(): void {
    this.run.abort(new AgentError('client_closed_request'));
  }
}
