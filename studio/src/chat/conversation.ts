import type { ApprovalDecision, ChatRequestV2, RookeryClient } from 'rookery/client';
import { newIdempotencyKey, RookeryError } from 'rookery/client';
import { failureText } from '../ui/failure.text';
import { ActiveChat } from './active.chat';
import { type Fork, forkOf, inputWith, pointBeforeMessage, pointBeforeTurn, type Transcript } from './fork';
import { type History, isNotFound, NO_HISTORY, readHistory } from './history';
import { answered, type CallResult, openCallsOf, resultsOf } from './open.calls';
import { isActive, newTurn, type Part, type Turn, withEvent } from './turn';

const RENDER_EVERY_MS = 50;
const REJOIN_AFTER_MS = 2000;
const AWAY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The state that the page shows. Each change makes a new object. */
export interface ConversationState extends Transcript, History {
  readonly sessionId: string | undefined;
  readonly isLoading: boolean;
  readonly failure: unknown;
}

const EMPTY: ConversationState = {
  ...NO_HISTORY,
  sessionId: undefined,
  turns: [],
  isLoading: false,
  failure: undefined,
};

/** A session in the page: sends requests, follows their runs, and rejoins them after a reload or a lost network. */
export class Conversation {
  #state = EMPTY;
  #listeners = new Set<() => void>();
  #rendering: ReturnType<typeof setTimeout> | undefined;
  #following = new AbortController();
  #isOpen = false;
  /** Turns to stop once their runs have begun. */
  readonly #stopping = new Set<string>();

  /** @param onSession is called when the service has begun or changed a session. */
  constructor(
    private readonly client: RookeryClient,
    private readonly onSession: (sessionId: string, turn: Turn) => void,
  ) {}

  get state(): ConversationState {
    return this.#state;
  }

