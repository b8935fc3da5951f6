/** What a worker does with a queued run. Resolves when the run needs no process any more; handles its own failures. */
export type Take = (runId: string) => Promise<void>;

/** Brings queued runs to workers. It may forget, and may bring one twice: the rows decide. */
export abstract class TaskQueue {
  /**
   * Offers a queued run; harmless when it is offered already. What is offered while a worker still has it may be
   * forgotten: whatever stays queued in the rows is to be offered again every few seconds.
   *
   * @throws Error, within about a second, when the queue is not reachable.
   */
  abstract offer(runId: string): Promise<void>;

  /** Begins to take: at most `concurrency` at once, and never the same run twice at once in this process. */
  abstract work(take: Take, concurrency: number): void;

  /** Takes nothing until `release`; other processes may take what is offered. */
  abstract hold(): void;

  /** Takes again. */
  abstract release(): void;

  /** Takes nothing new from now on. */
  abstract pause(): Promise<void>;

  /** Resolves when every take has resolved and the connections are closed. */
  abstract close(): Promise<void>;

  abstract readonly isConnected: boolean;
}
