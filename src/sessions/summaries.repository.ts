import { Injectable } from '@nestjs/common';
import { Database } from '../storage/database.js';
import type { SessionKey } from './session.key.js';
import { lockSession } from './session.query.js';
import type { AcquiredSession } from './session.key.js';

/** A summary of the beginning of a session. */
export interface Summary {
  readonly content: string;
  /** The position of the first message that it does not cover. */
  readonly until: number;
}

/** Summaries of sessions, at most one each. They are erased with their sessions. */
@Injectable()
export class SummariesRepository {
  constructor(private readonly database: Database) {}

  find({ tenant, session_id }: SessionKey): Promise<Summary | undefined> {
    return this.database.query
      .selectFrom('summaries')
      .select(['content', 'until_position as until'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .executeTakeFirst();
  }

  /** Replaces the summary of a session. Stores nothing if the session was erased meanwhile. */
  async save({ tenant, session_id, createdAt = 0 }: AcquiredSession, { content, until }: Summary): Promise<void> {
    const row = { tenant, session_id, content, until_position: until, updated_at: Date.now() };
    await this.database.write(async (transaction) => {
      const session = await lockSession(transaction, { tenant, session_id });
      // A session that was created again under the same id is another one.
      if (session?.created_at !== createdAt) return;
      await transaction
        .insertInto('summaries')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'session_id']).doUpdateSet((column) => ({
            content: column.ref('excluded.content'),
            until_position: column.ref('excluded.until_position'),
            updated_at: column.ref('excluded.updated_at'),
          })),
        )
        .execute();
    });
  }
}
