import { useState } from 'preact/hooks';
import { Link, navigate, urlOf } from '../app/router';
import { forkForChat, forkOf, pointBeforeMessage } from '../chat/fork';
import { MessageView } from '../chat/message.view';
import { usePages } from '../service/pages';
import { useAction, useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Confirm } from '../ui/dialog';
import { Empty, Failure, Loading } from '../ui/feedback';
import { numberText } from '../ui/format';
import { Icon } from '../ui/icons';
import { CopyButton, Facts, Time } from '../ui/parts';
import { saveRows } from '../ui/save';

const BATCH = 50;

/** A session with its messages, newest first. */
export function SessionPage({ sessionId }: { readonly sessionId: string }) {
  const client = useClient();
  const session = useResource((signal) => client.sessions.getV2(sessionId, { signal }), sessionId);
  const messages = usePages(
    (signal) => client.sessions.messages(sessionId, { pageSize: BATCH, signal }),
    sessionId,
    BATCH,
  );
  const transcript = {
    history: messages.items.toReversed(),
    isWhole: messages.isComplete && messages.failure === undefined,
    turns: [],
  };
  /** Chat sends the question, and shows the answer. */
  const askAgain = (index: number, text: string) => {
    const point = pointBeforeMessage(transcript, index);
    if (point === undefined || session.value === undefined) return;
    forkForChat.give(forkOf(point, { input: text, agent_role: session.value.agent_role }, sessionId));
    navigate(urlOf(['chat']));
  };
  return (
    <div class="stack narrow">
      <header class="page-head">
        <p>
          <Link to={urlOf(['sessions'])}>Sessions</Link> <span class="muted">/</span>
        </p>
        <h1 class="mono">{sessionId}</h1>
        <CopyButton text={sessionId} label="Copy the id of the session" />
        <span class="grow" />
        {session.value !== undefined && <SessionActions sessionId={sessionId} />}
      </header>
      <Failure failure={session.failure} onRetry={session.reload} />
      {session.value === undefined && session.failure === undefined && <Loading what="the session" />}
      {session.value !== undefined && (
        <>
          <section class="card pad-card" aria-label="Facts">
            <Facts
              facts={[
                ['Title', session.value.title],
                ['Agent', session.value.agent_role],
                ['Fork of', session.value.forked_session_id && <SourceLink id={session.value.forked_session_id} />],
                ['End user', session.value.end_user],
                ['Messages', numberText(session.value.message_count)],
                ['Created', <Time key="created" at={session.value.created_at} />],
                ['Changed', <Time key="changed" at={session.value.updated_at} />],
                [
                  'Runs',
                  <Link key="runs" to={urlOf(['runs'], { session_id: sessionId })}>
                    Show its runs
                  </Link>,
                ],
              ]}
            />
          </section>
          <Failure failure={messages.failure} onRetry={messages.reload} />
          {messages.items.length === 0 && !messages.isLoading && <Empty title="No messages yet" />}
          {!messages.isComplete && !messages.isLoading && (
            <button type="button" class="button" onClick={messages.loadMore}>
              Show older messages
            </button>
          )}
          {messages.isLoading && <Loading what="the messages" />}
          <div class="messages">
            {transcript.history.map((message, index) => (
              <MessageView
                key={message.message_id}
                message={message}
                onAskAgain={pointBeforeMessage(transcript, index) && ((text) => askAgain(index, text))}
              />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function SourceLink({ id }: { readonly id: string }) {
  return (
    <Link class="mono" to={urlOf(['sessions', id])}>
      {id}
    </Link>
  );
}

function SessionActions({ sessionId }: { readonly sessionId: string }) {
  const client = useClient();
  const { isBusy, failure, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const erase = async () => {
    if (await run(() => client.sessions.delete(sessionId))) navigate(urlOf(['sessions']));
    else setAsking(false);
  };
  return (
    <div class="head-actions">
      {isBusy && <span class="spinner" role="status" aria-label="Working" />}
      <Link class="button" to={urlOf(['chat', sessionId])}>
        <Icon name="chat" /> Open in Chat
      </Link>
      <button
        type="button"
        class="button"
        disabled={isBusy}
        onClick={() => void run(() => saveRows(`session-${sessionId}`, client.sessions.export(sessionId)))}
      >
        Export
      </button>
      <button type="button" class="button button-danger" disabled={isBusy} onClick={() => setAsking(true)}>
        Erase
      </button>
      <Failure failure={failure} />
      {isAsking && (
        <Confirm
          title="Erase this session?"
          action="Erase"
          onConfirm={() => void erase()}
          onClose={() => setAsking(false)}
        >
          <p>Its messages and runs are deleted, and its active run is cancelled. Nothing brings them back.</p>
        </Confirm>
      )}
    </div>
  );
}
