import { Injectable } from '@nestjs/common';
import { WriteRetries } from '../../storage/write.retries.js';
import type { Run } from '../run.js';
import type { RunRow } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';
import { RunControl } from './run.control.js';

/** Removes runs that were rejected before they started. */
@Injectable()
export class RejectedRuns {
  constructor(
    private readonly runs: RunsRepository,
    private readonly retries: WriteRetries,
    private readonly control: RunControl,
  ) {}

  /**
   * Removes the row of a run, which releases its session and its key, and announces that the session is free. Retries
   * in the background if the database fails. Never throws, so that the caller gets the reason of the rejection.
   *
   * @param run undefined if it had not begun in this process.
   */
  async remove(row: RunRow, isKeyed: boolean, run: Run | undefined): Promise<void> {
    const withdraw = async (): Promise<void> => {
      await this.runs.remove(row.run_id, isKeyed);
      run?.close();
      this.control.announceReleased(row);
    };
    try {
      await withdraw();
    } catch (cause) {
      run?.finishAttempt();
      const about = { run_id: row.run_id, cause, msg: 'failed to remove a rejected run' };
      void this.retries.retry(about, withdraw).then(() => run?.close());
    }
  }
}
