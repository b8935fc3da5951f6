/** Processes a queued run. Resolves when the run no longer needs this process. Handles its own failures. */
export type JobHandler = (runId: string) => Promise<void>;

/** Delivers queued runs to workers. It may lose a run or deliver it twice: the rows decide. */
export abstract class TaskQueue {
  /**
   * Enqueues a run; a repeat has no effect. The queue may lose a run that is enqueued while a worker still has it.
   * Callers must enqueue again, every few seconds, each run that stays queued in the rows.
   *
   * @throws Error, within about a second, if the queue is not reachable.
   */
  abstract enqueue(runId: string): Promise<void>;

  /** Starts processing: at most `concurrency` runs at once, and never the same run twice at once in this process. */
  abstract process(handler: JobHandler, concurrency: number): void;

  /** Stops taking runs until `release`. Other processes may still take them. */
  abstract hold(): void;

  /** Resumes after `hold`. */
  abstract release(): void;

  /** Stops taking runs for good. */
  abstract pause(): Promise<void>;

  /** Resolves when every job has ended and the connections are closed. */
  abstract close(): Promise<void>;

  abstract readonly isConnected: boolean;
}
