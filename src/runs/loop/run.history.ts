import { Injectable } from '@nestjs/common';
import { cutToTokens } from '../../models/token.estimate.js';
import type { HeldSession } from '../../sessions/sessions.service.js';
import { SessionsRepository, type Turn } from '../../sessions/sessions.repository.js';
import { SummariesRepository } from '../../sessions/summaries.repository.js';
import type { AgentExecution } from './agent.loop.js';
import { HistorySummary, summaryTokens } from './history.summary.js';
import { asMessages } from './summary.words.js';
import { RunsModuleOptions } from '../runs.options.js';

/** Loads the history of a session into a run. */
@Injectable()
export class RunHistory {
  constructor(
    private readonly sessions: SessionsRepository,
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
  async load(open: AgentExecution): Promise<void> {
    const { historyTokens, summarizeHistory } = this.options;
    const { session } = open.run;
    if (session.nextPosition === 0 || historyTokens === 0) return;
    if (summarizeHistory) await this.#recallInShort(open, session);
    else open.transcript.recall([], await this.sessions.window(session, historyTokens));
  }

  /** Shows the turns after the summary. If they no longer fit, the summary absorbs their older half. */
  async #recallInShort(open: AgentExecution, session: HeldSession): Promise<void> {
    const { historyTokens } = this.options;
    const longest = summaryTokens(historyTokens);
    const room = historyTokens - longest;
    const stored = await this.summaries.find(session);
    // Earlier settings may have allowed a longer summary.
    let summary = stored && { ...stored, content: cutToTokens(stored.content, longest) };
    const from = summary?.until ?? 0;
    const turns = await this.sessions.window(session, room);
    if (placeOf(turns, session) > from) {
      // Frees half of the tokens, so that the next turns need no new summary.
      const end = placeOf(newest(turns, room / 2), session);
      summary = (await this.summary.extend(open, summary, end)) ?? summary;
    }
    const until = summary?.until ?? 0;
    const shown = turns.filter(([first]) => first !== undefined && first.position >= until);
    open.transcript.recall(summary ? asMessages(summary) : [], shown);
  }
}

/** The position of the first turn; without turns, the end of the session. */
function placeOf(turns: readonly Turn[], { nextPosition }: HeldSession): number {
  return turns[0]?.[0]?.position ?? nextPosition;
}

/** The newest turns that fit into the tokens. Always contains the last turn. */
function newest(turns: readonly Turn[], tokens: number): readonly Turn[] {
  let left = tokens;
  const tooMuch = turns.findLastIndex((turn) => (left -= turn.reduce((sum, row) => sum + row.tokens, 0)) < 0);
  return turns.slice(Math.min(tooMuch + 1, turns.length - 1));
}
