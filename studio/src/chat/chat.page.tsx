import type { ChatRequestV2, Role } from 'rookery/client';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Link, navigate, urlOf } from '../app/router';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Failure, Loading } from '../ui/feedback';
import { Icon } from '../ui/icons';
import { Composer } from './composer';
import { Conversation, type ConversationState } from './conversation';
import { type Fork, forkForChat, pointBeforeMessage, pointBeforeTurn, questionOf } from './fork';
import { MessageView } from './message.view';
import { openCallsOf } from './open.calls';
import { OpenCallsCard } from './open.calls.card';
import { SessionList } from './session.list';
import { titles } from './titles';
import { isActive, isOpenApproval, textOf, type Turn } from './turn';
import { TurnView } from './turn.view';
import { type Draft, Welcome } from './welcome';

/** Distance from the end at which new text still scrolls the page. */
const NEAR_END_PX = 120;

/** Talks with an agent. */
export function ChatPage({ sessionId }: { readonly sessionId: string | undefined }) {
  const client = useClient();
  const agents = useResource((signal) => client.roles({ signal }), 'roles');
  const [sessionsRound, setSessionsRound] = useState(0);
  const [areSessionsOpen, setSessionsOpen] = useState(false);
  const [draft, setDraft] = useState<Draft>();
  const conversation = useMemo(
    () =>
      new Conversation(client, (id, turn) => {
        titles.remember(id, textOf(turn.request));
        setSessionsRound((old) => old + 1);
        const url = urlOf(['chat', id]);
        if (location.pathname !== url) navigate(url, { replace: true });
      }),
    [client],
  );
  const state = useConversation(conversation);
  // Not after the first paint: a message may be sent before, and opening the session would end its run.
  useLayoutEffect(() => {
    const fork = forkForChat.take();
    if (fork === undefined) void conversation.open(sessionId);
    else conversation.fork(fork);
  }, [conversation, sessionId]);
  useLayoutEffect(() => () => conversation.close(), [conversation]);
  const scroller = useScrollToEnd(state.turns, state.history.length);

  const askAgain = ({ request }: Turn) => {
    navigate(urlOf(['chat']));
    void conversation.open(undefined).then(() => conversation.send(questionOf(request)));
  };
  const send = (request: ChatRequestV2) => {
    setDraft(undefined);
    conversation.send(request);
  };
  const input = useRef<HTMLTextAreaElement>(null);
  const begin = (fork: Fork | undefined) => {
    if (fork === undefined) return;
    conversation.fork(fork);
    navigate(urlOf(['chat']));
    input.current?.focus();
  };
  const isBusy = state.turns.some(isActive);
  const openCalls = openCallsOf(state);
  const isEmpty = state.history.length === 0 && state.turns.length === 0 && !state.isLoading;
  return (
    <div class={`chat ${areSessionsOpen ? 'chat-with-sessions' : ''}`}>
      <aside class="chat-sessions" aria-label="Sessions">
        <Link class="button button-primary chat-new" to={urlOf(['chat'])}>
          <Icon name="plus" /> New session
        </Link>
        <SessionList round={sessionsRound} current={state.sessionId} onOpen={() => setSessionsOpen(false)} />
      </aside>
      <section class="chat-main" aria-label="Conversation">
        <header class="chat-head">
          <button
            type="button"
            class="button button-quiet chat-toggle"
            aria-expanded={areSessionsOpen}
            onClick={() => setSessionsOpen(!areSessionsOpen)}
          >
            <Icon name="menu" /> Sessions
          </button>
          <h1>{titleOf(state)}</h1>
          <SourceLink source={state.source} />
        </header>
        <OfflineNote agents={agents.value} />
        <p class="hidden" role="status">
          {announcementOf(state)}
        </p>
        <div class="chat-scroll" ref={scroller} tabIndex={0} role="region" aria-label="Messages">
          <div class="chat-column">
            {state.isLoading && <Loading what="the session" />}
            <Failure failure={state.failure} />
            {state.hasOlder && <p class="muted center">Older messages are on the page of the session.</p>}
            {state.history.map((message, index) => (
              <MessageView
                key={message.message_id}
                message={message}
                canAsk={!isBusy}
                onAskAgain={
                  pointBeforeMessage(state, index) && ((text) => begin(conversation.forkOfMessage(index, text)))
                }
              />
            ))}
            {state.turns.map((turn) => (
              <TurnView
                key={turn.id}
                turn={turn}
                onDecide={(approvalId, decision) => conversation.decide(turn.runId ?? '', approvalId, decision)}
                onAskAgain={() => askAgain(turn)}
                canAsk={!isBusy}
                onFork={pointBeforeTurn(state, turn.id) && ((text) => begin(conversation.forkOfTurn(turn, text)))}
              />
            ))}
            {openCalls !== undefined && (
              <OpenCallsCard
                key={openCalls.calls.map(({ call_id }) => call_id).join(' ')}
                calls={openCalls.calls}
                isBusy={isBusy}
                onAnswer={(results, isAbandoning) => {
                  conversation.answer(results, isAbandoning);
                  input.current?.focus();
                }}
              />
            )}
            {isEmpty && <Welcome agents={agents} onPick={setDraft} />}
          </div>
        </div>
        <Composer
          agents={agents.value ?? []}
          isBusy={isBusy}
          inputRef={input}
          draft={draft}
          onSend={send}
          onStop={() => conversation.stop()}
        />
      </section>
    </div>
  );
}

