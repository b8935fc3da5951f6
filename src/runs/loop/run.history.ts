import { Injectable } from '@nestjs/common';
import { cutToTokens, estimateTokens } from '../../models/token.estimate.js';
import type { AcquiredSession } from '../../sessions/session.key.js';
import type { MessageRow, Turn } from '../../sessions/message.row.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import { SummariesRepository } from '../../sessions/summaries.repository.js';
import type { AgentExecution } from './agent.execution.js';
import { HistorySummary, summaryTokens } from './history.summary.js';
import { summaryMessages } from './summary.messages.js';
import { RunsModuleOptions } from '../runs.options.js';

/** Loads the history of a session into a run. */
@Injectable()
export class RunHistory {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly summaries: SummariesRepository,
    private readonly summary: HistorySummary,
    private readonly options: RunsModuleOptions,
  ) {}

  /**
   * Adds the history of the session to the transcript: the newest whole turns and, if enabled, a summary of older ones.
   * It may call the model, so it runs after `run.started`.
   *
   * @throws the run's abort reason, or AgentError `storage_unavailable`.
   */
  async load(execution: AgentExecution): Promise<void> {
    const { historyTokens, summarizeHistory } = this.options;
    const { session } = execution.run;
    const isOpen = session.openCalls !== undefined;
    if (session.nextPosition === 0 || (historyTokens === 0 && !isOpen)) return;
    if (summarizeHistory && historyTokens > 0) await this.#loadSummarized(execution, session);
    else execution.transcript.prependHistory([], await this.#window(session, historyTokens));
  }

  /** The newest turns that fit. A newest turn that is too long is cut to its question and its answer. */
  async #window(session: AcquiredSession, tokens: number): Promise<readonly Turn[]> {
    const turns = await this.messages.window(session, tokens, { least: leastOf(session) });
    if (turns.length > 0) return turns;
    const ends = (await this.messages.newestEnds(session)).map((row) => shortened(row, Math.floor(tokens / 2)));
    const left = tokens - ends.reduce((sum, row) => sum + row.tokens, 0);
    return [...(await this.messages.window(session, left, { end: ends[0]?.position })), ends];
  }

  /** Shows the turns after the summary. If they no longer fit, the summary absorbs their older half. */
  async #loadSummarized(execution: AgentExecution, session: AcquiredSession): Promise<void> {
    const { historyTokens } = this.options;
    const longest = summaryTokens(historyTokens);
    const turnTokens = historyTokens - longest;
    const stored = await this.summaries.find(session);
    // Earlier settings may have allowed a longer summary.
    let summary = stored && { ...stored, content: cutToTokens(stored.content, longest) };
    const from = summary?.until ?? 0;
    const turns = await this.messages.window(session, turnTokens, { least: leastOf(session) });
    if (startPosition(turns, session) > from) {
      // Frees half of the tokens, so that the next turns need no new summary.
      const end = startPosition(newest(turns, turnTokens / 2), session);
      summary = (await this.summary.extend(execution, summary, end)) ?? summary;
    }
    const until = summary?.until ?? 0;
    const shown = turns.filter(([first]) => first !== undefined && first.position >= until);
    execution.transcript.prependHistory(summary ? summaryMessages(summary) : [], shown);
  }
}

/** A result needs its call, so the turn with open calls is read as a whole. */
function leastOf({ openCalls }: AcquiredSession): number {
  return openCalls === undefined ? 0 : 1;
}

/** The text of a message without calls and images, up to that many tokens. */
function shortened(row: MessageRow, tokens: number): MessageRow {
  const content = cutToTokens(row.content, tokens);
  return { ...row, content, parts: null, tool_calls: null, provider_data: null, tokens: estimateTokens(content) };
}

/** The position of the first turn; without turns, the end of the session. */
function startPosition(turns: readonly Turn[], { nextPosition }: AcquiredSession): number {
  return turns[0]?.[0]?.position ?? nextPosition;
}

/** The newest turns that fit into the tokens. Always contains the last turn. */
function newest(turns: readonly Turn[], tokens: number): readonly Turn[] {
  let left = tokens;
  const tooMuch = turns.findLastIndex((turn) => (left -= turn.reduce((sum, row) => sum + row.tokens, 0)) < 0);
  return turns.slice(Math.min(tooMuch + 1, turns.length - 1));
}
