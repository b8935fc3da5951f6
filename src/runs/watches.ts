import { Injectable } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
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
  constructor(
    private readonly control: RunControl,
    private readonly rules: StreamRules,
  ) {}

  /** Reads the events of a run that this process has begun, for the one who asked for it. */
  async *own(run: Run, frames: Frames, graceMs: number): AsyncGenerator<readonly EventFrame[]> {
    let readers = 1;
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => run.abort(new AgentError('client_closed_request'));
    const wait = (): void => {
      clearTimeout(timer);
      if (run.status !== 'running') return;
      if (graceMs === 0) cancel();
      else timer = setTimeout(cancel, graceMs);
    };
    const end = this.control.onWatched(run.id, () => {
      if (readers === 0) wait();
    });
    const untilEnded = async (): Promise<void> => {
      await run.ended;
      clearTimeout(timer);
      end();
    };
    void untilEnded();
    try {
      yield* frames;
    } finally {
      readers = 0;
      wait();
    }
  }

  /** Reads the events of any run, and says so. */
  async *remote(runId: string, frames: Frames): AsyncGenerator<readonly EventFrame[]> {
    const everyMs = Math.min(PRESENCE_MS, Math.max(10, this.rules.streamGraceMs / 3));
    const timer = setInterval(() => this.control.watch(runId), everyMs);
    this.control.watch(runId);
    try {
      yield* frames;
    } finally {
      clearInterval(timer);
      this.control.watch(runId);
    }
  }
}
