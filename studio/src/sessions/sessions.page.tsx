import type { ErasedData, SessionV2 } from 'rookery/client';
import { useState } from 'preact/hooks';
import { Link, navigate, type Place, urlOf } from '../app/router';
import { usePages } from '../service/pages';
import { useAction } from '../service/resource';
import { useClient } from '../service/service';
import { Confirm } from '../ui/dialog';
import { Empty, Failure } from '../ui/feedback';
import { TextField } from '../ui/fields';
import { numberText } from '../ui/format';
import { PagedTable } from '../ui/paged.table';
import { Time } from '../ui/parts';
import { saveRows } from '../ui/save';
import type { Column } from '../ui/virtual.table';

const COLUMNS: readonly Column<SessionV2>[] = [
  {
    title: 'Title',
    width: 'minmax(140px, 2fr)',
    cell: ({ session_id: id, title }) => <Link to={urlOf(['sessions', id])}>{title ?? id}</Link>,
  },
  {
    title: 'Session',
    width: 'minmax(120px, 1.2fr)',
    cell: ({ session_id }) => <span class="mono">{session_id}</span>,
    isExtra: true,
  },
  { title: 'Agent', width: 'minmax(90px, 1fr)', cell: ({ agent_role }) => agent_role, isExtra: true },
  { title: 'End user', width: 'minmax(90px, 1fr)', cell: ({ end_user }) => end_user ?? '–', isExtra: true },
  { title: 'Messages', width: '84px', cell: ({ message_count }) => numberText(message_count), isExtra: true },
  { title: 'Changed', width: 'minmax(96px, 1fr)', cell: ({ updated_at }) => <Time at={updated_at} /> },
];

/** All sessions, by id and by end user. */
export function SessionsPage({ place }: { readonly place: Place }) {
  const client = useClient();
  const endUser = place.query.get('end_user') ?? '';
  const [id, setId] = useState('');
  const list = usePages(
    (signal) => client.sessions.listV2({ pageSize: 100, signal, ...(endUser !== '' && { endUser }) }),
    endUser,
  );
  return (
    <div class="stack fill">
      <header class="page-head">
        <h1>Sessions</h1>
        {endUser !== '' && (
          <>
            <span class="muted">of {endUser}</span>
            <span class="grow" />
            <EndUserActions endUser={endUser} onErased={list.reload} />
          </>
        )}
      </header>
      <div class="filters filters-two">
        <form
          role="search"
          aria-label="Open a session"
          onSubmit={(event) => {
            event.preventDefault();
            if (id.trim() !== '') navigate(urlOf(['sessions', id.trim()]));
          }}
        >
          <TextField label="Session id" placeholder="Enter opens it" value={id} onChange={setId} />
        </form>
        <TextField
          label="End user"
          type="search"
          placeholder="All"
          value={endUser}
          onChange={(value) => navigate(urlOf(['sessions'], { end_user: value.trim() }), { replace: true })}
        />
      </div>
      <PagedTable
        label="Sessions"
        columns={COLUMNS}
        pages={list}
        keyOf={({ session_id }) => session_id}
        empty={
          <Empty title={endUser === '' ? 'No sessions yet' : 'This end user has no sessions'}>
            A session is a conversation. <Link to={urlOf(['chat'])}>Begin one in Chat</Link>, or send{' '}
            <code>session_id</code> with a request.
          </Empty>
        }
      />
    </div>
  );
}

/** Exports or erases all data of a person. */
function EndUserActions({ endUser, onErased }: { readonly endUser: string; readonly onErased: () => void }) {
  const client = useClient();
  const { isBusy, failure, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const [erased, setErased] = useState<ErasedData>();
  const erase = async () => {
    const isDone = await run(async () => setErased(await client.endUsers.erase(endUser)));
    setAsking(false);
    if (isDone) onErased();
  };
  return (
    <div class="head-actions">
      {isBusy && <span class="spinner" role="status" aria-label="Working" />}
      {erased !== undefined && (
        <span role="status">
          Erased: {erased.sessions} sessions, {erased.messages} messages, {erased.runs} runs.
        </span>
      )}
      <button
        type="button"
        class="button"
        disabled={isBusy}
        onClick={() => void run(() => saveRows(`end-user-${endUser}`, client.endUsers.export(endUser)))}
      >
        Export all
      </button>
      <button type="button" class="button button-danger" disabled={isBusy} onClick={() => setAsking(true)}>
        Erase all
      </button>
      <Failure failure={failure} />
      {isAsking && (
        <Confirm
          title={`Erase all data of ${endUser}?`}
          action="Erase"
          onConfirm={() => void erase()}
          onClose={() => setAsking(false)}
        >
          <p>
            All their sessions, messages and runs are deleted, and active runs are cancelled. Nothing brings them back.
          </p>
        </Confirm>
      )}
    </div>
  );
}