/** Screen readers say this when the state of the newest answer changes. */
function announcementOf({ turns }: ConversationState): string {
  const turn = turns.at(-1);
  if (turn === undefined) return '';
  if (turn.status === 'running' && turn.parts.some(isOpenApproval)) return 'The run waits for your decision.';
  if (turn.status === 'completed' && turn.response?.finish_reason === 'tool_calls') {
    return 'The agent waits for the results of your tools.';
  }
  const isFork = turn.status === 'running' && turn.request.fork_from !== undefined;
  return isFork ? `A new session begins here. ${ANNOUNCEMENTS.running}` : ANNOUNCEMENTS[turn.status];
}

function titleOf({ sessionId, session }: ConversationState): string {
  return sessionId === undefined ? 'New session' : (session?.title ?? titles.of(sessionId));
}

/** Leads from a fork to the session that it goes on from. */
function SourceLink({ source }: Pick<ConversationState, 'source'>) {
  if (source === undefined) return null;
  return (
    <Link class="chat-source" to={urlOf(['chat', source])}>
      <Icon name="fork" /> Fork of <span class="ellipsis">{titles.of(source)}</span>
    </Link>
  );
}

const ANNOUNCEMENTS = {
  running: 'The agent answers.',
  reconnecting: 'The connection is lost.',
  completed: 'The answer is complete.',
  failed: 'The run has failed.',
  cancelled: 'The run was stopped.',
} as const;

/** Says in one line that no model understands the questions, and how to change that. */
function OfflineNote({ agents = [] }: { readonly agents?: readonly Role[] | undefined }) {
  if (agents.length === 0 || agents.some(({ model }) => model !== 'offline')) return null;
  return (
    <p class="note">
      The offline model calls tools but understands nothing. For a real one, start with <code>OPENAI_API_KEY</code> or{' '}
      <code>OPENAI_BASE_URL</code>.
    </p>
  );
}

function useConversation(conversation: Conversation) {
  const [state, setState] = useState(conversation.state);
  useLayoutEffect(() => {
    setState(conversation.state);
    return conversation.subscribe(() => setState(conversation.state));
  }, [conversation]);
  return state;
}

/** Keeps the end in view while text arrives, unless the reader has scrolled up. */
function useScrollToEnd(turns: readonly Turn[], messages: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const isNearEnd = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const note = () => {
      isNearEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, []);
  useEffect(() => {
    isNearEnd.current = true;
  }, [turns.length, messages]);
  useEffect(() => {
    const element = scroller.current;
    if (element !== null && isNearEnd.current) element.scrollTop = element.scrollHeight;
  });
  return scroller;
}