  get isBusy(): boolean {
    return this.#state.turns.some(isActive);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Shows a session, or without one an empty page. A run that this tab follows there is rejoined. */
  async open(sessionId: string | undefined): Promise<void> {
    if (this.#isOpen && sessionId === this.#state.sessionId) return;
    this.close();
    this.#isOpen = true;
    const active = ActiveChat.stored();
    const isHere = active !== undefined && active.request.session_id === sessionId;
    const rejoined = isHere ? [{ ...newTurn(active.request, resultsOf(active.request)), runId: active.runId }] : [];
    const isNew = sessionId === undefined;
    this.#set({ ...EMPTY, sessionId, turns: rejoined, isWhole: isNew, isLoading: !isNew });
    const [turn] = rejoined;
    if (turn !== undefined && active !== undefined) void this.#follow(turn.id, active.idempotencyKey);
    await this.#loadHistory(sessionId, isHere ? active : undefined);
  }

  /** Sends a message and follows its run. The run goes on without the results of open calls. */
  send(request: ChatRequestV2): void {
    const open = openCallsOf(this.#state);
    if (open === undefined) this.#send(request);
    else this.#send({ ...request, abandon_calls: true }, answered(open.calls, []));
  }

  /** Sends the results of open calls, so that the agent goes on. */
  answer(results: readonly CallResult[], isAbandoning: boolean): void {
    const open = openCallsOf(this.#state);
    if (open === undefined) return;
    const given = results.length === 0 ? {} : { tool_results: [...results] };
    const request = { ...open.request, ...given, ...(isAbandoning && { abandon_calls: true }) };
    this.#send(request, answered(open.calls, results));
  }

  /** The fork that asks a question of the history in other words. Undefined if the session cannot be forked there. */
  forkOfMessage(index: number, text: string): Fork | undefined {
    const { sessionId, session } = this.#state;
    const point = pointBeforeMessage(this.#state, index);
    return point && forkOf(point, { input: text, ...(session && { agent_role: session.agent_role }) }, sessionId);
  }

  /** The same for a turn of this page. */
  forkOfTurn({ id, request }: Turn, text: string): Fork | undefined {
    const point = pointBeforeTurn(this.#state, id);
    return point && forkOf(point, { ...request, input: inputWith(text, request) }, this.#state.sessionId);
  }

  /** Begins another session, and shows what it inherits. */
  fork({ request, kept, source }: Fork): void {
    this.close();
    this.#isOpen = true;
    this.#set({ ...EMPTY, ...kept, source });
    this.#send(request);
  }

  #send(request: ChatRequestV2, parts?: readonly Part[]): void {
    const { sessionId } = this.#state;
    const turn = newTurn(sessionId === undefined ? request : { ...request, session_id: sessionId }, parts);
    const idempotencyKey = newIdempotencyKey();
    ActiveChat.store({ request: turn.request, idempotencyKey, runId: undefined });
    this.#set({ turns: [...this.#state.turns, turn], failure: undefined });
    void this.#follow(turn.id, idempotencyKey);
  }

  /** Cancels the active run, or the one that is about to begin. */
  async stop(): Promise<void> {
    const turn = this.#state.turns.find(isActive);
    if (turn?.runId !== undefined) await this.client.runs.cancel(turn.runId);
    else if (turn !== undefined) this.#stopping.add(turn.id);
  }

  async decide(runId: string, approvalId: string, decision: ApprovalDecision): Promise<void> {
    await this.client.runs.decide(runId, approvalId, decision);
    this.#change(
      ({ runId: id }) => id === runId,
      (turn) => ({
        ...turn,
        parts: turn.parts.map((part) =>
          part.kind === 'approval' && part.approvalId === approvalId ? { ...part, isOpen: false } : part,
        ),
      }),
    );
  }

  /** Stops following. The run goes on for the grace period of the service. */
  close(): void {
    this.#following.abort();
    this.#following = new AbortController();
    clearTimeout(this.#rendering);
    this.#rendering = undefined;
    this.#stopping.clear();
    this.#isOpen = false;
    this.#state = EMPTY;
  }

  async #loadHistory(sessionId: string | undefined, active: ReturnType<typeof ActiveChat.stored>): Promise<void> {
    const { signal } = this.#following;
    try {
      const history = await readHistory(this.client, sessionId, active, signal);
      if (!signal.aborted) this.#set({ ...history, isLoading: false });
    } catch (failure) {
      // A session begins with the commit of its first run, and not everyone who chats may read it.
      const isExpected = failure instanceof RookeryError && [403, 404].includes(failure.status);
      const isHarmless = isExpected && this.#state.turns.length > 0;
      const isWhole = isNotFound(failure);
      if (!signal.aborted) this.#set({ isLoading: false, isWhole, failure: isHarmless ? undefined : failure });
    }
  }

  /** Follows a turn until its run ends, whatever happens to the network. */
  async #follow(turnId: string, idempotencyKey: string): Promise<void> {
    const { signal } = this.#following;
    const isTurn = ({ id }: Turn) => id === turnId;
    for (;;) {
      const turn = this.#state.turns.find(isTurn);
      if (turn === undefined || signal.aborted) return;
      try {
        for await (const event of this.#events(turn, idempotencyKey, signal)) {
          const isFirst = this.#state.turns.find(isTurn)?.sequence === 0;
          this.#change(isTurn, (old) => withEvent(old, event));
          if (event.type === 'run.started' && isFirst) this.#begun(turnId, event.session_id, idempotencyKey);
        }
        break;
      } catch (failure) {
        if (signal.aborted) return;
        const { runId, sequence } = this.#state.turns.find(isTurn) ?? turn;
        if (runId !== undefined && sequence === 0 && failure instanceof RookeryError && failure.status === 404) {
          // The run of a reload has ended, and its events are gone. The session has its messages.
          ActiveChat.clear();
          this.#set({ turns: this.#state.turns.filter((each) => !isTurn(each)) });
          return;
        }
        if (!mayGoOn(failure, runId !== undefined)) {
          this.#change(isTurn, (old) => ({ ...old, status: 'failed', failure: failureText(failure) }));
          break;
        }
        this.#change(isTurn, (old) => ({ ...old, status: 'reconnecting' }));
        await untilOnline(signal);
      }
    }
    if (signal.aborted) return;
    ActiveChat.clear();
    this.#render();
    const ended = this.#state.turns.find(isTurn);
    if (ended !== undefined && this.#state.sessionId !== undefined) this.onSession(this.#state.sessionId, ended);
  }

  #events({ request, runId, sequence }: Turn, idempotencyKey: string, signal: AbortSignal) {
    if (runId === undefined) return this.client.streamV2(request, { idempotencyKey, signal });
    return this.client.runs.eventsV2(runId, { after: sequence, signal });
  }

  #begun(turnId: string, sessionId: string, idempotencyKey: string): void {
    this.#set({ sessionId });
    const turn = this.#state.turns.find(({ id }) => id === turnId);
    if (turn === undefined) return;
    const request = { ...turn.request, session_id: sessionId };
    ActiveChat.store({ request, idempotencyKey, runId: turn.runId });
    this.onSession(sessionId, turn);
    if (this.#stopping.delete(turnId)) void this.stop().catch((failure: unknown) => this.#set({ failure }));
  }

  #change(isTurn: (turn: Turn) => boolean, change: (turn: Turn) => Turn): void {
    const turns = this.#state.turns.map((turn) => (isTurn(turn) ? change(turn) : turn));
    this.#state = { ...this.#state, turns };
    this.#rendering ??= setTimeout(() => this.#render(), RENDER_EVERY_MS);
  }

  #set(change: Partial<ConversationState>): void {
    this.#state = { ...this.#state, ...change };
    this.#render();
  }

  #render(): void {
    clearTimeout(this.#rendering);
    this.#rendering = undefined;
    for (const listener of this.#listeners) listener();
  }
}

/** True if the run may still go on at the service. A proxy answers with these statuses while the service restarts. */
function mayGoOn(failure: unknown, hasBegun: boolean): boolean {
  if (!(failure instanceof RookeryError)) return false;
  const { code, status } = failure;
  if (code === 'stream_broken' || code === 'timeout' || code === 'idempotency_key_in_use') return true;
  return failure.isNetworkError || (hasBegun && AWAY.has(status));
}

/** Waits until the browser reports a network, or for a moment. */
async function untilOnline(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, REJOIN_AFTER_MS);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
