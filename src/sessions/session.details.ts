import { Injectable } from '@nestjs/common';
import type { Owner } from '../auth/principal.js';
import { MessagesRepository } from './messages.repository.js';
import { openCallsOf, type PendingCall, pendingCalls } from './open.calls.js';
import { SessionTitles } from './session.titles.js';
import type { SessionDetailsV2Dto, SessionDto } from './sessions.dto.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

type Session = Pick<SessionDto, keyof SessionDto>;

/** Results of other calls of a turn that are stored after it. */
const MAX_RESULTS = 200;

/** A session with its title, its origin and its open calls. */
@Injectable()
export class SessionDetails {
  constructor(
    private readonly sessions: SessionsService,
    private readonly rows: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly titles: SessionTitles,
  ) {}

  /** @throws AgentError `session_not_found` */
  async get(owner: Owner, sessionId: string): Promise<SessionDetailsV2Dto> {
    const session: Session = await this.sessions.get(owner, sessionId);
    const [[titled = session], calls] = await Promise.all([
      this.titles.addTo([session], owner.tenant),
      this.#pendingCalls(owner, sessionId),
    ]);
    return { ...titled, ...(calls.length > 0 ? { pending_calls: calls } : {}) };
  }

  async #pendingCalls(owner: Owner, sessionId: string): Promise<PendingCall[]> {
    const row = await this.rows.find({ tenant: owner.tenant, session_id: sessionId });
    const open = row && openCallsOf(row);
    if (open === undefined) return [];
    const session = await this.sessions.readable(owner, sessionId);
    return pendingCalls(open, await this.messages.page(session, MAX_RESULTS));
  }
}
