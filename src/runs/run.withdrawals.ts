import { Injectable } from '@nestjs/common';
import { WriteRetries } from '../storage/write.retries.js';
import type { Run } from './run.js';
import { RunsRepository } from './runs.repository.js';

/** Takes runs back that were refused before they started. */
@Injectable()
export class RunWithdrawals {
  constructor(
    private readonly runs: RunsRepository,
    private readonly retries: WriteRetries,
  ) {}

  /**
   * Removes the row of a run, and with it its hold on the session and the key. If the database does not take that, the
   * removal is repeated in the background. Never throws: the caller is owed the reason of the refusal.
   *
   * @param run undefined if it had not begun in this process.
   */
  async withdraw(runId: string, isKeyed: boolean, run: Run | undefined): Promise<void> {
    const withdraw = (): Promise<void> => this.runs.withdraw(runId, isKeyed);
    try {
      await withdraw();
      run?.close();
    } catch (cause) {
      run?.letGo();
      const about = { run_id: runId, cause, msg: 'a refused run could not be removed; trying on' };
      void this.retries.repeat(about, withdraw).then(() => run?.close());
    }
  }
}
