import type { ChatRequestV2, Message } from 'rookery/client';
import type { Turn } from './turn';

/** The messages of a session from before this page was opened, and the turns since. */
export interface Transcript {
  /** Oldest first. */
  readonly history: readonly Message[];
  /** True if the session begins with these messages. */
  readonly isWhole: boolean;
  readonly turns: readonly Turn[];
}

/** The place before a question, at which another session may go on. */
export interface ForkPoint {
  /** The part that the other session inherits. */
  readonly kept: Transcript;
  /** The last run that it inherits. Undefined: it inherits nothing, since the question is the first one. */
  readonly runId: string | undefined;
}

/** A request that begins a new session, and what the page shows before its answer. */
export interface Fork {
  readonly request: ChatRequestV2;
  readonly kept: Transcript;
  /** The session with the question. Undefined if nothing is inherited. */
  readonly source: string | undefined;
}

/** The place before a message of the history. Undefined if no run ended there, or if older messages are not known. */
export function pointBeforeMessage({ history, isWhole }: Transcript, index: number): ForkPoint | undefined {
  const question = history[index];
  if (question?.role !== 'user') return undefined;
  const isOfRun = (at: number) => history[at]?.run_id === question.run_id;
  let first = index;
  // The results of open calls come before the question that goes on from them.
  while (isOfRun(first - 1) && history[first - 1]?.role === 'tool') first -= 1;
  if (isOfRun(first - 1)) return undefined;
  const runId = history[first - 1]?.run_id;
  if (runId === undefined && !isWhole) return undefined;
  return { kept: { history: history.slice(0, first), isWhole, turns: [] }, runId };
}

/** The place before a turn of this page. Runs that have not completed leave nothing in their session. */
export function pointBeforeTurn({ history, isWhole, turns }: Transcript, turnId: string): ForkPoint | undefined {
  const index = turns.findIndex(({ id }) => id === turnId);
  const kept = turns.slice(0, Math.max(index, 0)).filter(({ status }) => status === 'completed');
  const runId = kept.at(-1)?.runId ?? history.at(-1)?.run_id;
  if (index === -1 || (runId === undefined && !isWhole)) return undefined;
  return { kept: { history, isWhole, turns: kept }, runId };
}

/** The fork of a session that asks a question in other words. It goes on without calls that the session has left open. */
export function forkOf({ kept, runId }: ForkPoint, request: ChatRequestV2, source?: string): Fork {
  const question = questionOf(request);
  if (runId === undefined) return { request: question, kept, source: undefined };
  return { request: { ...question, fork_from: runId, abandon_calls: true }, kept, source };
}

/** The request without its place: what it asks can begin any session. */
export function questionOf(request: ChatRequestV2): ChatRequestV2 {
  const { session_id: _, tool_results: _results, abandon_calls: _abandon, fork_from: _from, ...question } = request;
  return question;
}

/** The input of a request with another text. Its pictures stay. */
export function inputWith(text: string, { input = '' }: ChatRequestV2): NonNullable<ChatRequestV2['input']> {
  const pictures = typeof input === 'string' ? [] : input.filter(({ type }) => type === 'image_url');
  if (pictures.length === 0) return text;
  return text === '' ? pictures : [{ type: 'text', text }, ...pictures];
}

let handedOver: Fork | undefined;

/** Hands a fork from another page to Chat. */
export const forkForChat = {
  give(fork: Fork): void {
    handedOver = fork;
  },

  take(): Fork | undefined {
    const fork = handedOver;
    handedOver = undefined;
    return fork;
  },
};
