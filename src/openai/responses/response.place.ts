import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { hasScope } from '../../auth/scopes.js';
import type { RunRequest } from '../../runs/events/run.events.js';
import { sessionIdOf } from '../conversations/conversation.id.js';
import { OpenAIRefusal } from '../openai.error.js';
import { unsupported } from '../request/field.rules.js';
import { ResponseFinder } from './response.finder.js';
import type { ResponseEcho } from './response.object.js';
import { ResponsesRepository } from './responses.repository.js';

/** The session in which a response continues. */
export interface Place {
  /** Empty: a new one. */
  readonly session: Pick<RunRequest, 'session_id'>;
  /** Why it cannot be continued there. A repeat with an idempotency key continues nothing. */
  readonly refusal?: OpenAIRefusal;
}

/** Finds the session in which a response continues. A conversation is a session. */
@Injectable()
export class ResponsePlace {
  constructor(
    private readonly finder: ResponseFinder,
    private readonly responses: ResponsesRepository,
  ) {}

  /** @throws OpenAIRefusal `previous_response_not_found` */
  async of(
    { previous_response_id: previous, conversation }: Pick<ResponseEcho, 'previous_response_id' | 'conversation'>,
    principal: Principal,
  ): Promise<Place> {
    if (conversation !== undefined) return { session: { session_id: sessionIdOf(conversation.id) } };
    if (previous === null) return { session: {} };
    const { tenant, endUser } = principal;
    const found = await this.finder.find(previous, { tenant, endUser, excludesTasks: !hasScope(principal, 'tasks') });
    if (found?.row.status !== 'completed') throw previousNotFound(previous);
    const session = { session_id: found.row.session_id };
    if (await this.responses.isLast(found.row)) return { session };
    const hint = 'Only the last response of a conversation can be continued.';
    return { session, refusal: unsupported('previous_response_id', hint) };
  }
}

function previousNotFound(responseId: string): OpenAIRefusal {
  const detail = `Previous response with id '${responseId}' not found.`;
  return new OpenAIRefusal('previous_response_not_found', 'previous_response_id', detail);
}
