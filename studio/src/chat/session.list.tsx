import { useEffect, useRef } from 'preact/hooks';
import { useResource } from '../service/resource';
import { take } from '../service/pages';
import { useClient } from '../service/service';
import { Link, urlOf } from '../app/router';
import { isForbidden } from '../ui/failure.text';
import { Failure } from '../ui/feedback';
import { Time } from '../ui/parts';
import { titles } from './titles';

const SHOWN = 30;

interface SessionListProps {
  /** Loads again if it changes. */
  readonly round: number;
  readonly current: string | undefined;
  readonly onOpen: () => void;
}

/** The newest sessions. */
export function SessionList({ round, current, onOpen }: SessionListProps) {
  const client = useClient();
  const sessions = useResource(
    async (signal) => (await take(client.sessions.listV2({ pageSize: SHOWN, signal }), SHOWN)).items,
    'sessions',
  );
  useReload(sessions.reload, round);
  if (isForbidden(sessions.failure)) {
    return (
      <p class="muted pad">
        These credentials lack <code>sessions:read</code>, so earlier sessions are not listed.
      </p>
    );
  }
  if (sessions.failure !== undefined) return <Failure failure={sessions.failure} />;
  if (sessions.value?.length === 0) return <p class="muted pad">No sessions yet.</p>;
  return (
    <ul class="session-list">
      {(sessions.value ?? []).map(({ session_id: id, title, updated_at, message_count: count, agent_role }) => (
        <li key={id}>
          <Link to={urlOf(['chat', id])} isCurrent={id === current} onOpen={onOpen}>
            <span class="session-title">{title ?? titles.of(id)}</span>
            <span class="muted">
              {agent_role} · {count} · <Time at={updated_at} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function useReload(reload: () => void, round: number): void {
  const before = useRef(round);
  useEffect(() => {
    if (before.current !== round) reload();
    before.current = round;
  }, [reload, round]);
}
