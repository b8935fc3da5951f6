import { Injectable, Logger } from '@nestjs/common';
import { AgentError } from '../../../errors/agent.error.js';
import type { ModelReply, ModelRequest } from '../../../models/language.model.js';
import { cutToTokens } from '../../../models/token.estimate.js';
import type { MessageRow, Turn } from '../../../sessions/message.row.js';
import { MessagesRepository } from '../../../sessions/messages.repository.js';
import type { ReadableSession, SessionKey } from '../../../sessions/session.key.js';
import { type Summary, SummariesRepository } from '../../../sessions/summaries.repository.js';
import { outageIn } from '../../../storage/database.unavailable.js';
import { raceAbort } from '../../../async/abortable.js';
import type { AgentExecution } from '../agent.execution.js';
import { BudgetedModel } from '../budgeted.model.js';
import { createModelCall } from '../model-call.factory.js';
import { instructionsFor, lineOf } from './summary.messages.js';
import { RunsModuleOptions } from '../../runs.options.js';

/** Maximum tokens of a summary. */
const SUMMARY_TOKENS = 1000;
/** Reasoning tokens count towards the same output limit. */
const REASONING_FACTOR = 4;
/** Maximum tokens read of a single message. */
const MESSAGE_TOKENS = 1000;
/** Tokens that the JSON around a message adds. */
const FORM_TOKENS = 10;
const WORDS_PER_TOKEN = 0.6;
/** Time limit of a summary, which also gets at most half of the run's remaining time. */
const MAX_SUMMARY_MS = 60_000;
/** Runs of a session that skip the summary after a failure: each try might time out. */
const COOLDOWN_RUNS = 5;
/** Limits the failed sessions kept in memory, so that abandoned ones are forgotten. */
const MAX_COOLDOWNS = 1000;

/** The share of the history's tokens that is reserved for a summary. */
export function summaryTokens(historyTokens: number): number {
  return Math.min(SUMMARY_TOKENS, Math.ceil(historyTokens / 4));
}

/** Summarizes the older turns of a session with the model of the current agent. */
@Injectable()
export class HistorySummary {
  readonly #logger = new Logger(HistorySummary.name);
  /** By session: how many more runs skip the summary. */
  readonly #cooldown = new Map<string, number>();

  constructor(
    private readonly messages: MessagesRepository,
    private readonly summaries: SummariesRepository,
    private readonly model: BudgetedModel,
    private readonly options: RunsModuleOptions,
  ) {}

  /**
   * Summarizes the turns after the known summary together with it and stores the result. It makes one model call; turns
   * that do not fit wait for the next run.
   *
   * @param previous the known summary as it is stored.
   * @param end the position of the first message to leave out.
   * @returns undefined if no summary was made and the run can continue without one.
   * @throws the run's abort reason, or AgentError `storage_unavailable`.
   */
  async extend(execution: AgentExecution, previous: Summary | undefined, end: number): Promise<Summary | undefined> {
    const { run, agent, transcript } = execution;
    if (this.#isCoolingDown(run.session)) return undefined;
    try {
      const budget = Math.floor(Math.min(this.options.historyTokens, agent.limits.maxTokens / 4));
      const { lines, messages, until } = await this.#read(run.session, previous?.until ?? 0, end, budget);
      run.countModelCall();
      const reply = await this.#call(execution, this.#request(agent.model, previous, lines, budget));
      transcript.addUsage(reply.usage);
      const content = cutToTokens(reply.text.trim(), summaryTokens(this.options.historyTokens));
      if (content === '') throw new AgentError('model_error', { detail: 'The summary is empty.' });
      const summary = { content, until };
      await this.summaries.save(run.session, summary, { previous, messages });
      return summary;
    } catch (cause) {
      run.signal.throwIfAborted();
      // A lost database fails the run. The next runs of the session try again.
      if (outageIn(cause)) throw cause;
      this.#startCooldown(run.session);
      const { session_id } = run.session;
      this.#logger.warn({ run_id: run.id, session_id, cause, msg: 'the history could not be summarized' });
      return undefined;
    }
  }

  /** Reads whole turns as lines for the model, oldest first. Always reads at least one turn. */
  async #read(
    session: ReadableSession,
    from: number,
    end: number,
    budget: number,
  ): Promise<{ lines: string[]; messages: MessageRow[]; until: number }> {
    const longest = Math.min(MESSAGE_TOKENS, Math.ceil(budget / 4));
    let left = budget - summaryTokens(this.options.historyTokens);
    let until = from;
    const lines: string[] = [];
    const messages: MessageRow[] = [];
    for await (const turn of this.messages.turns(session, from, end)) {
      const size = turn.reduce((sum, { tokens }) => sum + Math.min(tokens, longest) + FORM_TOKENS, 0);
      if (size > left && lines.length > 0) break;
      const shown = size > left ? firstAndLast(turn) : turn;
      for (const message of shown) lines.push(lineOf(message, longest));
      messages.push(...turn);
      left -= size;
      // Messages that a fork has inherited may be gone.
      until = (turn.at(-1)?.position ?? until) + 1;
    }
    return { lines, messages, until };
  }

  #request(model: string, previous: Summary | undefined, lines: readonly string[], budget: number): ModelRequest {
    const { historyTokens, maxOutputTokens = Infinity } = this.options;
    const tokens = summaryTokens(historyTokens);
    // Earlier settings may have allowed a longer summary.
    const before = previous ? [JSON.stringify({ summary: cutToTokens(previous.content, tokens) })] : [];
    return {
      model,
      instructions: instructionsFor(Math.ceil(tokens * WORDS_PER_TOKEN)),
      messages: [{ role: 'user', content: [...before, ...lines].join('\n') }],
      tools: [],
      output: undefined,
      temperature: 0,
      maxOutputTokens: Math.max(1, Math.min(tokens * REASONING_FACTOR, maxOutputTokens, budget)),
    };
  }

  /** Limits the time of the summary, so that the run has time left to answer. */
  async #call(execution: AgentExecution, request: ModelRequest): Promise<ModelReply> {
    const { run } = execution;
    run.signal.throwIfAborted();
    const nowMs = performance.now();
    const timeoutMs = Math.max(0, Math.min(MAX_SUMMARY_MS, (run.deadlineAt - nowMs) / 2));
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new AgentError('agent_timeout')), timeoutMs);
    const signal = AbortSignal.any([run.signal, late.signal]);
    try {
      const call = createModelCall(run, { signal, deadlineAt: nowMs + timeoutMs });
      return await raceAbort(this.model.reply(execution, request, call), signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #isCoolingDown(session: SessionKey): boolean {
    const name = cooldownKey(session);
    const left = this.#cooldown.get(name);
    if (left === undefined) return false;
    if (left > 1) this.#cooldown.set(name, left - 1);
    else this.#cooldown.delete(name);
    return true;
  }

  #startCooldown(session: SessionKey): void {
    const [oldest] = this.#cooldown.keys();
    if (this.#cooldown.size >= MAX_COOLDOWNS && oldest !== undefined) this.#cooldown.delete(oldest);
    this.#cooldown.set(cooldownKey(session), COOLDOWN_RUNS);
  }
}

function cooldownKey({ tenant, session_id }: SessionKey): string {
  return `${tenant}/${session_id}`;
}

/** Shortens a turn that is too long to its question and its answer. */
function firstAndLast(turn: Turn): Turn {
  return turn.filter((_, index) => index === 0 || index === turn.length - 1);
}
