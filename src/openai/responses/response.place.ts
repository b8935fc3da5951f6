import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { hasScope } from '../../auth/scopes.js';
import type { RunRequest } from '../../runs/events/run.events.js';
import { sessionIdOf } from '../conversations/conversation.id.js';
import { OpenAIRefusal } from '../openai.error.js';
import { ResponseFinder } from './response.finder.js';
import type { ResponseEcho } from './response.object.js';

/** The session that a response continues, and the run whose turn it follows there. Empty: a new session. */
export type Place = Pick<RunRequest, 'session_id' | 'continue_after'>;

/** Finds the session in which a response continues. A conversation is a session. */
@Injectable()
export class ResponsePlace {
  constructor(private readonly finder: ResponseFinder) {}

  /** @throws OpenAIRefusal `previous_response_not_found` */
  async of(
    { previous_response_id: previous, conversation }: Pick<ResponseEcho, 'previous_response_id' | 'conversation'>,
    principal: Principal,
  ): Promise<Place> {
    if (conversation !== undefined) return { session_id: sessionIdOf(conversation.id) };
    if (previous === null) return {};
    const { tenant, endUser } = principal;
    const found = await this.finder.find(previous, { tenant, endUser, excludesTasks: !hasScope(principal, 'tasks') });
    if (found?.row.status !== 'completed') throw previousNotFound(previous);
    return { session_id: found.row.session_id, continue_after: found.row.run_id };
  }
}

function previousNotFound(responseId: string): OpenAIRefusal {
  const detail = `Previous response with id '${responseId}' not found.`;
  return new OpenAIRefusal('previous_response_not_found', 'previous_response_id', detail);
}
