import { Injectable } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import { Broadcast } from '../storage/broadcast.js';
import type { Run } from './run.js';
import { RunControl } from './run.control.js';
import type { EventFrame } from './run.events.js';

type Frames = AsyncIterable<readonly EventFrame[]>;

/** How often a reader says that it is there, to whichever replica holds the run, at most. */
const PRESENCE_MS = 1000;

export abstract class StreamRules {
  /** How long a run without readers goes on. */
  abstract readonly streamGraceMs: number;
}

/** Whether somebody still reads what a run tells: one whose readers have all left is cancelled, after a while. */
@Injectable()
export class Watches {
  /** Of the runs that this process has begun for readers. */
  readonly #watches = new Map<string, Watch>();

  constructor(
    private readonly control: RunControl,
    private readonly rules: StreamRules,
    private readonly broadcast: Broadcast,
  ) {}

  /** Reads the events of a run that this process has begun, for the one who asked for it. */
  async *own(run: Run, frames: Frames, graceMs: number): AsyncGenerator<readonly EventFrame[]> {
    const watch = new Watch(run, graceMs, this.broadcast);
    this.#watches.set(run.id, watch);
    void this.#untilEnded(run, watch);
    yield* watch.read(frames);
  }

  /** Reads the events of any run, and says so to whoever holds it. */
  async *remote(runId: string, frames: Frames): AsyncGenerator<readonly EventFrame[]> {
    const everyMs = Math.min(PRESENCE_MS, Math.max(10, this.rules.streamGraceMs / 3));
    const timer = setInterval(() => this.control.watch(runId), everyMs);
    this.control.watch(runId);
    try {
      yield* this.#watches.get(runId)?.read(frames) ?? frames;
    } finally {
      clearInterval(timer);
      this.control.watch(runId);
    }
  }

  async #untilEnded(run: Run, watch: Watch): Promise<void> {
    // Readers of other replicas are heard of, not counted.
    const end = this.control.onWatched(run.id, () => watch.wait());
    await run.ended;
    end();
    watch.stop();
    this.#watches.delete(run.id);
  }
}

/** The readers of one run in this process, and the time that is left when there are none. */
class Watch {
  #readers = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly run: Run,
    private readonly graceMs: number,
    private readonly broadcast: Pick<Broadcast, 'isConnected'>,
  ) {}

  async *read(frames: Frames): AsyncGenerator<readonly EventFrame[]> {
    this.#readers++;
    this.stop();
    try {
      yield* frames;
    } finally {
      this.#readers--;
      this.wait();
    }
  }

  /** Begins to wait, or waits anew, for a reader. */
  wait(): void {
    this.stop();
    if (this.#readers > 0 || this.run.status !== 'running') return;
    if (this.graceMs === 0) this.#cancel();
    else if (this.graceMs < Infinity) this.#timer = setTimeout(() => this.#giveUp(), this.graceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Of readers elsewhere nothing is heard while the replicas do not hear each other: they get their time after that. */
  #giveUp(): void {
    if (this.broadcast.isConnected) this.#cancel();
    else this.wait();
  }

  #cancel(): void {
    this.run.abort(new AgentError('client_closed_request'));
  }
}
