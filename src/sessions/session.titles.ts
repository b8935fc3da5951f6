import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Page } from '../http/page.dto.js';
import { Database } from '../storage/database.js';
import type { SessionDto, SessionV2Dto } from './sessions.dto.js';

const MAX_CHARS = 80;
/** Instructions of the caller may come before the first question. */
const LAST_POSITION = 3;
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;

type Session = Pick<SessionDto, keyof SessionDto>;

/** The titles of sessions: their first questions, shortened. */
@Injectable()
export class SessionTitles {
  constructor(private readonly database: Database) {}

  /** Adds the titles to sessions of a tenant, whose messages the caller may read. */
  async addTo({ items, ...page }: Page<Session>, tenant: string): Promise<Page<SessionV2Dto>> {
    const titles = await this.#titlesOf(
      tenant,
      items.map(({ session_id }) => session_id),
    );
    return {
      ...page,
      items: items.map((session) => {
        const title = titles.get(session.session_id);
        return title === undefined ? session : { ...session, title };
      }),
    };
  }

  async #titlesOf(tenant: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (sessionIds.length === 0) return new Map();
    const rows = await this.database.query
      .selectFrom('messages')
      .select(['session_id', sql<string>`substr(content, 1, ${sql.lit(MAX_CHARS * 4)})`.as('beginning')])
      .where('tenant', '=', tenant)
      .where('session_id', 'in', sessionIds)
      .where('position', '<=', LAST_POSITION)
      .where('role', '=', 'user')
      // Messages of the developer have the same role.
      .where('tool', 'is', null)
      // The first question replaces later ones in the map.
      .orderBy('position', 'desc')
      .execute();
    return new Map(rows.flatMap(({ session_id, beginning }) => withTitle(session_id, beginning)));
  }
}

function withTitle(sessionId: string, beginning: string): [string, string][] {
  const text = beginning.replaceAll(/\s+/g, ' ').trim();
  if (text === '') return [];
  if (text.length <= MAX_CHARS) return [[sessionId, text.toWellFormed()]];
  return [
    [
      sessionId,
      `${text
        .slice(0, MAX_CHARS - 1)
        .replace(HALF_CHARACTER, '')
        .toWellFormed()
        .trimEnd()}…`,
    ],
  ];
}
