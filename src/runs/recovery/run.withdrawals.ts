import { Injectable } from '@nestjs/common';
import { WriteRetries } from '../../storage/write.retries.js';
import type { Run } from '../run.js';
import { RunsRepository } from '../runs.repository.js';

/** Removes runs that were rejected before they started. */
@Injectable()
export class RunWithdrawals {
  constructor(
    private readonly runs: RunsRepository,
    private readonly retries: WriteRetries,
  ) {}

  /**
   * Removes the row of a run, which releases its session and its key. Retries in the background if the database fails.
   * Never throws, so that the caller gets the reason of the rejection.
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
      const about = { run_id: runId, cause, msg: 'failed to remove a rejected run' };
      void this.retries.repeat(about, withdraw).then(() => run?.close());
    }
  }
}
