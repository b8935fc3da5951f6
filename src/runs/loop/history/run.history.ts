import { Injectable } from '@nestjs/common';
import { cutToTokens } from '../../../models/token.estimate.js';
import type { AcquiredSession } from '../../../sessions/session.key.js';
import type { Turn } from '../../../sessions/message.row.js';
import { MessagesRepository } from '../../../sessions/messages.repository.js';
import { SummariesRepository } from '../../../sessions/summaries.repository.js';
import type { AgentExecution } from '../agent.execution.js';
import { HistorySummary, summaryTokens } from './history.summary.js';
import { readOpenTurn, shortened } from './open.turn.js';
import { summaryMessages } from './summary.messages.js';
import { RunsModuleOptions } from '../../runs.options.js';

/** Tokens of a turn with open calls if no history is sent: without the turn, a result would have no call. */
const OPEN_TURN_TOKENS = 32_000;

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
    if (session.nextPosition === 0) return;
    if (historyTokens === 0) execution.transcript.prependHistory([], await this.#openTurn(session, OPEN_TURN_TOKENS));
    else if (summarizeHistory) await this.#loadSummarized(execution, session);
    else execution.transcript.prependHistory([], await this.#window(session, historyTokens));
  }

  /** The newest turns that fit. A newest turn that is too long is cut to its question and its answer. */
  async #window(session: AcquiredSession, tokens: number): Promise<readonly Turn[]> {
    const turns = await this.#turns(session, tokens);
    if (turns.length > 0) return turns;
    const ends = (await this.messages.newestEnds(session)).map((row) => shortened(row, Math.floor(tokens / 2)));
    const left = tokens - ends.reduce((sum, row) => sum + row.tokens, 0);
    return [...(await this.messages.window(session, left, ends[0]?.position)), ends];
  }

  /** The newest whole turns that fit. A turn with open calls is there although it does not fit: it is cut. */
  async #turns(session: AcquiredSession, tokens: number): Promise<readonly Turn[]> {
    const turns = await this.messages.window(session, tokens);
    return turns.length > 0 ? turns : await this.#openTurn(session, tokens);
  }

  async #openTurn(session: AcquiredSession, tokens: number): Promise<readonly Turn[]> {
    return session.openCalls === undefined ? [] : [await readOpenTurn(this.messages.newestTurn(session), tokens)];
  }

  /** Shows the turns after the summary. If they no longer fit, the summary absorbs their older half. */
  async #loadSummarized(execution: AgentExecution, session: AcquiredSession): Promise<void> {
    const { historyTokens } = this.options;
    const longest = summaryTokens(historyTokens);
    const turnTokens = historyTokens - longest;
    let summary = await this.summaries.find(session);
    const from = summary?.until ?? 0;
    const turns = await this.#turns(session, turnTokens);
    if (startPosition(turns, session) > from) {
      // Frees half of the tokens, so that the next turns need no new summary.
      const end = startPosition(newest(turns, turnTokens / 2), session);
      summary = (await this.summary.extend(execution, summary, end)) ?? summary;
    }
    const until = summary?.until ?? 0;
    const shown = turns.filter(([first]) => first !== undefined && first.position >= until);
    // Earlier settings may have allowed a longer summary.
    const before = summary ? summaryMessages({ content: cutToTokens(summary.content, longest) }) : [];
    execution.transcript.prependHistory(before, shown);
  }
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
