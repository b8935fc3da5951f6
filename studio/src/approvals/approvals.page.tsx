import type { WaitingApproval } from 'rookery/client';
import { useEffect, useState } from 'preact/hooks';
import { Link, urlOf } from '../app/router';
import { ApprovalCard } from '../chat/approval.card';
import { take } from '../service/pages';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Empty, Failure, Loading } from '../ui/feedback';
import { numberText } from '../ui/format';
import { Time } from '../ui/parts';

const POLL_MS = 3000;
const SHOWN = 100;

/** All calls that wait for a decision, oldest first. */
export function ApprovalsPage() {
  const client = useClient();
  const waiting = useResource(
    async (signal) => (await take(client.approvals.list({ pageSize: SHOWN, signal }), SHOWN)).items,
    'approvals',
    POLL_MS,
  );
  const [kept, keep] = useDecided(waiting.value);
  return (
    <div class="stack narrow">
      <header class="page-head">
        <h1>Approvals</h1>
        <p class="muted" role="status">
          {waiting.value === undefined ? '' : `${numberText(waiting.value.length)} waiting · live`}
        </p>
      </header>
      <Failure failure={waiting.failure} onRetry={waiting.reload} />
      {waiting.value === undefined && waiting.failure === undefined && <Loading what="the approvals" />}
      {waiting.value !== undefined && kept.length === 0 && (
        <Empty title="Nothing waits for a decision">
          A tool with <code>needsApproval</code> appears here before it runs. Each decision may have a reason.
        </Empty>
      )}
      <ul class="inbox">
        {kept.map((approval) => (
          <li key={approval.approval_id}>
            <ApprovalCard
              approval={{ ...approval, isOpen: !approval.isDecided }}
              onDecide={async (decision) => {
                await client.runs.decide(approval.run_id, approval.approval_id, decision);
                keep(approval.approval_id);
                waiting.reload();
              }}
            />
            <p class="muted inbox-facts">
              <span>{approval.agent_role}</span>
              <span>
                waits since <Time at={approval.created_at} />
              </span>
              {approval.expires_at !== undefined && (
                <span>
                  fails without a decision on{' '}
                  <time dateTime={approval.expires_at}>{new Date(approval.expires_at).toLocaleString('en-GB')}</time>
                </span>
              )}
              {approval.end_user !== undefined && <span>for {approval.end_user}</span>}
              <Link to={urlOf(['runs', approval.run_id])}>Run</Link>
              <Link to={urlOf(['chat', approval.session_id])}>Session</Link>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

type Kept = WaitingApproval & { readonly isDecided: boolean };

/** Keeps what this page has decided on, so that the list does not jump under the hand. */
function useDecided(waiting: readonly WaitingApproval[] | undefined): readonly [readonly Kept[], (id: string) => void] {
  const [seen, setSeen] = useState<readonly WaitingApproval[]>([]);
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (waiting === undefined) return;
    setSeen((old) => {
      const ids = new Set(old.map(({ approval_id }) => approval_id));
      return [...old, ...waiting.filter(({ approval_id }) => !ids.has(approval_id))];
    });
  }, [waiting]);
  const open = new Set((waiting ?? []).map(({ approval_id }) => approval_id));
  const kept = seen
    .map((approval) => ({ ...approval, isDecided: decided.has(approval.approval_id) }))
    .filter(({ approval_id, isDecided }) => isDecided || open.has(approval_id));
  return [kept, (id) => setDecided((old) => new Set([...old, id]))];
}
