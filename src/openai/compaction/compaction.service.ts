import { Injectable } from '@nestjs/common';
import { invalidField } from '../../errors/agent.error.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import type { RunOptions } from '../../runs/agent-runner.types.js';
import { instructionsFor, lineOf } from '../../runs/loop/history/summary.messages.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import { inputOf } from '../../runs/run.input.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import type { SessionKey } from '../../sessions/session.key.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { SummariesRepository } from '../../sessions/summaries.repository.js';
import { createdAtOf } from '../created.at.js';
import { responseIdOf, usageOf } from '../responses/response.object.js';
import { ResponsePlace } from '../responses/response.place.js';
import type { ResponseCaller } from '../responses/response.starter.js';
import { compactionItemOf } from './compaction.item.js';

const MAX_WORDS = 600;
/** Tokens of reasoning count too. */
const MAX_OUTPUT_TOKENS = 4000;
/** The newest messages of a stored conversation, and the tokens of each, that a summary covers. */
const MAX_MESSAGES = 500;
const MESSAGE_TOKENS = 1000;

/** A conversation to summarize. */
export interface CompactionRequest {
  /** The role of the agent whose model writes the summary. */
  readonly model: string;
  /** The response after which the messages follow. */
  readonly previous: string | null;
  readonly messages: readonly TranscriptMessage[];
}

/** Summarizes conversations, which clients then send in place of their items. */
@Injectable()
export class CompactionService {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly places: ResponsePlace,
    private readonly sessions: SessionsService,
    private readonly messages: MessagesRepository,
    private readonly summaries: SummariesRepository,
  ) {}

  /** Runs the agent to write the summary. Nothing of it is stored. @throws AgentError if the run fails. */
  async create({ model, previous, messages }: CompactionRequest, caller: ResponseCaller & RunOptions) {
    const lines = [...(await this.#historyOf(previous, caller)), ...messages.map(toLine)];
    const { run_id, output, usage } = await this.runner.complete(
      {
        agent_role: model,
        messages: [
          { role: 'developer', content: instructionsFor(MAX_WORDS) },
          { role: 'user', content: lines.join('\n') },
        ],
        tool_choice: 'none',
        max_output_tokens: MAX_OUTPUT_TOKENS,
        store: false,
      },
      caller,
    );
    return {
      id: responseIdOf(run_id),
      object: 'response.compaction' as const,
      created_at: createdAtOf(run_id),
      output: [compactionItemOf(run_id, output)],
      usage: usageOf(usage),
    };
  }

  /** The stored conversation up to a response, as lines of JSON. */
  async #historyOf(previous: string | null, { principal }: ResponseCaller): Promise<string[]> {
    const { session_id, continue_after } = await this.places.of({ previous_response_id: previous }, principal);
    if (session_id === undefined || continue_after === undefined) return [];
    const stored = await this.sessions.readable(principal, session_id);
    // Turns after the response are not part of it.
    const before = await this.#endOf(stored, continue_after);
    const rows = (await this.messages.page(stored, MAX_MESSAGES, { before })).toReversed();
    const known = await this.summaries.find(stored);
    const summary = known && known.until <= (rows.at(-1)?.position ?? 0) ? known : undefined;
    const until = summary?.until ?? 0;
    const later = rows.filter(({ position }) => position >= until).map((row) => lineOf(row, MESSAGE_TOKENS));
    return summary ? [JSON.stringify({ summary: summary.content }), ...later] : later;
  }

  async #endOf(session: SessionKey, runId: string): Promise<number> {
    const end = await this.messages.endOf(session, runId);
    if (end === undefined) throw invalidField('previous_response_id', 'The messages of the response were deleted.');
    return end;
  }
}

/** A message as one line, so that its text cannot imitate another message. Images are only mentioned. */
function toLine(message: TranscriptMessage): string {
  if (message.role === 'assistant') return JSON.stringify({ ...message, reasoning: undefined });
  if (message.role !== 'user') return JSON.stringify(message);
  return JSON.stringify({ role: message.role, content: inputOf(message.content).message });
}
