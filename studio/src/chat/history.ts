import { type Message, type RookeryClient, RookeryError, type SessionDetailsV2 } from 'rookery/client';
import { take } from '../service/pages';
import type { ActiveChat } from './active.chat';
import type { Transcript } from './fork';

const MAX_MESSAGES = 100;

/** A session before the turns of this page. */
export interface History extends Omit<Transcript, 'turns'> {
  /** The session as it was opened. Undefined: it is new, or not read yet. */
  readonly session: SessionDetailsV2 | undefined;
  /** The session that this one forks. */
  readonly source: string | undefined;
  readonly hasOlder: boolean;
}

export const NO_HISTORY: History = {
  session: undefined,
  source: undefined,
  history: [],
  isWhole: true,
  hasOlder: false,
};

/** Reads the newest messages of a session, without those of the run that the page follows there. */
export async function readHistory(
  client: RookeryClient,
  sessionId: string | undefined,
  active: ReturnType<typeof ActiveChat.stored>,
  signal: AbortSignal,
): Promise<History> {
  const forkFrom = active?.request.fork_from;
  if (sessionId === undefined)
    return forkFrom === undefined ? NO_HISTORY : await inheritedFrom(client, forkFrom, signal);
  try {
    return await ofSession(client, sessionId, active?.runId, signal);
  } catch (failure) {
    if (forkFrom === undefined || !isNotFound(failure)) throw failure;
    return await inheritedFrom(client, forkFrom, signal);
  }
}

export function isNotFound(failure: unknown): boolean {
  return failure instanceof RookeryError && failure.status === 404;
}

async function ofSession(
  client: RookeryClient,
  sessionId: string,
  activeRunId: string | undefined,
  signal: AbortSignal,
): Promise<History> {
  const [newest, session] = await Promise.all([
    newestOf(client.sessions.messages(sessionId, { pageSize: MAX_MESSAGES, signal })),
    client.sessions.getV2(sessionId, { signal }),
  ]);
  const history = newest.history.filter(({ run_id }) => run_id !== activeRunId);
  return { ...newest, history, session, source: session.forked_session_id };
}

/** A fork is stored when its first run has ended. Until then, the session with the run has what the fork inherits. */
async function inheritedFrom(client: RookeryClient, runId: string, signal: AbortSignal): Promise<History> {
  const { session_id: source } = await client.runs.get(runId, { signal });
  const messages = client.sessions.messages(source, { pageSize: MAX_MESSAGES, signal });
  return { ...(await newestOf(from(runId, messages))), session: undefined, source };
}

async function newestOf(newestFirst: AsyncGenerator<Message, void>) {
  const { items, isComplete } = await take(newestFirst, MAX_MESSAGES);
  return { history: items.toReversed(), hasOlder: !isComplete, isWhole: isComplete };
}

/** The messages of a run and the older ones. */
async function* from(runId: string, newestFirst: AsyncGenerator<Message, void>): AsyncGenerator<Message, void> {
  let isFound = false;
  for await (const message of newestFirst) {
    isFound ||= message.run_id === runId;
    if (isFound) yield message;
  }
}
