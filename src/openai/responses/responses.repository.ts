import { Injectable } from '@nestjs/common';
import { actorOf, appendAudit } from '../../audit/audit.record.js';
import type { Principal } from '../../auth/principal.js';
import type { RequestIds } from '../../http/http.types.js';
import { isObject } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import { Database } from '../../storage/database.js';
import type { RunRow } from '../../runs/run.row.js';
import { eraseRuns } from '../../sessions/session.deletion.js';
import { eraseTurn } from '../../sessions/turn.deletion.js';
import { Statement } from '../../storage/statements/statement.js';
import type { ResponseEcho } from './response.object.js';

/** The request of a response. */
export interface StoredResponse {
  readonly runId: string;
  readonly echo: ResponseEcho;
  readonly input: readonly unknown[];
}

/** A repeated request has stored its row already. The run may be erased meanwhile. */
const INSERT = new Statement(`
  insert into openai_responses (run_id, echo, input)
  select run_id, ?, ? from runs where run_id = ?
  on conflict (run_id) do nothing`);

/** Stores the requests of responses. Their answers are those of their runs, with which they are erased. */
@Injectable()
export class ResponsesRepository {
  constructor(private readonly database: Database) {}

  /** Stores the request of a run, once. */
  async add({ runId, echo, input }: StoredResponse): Promise<void> {
    await this.database.write(
      async (transaction) => {
        await INSERT.execute(transaction, JSON.stringify(echo), JSON.stringify(input), runId);
      },
      { durability: echo.background ? 'disk' : 'process' },
    );
  }

  /** Returns the request of a run; undefined if it is not a response, or was deleted. */
  async find(runId: string): Promise<StoredResponse | undefined> {
    const row = await this.database.query
      .selectFrom('openai_responses')
      .selectAll()
      .where('run_id', '=', runId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      runId,
      echo: readStoredJson(row.echo, 'openai_responses.echo', isEcho),
      input: readStoredJson(row.input, 'openai_responses.input', Array.isArray),
    };
  }

  /** Erases a run with its messages. */
  async erase({ run_id, tenant, session_id, end_user }: RunRow, principal: Principal, ids: RequestIds): Promise<void> {
    await this.database.write(async (transaction) => {
      await eraseTurn({ tenant, session_id }, run_id, transaction);
      await eraseRuns([run_id], transaction);
      await this.database.erasures.add(transaction);
      appendAudit(transaction, {
        action: 'data.erased',
        tenant,
        actor: actorOf(principal, ids),
        endUser: end_user ?? undefined,
        target: `run:${run_id}`,
      });
    });
    await this.database.purge();
  }
}

function isEcho(value: unknown): value is ResponseEcho {
  return isObject(value) && typeof value['model'] === 'string' && Array.isArray(value['tools']);
}
