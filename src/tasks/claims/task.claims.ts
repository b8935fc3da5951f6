import { Injectable } from '@nestjs/common';
import type { RunRow } from '../../runs/run.row.js';
import type { SessionKey } from '../../sessions/session.key.js';
import { SuspectsRepository } from '../suspects.repository.js';
import { TasksModuleOptions } from '../tasks.options.js';
import { TasksRepository } from '../tasks.repository.js';
import { ClaimsRepository } from './claims.repository.js';
import { ForeignTasks } from './foreign.tasks.js';

/** Finds and claims tasks under the cap of concurrent tasks that the options set for each caller. */
@Injectable()
export class TaskClaims {
  readonly #perCaller: number | undefined;

  constructor(
    private readonly claims: ClaimsRepository,
    private readonly suspects: SuspectsRepository,
    private readonly tasks: TasksRepository,
    private readonly foreign: ForeignTasks,
    options: TasksModuleOptions,
  ) {
    this.#perCaller = options.concurrencyPerCaller;
  }

  /** Returns the id of the task whose turn it is. @param isThorough whether it looks at all tenants, and at more tasks. */
  async findNext(isThorough: boolean): Promise<string | undefined> {
    if (isThorough) void this.foreign.report();
    return await this.claims.findNext(this.#perCaller, isThorough);
  }

  /** Returns the id of the oldest queued task of the session. */
  async nextOfSession(key: SessionKey): Promise<string | undefined> {
    return await this.tasks.nextOfSession(key);
  }

  /** Returns the id of the suspect that runs next. */
  async nextSuspect(): Promise<string | undefined> {
    return await this.suspects.next(this.#perCaller);
  }

  /** Claims the task whose turn it is. */
  async claimNext(): Promise<RunRow | undefined> {
    return await this.claims.claimNext(this.#perCaller);
  }

  /** Claims the task. A suspect is not claimed: it has to run alone. */
  async claim(runId: string): Promise<RunRow | 'suspect' | undefined> {
    return await this.claims.claim(runId, this.#perCaller);
  }

  /** Claims a suspect, which will run alone. */
  async claimSuspect(runId: string): Promise<RunRow | undefined> {
    const claimed = await this.claims.claim(runId, this.#perCaller, true);
    return claimed === 'suspect' ? undefined : claimed;
  }
}
