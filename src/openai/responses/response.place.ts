import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { SESSION_ID } from '../../http/validation/schema.decorator.js';
import type { RunRequest } from '../../runs/events/run.events.js';
import { RunsRepository } from '../../runs/runs.repository.js';
import { OpenAIRefusal } from '../openai.error.js';
import { unsupported } from '../request/field.rules.js';
import { type ResponseEcho, runIdOf } from './response.object.js';
import { ResponsesRepository } from './responses.repository.js';

const CONVERSATION = 'conv_';

/** Finds the session in which a response continues. A conversation is a session. */
@Injectable()
export class ResponsePlace {
  constructor(
    private readonly runs: RunsRepository,
    private readonly responses: ResponsesRepository,
  ) {}

  /** @throws OpenAIRefusal `previous_response_not_found` */
  async of(
    { previous_response_id: previous, conversation }: ResponseEcho,
    principal: Principal,
  ): Promise<Pick<RunRequest, 'session_id'>> {
    if (conversation !== undefined) return { session_id: sessionIdOf(conversation.id) };
    if (previous === null) return {};
    const runId = runIdOf(previous);
    const row = runId === undefined ? undefined : await this.runs.find(runId, principal);
    const stored = row?.status === 'completed' ? await this.responses.find(row.run_id) : undefined;
    if (row === undefined || stored === undefined) {
      const detail = `Previous response with id '${previous}' not found.`;
      throw new OpenAIRefusal('previous_response_not_found', 'previous_response_id', detail);
    }
    if (await this.responses.isLast(row)) return { session_id: row.session_id };
    throw unsupported('previous_response_id', 'Only the last response of a conversation can be continued.');
  }
}

function sessionIdOf(conversation: string): string {
  const sessionId = conversation.startsWith(CONVERSATION) ? conversation.slice(CONVERSATION.length) : '';
  if (SESSION_ID.test(sessionId)) return sessionId;
  throw new OpenAIRefusal(
    'conversation_not_found',
    'conversation',
    `Conversation with id '${conversation}' not found.`,
  );
}
