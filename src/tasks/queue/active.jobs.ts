import { Logger } from '@nestjs/common';
import type { JobHandler } from './task.queue.js';

/** The jobs that this process runs, one per run at a time. */
export class ActiveJobs {
  readonly #logger = new Logger(ActiveJobs.name);
  readonly #running = new Map<string, Promise<void>>();

  get size(): number {
    return this.#running.size;
  }

  has(runId: string): boolean {
    return this.#running.has(runId);
  }

  /** Resolves when the job has ended, even if it failed. A second job of a run waits for the first. */
  run(handler: JobHandler, runId: string): Promise<void> {
    const before = this.#running.get(runId);
    const running = this.#run(handler, runId, before).finally(() => {
      if (this.#running.get(runId) === running) this.#running.delete(runId);
    });
    this.#running.set(runId, running);
    return running;
  }

  /** Resolves when no job is left. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #run(handler: JobHandler, runId: string, before: Promise<void> | undefined): Promise<void> {
    await before;
    try {
      await handler(runId);
    } catch (cause) {
      this.#logger.error({ cause, run_id: runId, msg: 'a worker failed to process a run' });
    }
  }
}
