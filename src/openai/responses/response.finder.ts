import { Injectable } from '@nestjs/common';
import { isReadable, type RunAccess } from '../../runs/reading/run.access.js';
import type { RunRow } from '../../runs/run.row.js';
import { RunsRepository } from '../../runs/runs.repository.js';
import { runIdOf } from './response.object.js';
import { ResponsesRepository, type StoredResponse } from './responses.repository.js';

/** A response, and its run. */
export interface FoundResponse {
  readonly row: RunRow;
  readonly stored: StoredResponse;
}

/** Finds responses by their ids. */
@Injectable()
export class ResponseFinder {
  constructor(
    private readonly runs: RunsRepository,
    private readonly responses: ResponsesRepository,
  ) {}

  /** Returns undefined if the response does not exist, or the access excludes it. */
  async find(responseId: string, access: RunAccess): Promise<FoundResponse | undefined> {
    const runId = runIdOf(responseId);
    const row = runId === undefined ? undefined : await this.runs.find(runId, access);
    if (row === undefined || !isReadable(row, access)) return undefined;
    const stored = await this.responses.find(row.run_id);
    return stored && { row, stored };
  }
}
