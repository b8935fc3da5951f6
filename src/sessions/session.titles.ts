import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../storage/database.js';
import type { SessionDto, SessionV2Dto } from './sessions.dto.js';

const MAX_CHARS = 80;
/** Instructions of the caller may come before the first question. */
const LAST_POSITION = 3;
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;

type Session = Pick<SessionDto, keyof SessionDto>;

type TitledSession = Pick<SessionV2Dto, keyof SessionV2Dto>;

/** The place at which a fork begins. */
interface Origin {
  readonly session_id: string;
  readonly source_id: string;
  readonly run_id: string;
}

/** The titles of sessions, which are their first questions, and where forks come from. */
@Injectable()
export class SessionTitles {
  constructor(private readonly database: Database) {}

  /**
   * Adds titles and origins to sessions of a tenant, whose messages the caller may read. The title of a fork is its own
   * first question. Without one it is that of the forked session.
   */
  async addTo(sessions: readonly Session[], tenant: string): Promise<TitledSession[]> {
    const ids = sessions.map(({ session_id }) => session_id);
    if (ids.length === 0) return [];
    const [titles, origins] = await Promise.all([this.#titlesOf(tenant, ids), this.#originsOf(tenant, ids)]);
    const untitled = origins.filter(({ session_id }) => !titles.has(session_id));
    const inherited = await this.#titlesOf(
      tenant,
      untitled.map(({ source_id }) => source_id),
    );
    return sessions.map((session) => {
      const origin = origins.find(({ session_id }) => session_id === session.session_id);
      const title = titles.get(session.session_id) ?? (origin && inherited.get(origin.source_id));
      return {
        ...session,
        ...(title === undefined ? {} : { title }),
        ...(origin ? { forked_from: origin.run_id, forked_session_id: origin.source_id } : {}),
      };
    });
  }

  /** The titles of sessions: their first own questions. */
  async #titlesOf(tenant: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (sessionIds.length === 0) return new Map();
    const forks = await this.#lengthsInherited(tenant, sessionIds);
    const others = sessionIds.filter((id) => !forks.has(id));
    const ofForks = [...forks].map(([id, first]) => this.#questions(tenant, [id], first));
    const [first, ...more] = others.length === 0 ? ofForks : [this.#questions(tenant, others), ...ofForks];
    if (first === undefined) return new Map();
    const rows = await more
      .reduce((all, ofFork) => all.unionAll(ofFork), first)
      // The first question replaces later ones in the map.
      .orderBy('position', 'desc')
      .execute();
    return new Map(rows.flatMap(({ session_id, beginning }) => withTitle(session_id, beginning)));
  }

  /** The questions among the first messages of sessions from a position on: a range that the index serves. */
  #questions(tenant: string, sessionIds: readonly string[], first = 0) {
    return (
      this.database.query
        .selectFrom('messages')
        .select(['session_id', 'position', sql<string>`substr(content, 1, ${sql.lit(MAX_CHARS * 4)})`.as('beginning')])
        .where('tenant', '=', tenant)
        .where('session_id', 'in', sessionIds)
        .where('position', '>=', first)
        .where('position', '<=', first + LAST_POSITION)
        .where('role', '=', 'user')
        // Messages of the developer have the same role.
        .where('tool', 'is', null)
    );
  }

  /** How many messages each of the forks among these sessions has inherited. */
  async #lengthsInherited(tenant: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query
      .selectFrom('sessions')
      .select(['session_id', 'inherited_count'])
      .where('tenant', '=', tenant)
      .where('session_id', 'in', sessionIds)
      .where('inherited_count', 'is not', null)
      .execute();
    return new Map(rows.map(({ session_id, inherited_count }) => [session_id, inherited_count ?? 0]));
  }

  /** Those of forks whose source is still there. */
  async #originsOf(tenant: string, sessionIds: readonly string[]): Promise<readonly Origin[]> {
    return await this.database.query
      .selectFrom('sessions as session')
      .innerJoin('session_sources as source', (join) =>
        join
          .onRef('source.tenant', '=', 'session.tenant')
          .onRef('source.session_id', '=', 'session.session_id')
          // The newest source; it may be gone while older ones are there.
          .onRef('source.until_position', '=', 'session.inherited_count'),
      )
      .select(['session.session_id', 'source.source_id', 'source.run_id'])
      .where('session.tenant', '=', tenant)
      .where('session.session_id', 'in', sessionIds)
      .execute();
  }
}

function withTitle(sessionId: string, beginning: string): [string, string][] {
  const text = beginning.replaceAll(/\s+/g, ' ').trim();
  if (text === '') return [];
  if (text.length <= MAX_CHARS) return [[sessionId, text.toWellFormed()]];
  const cut = text.slice(0, MAX_CHARS - 1).replace(HALF_CHARACTER, '');
  return [[sessionId, `${cut.toWellFormed().trimEnd()}…`]];
}
