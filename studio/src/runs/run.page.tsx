import type { RunDetailsV2 } from 'rookery/client';
import { useState } from 'preact/hooks';
import { Link, navigate, urlOf } from '../app/router';
import { ApprovalCard } from '../chat/approval.card';
import { Markdown } from '../markdown/markdown';
import { take } from '../service/pages';
import { useAction, useResource } from '../service/resource';
import { useClient } from '../service/service';
import { errorText } from '../ui/failure.text';
import { Failure, FailureNote, Loading } from '../ui/feedback';
import { costText, numberText } from '../ui/format';
import { Icon } from '../ui/icons';
import { Badge, CopyButton, Facts, Time } from '../ui/parts';
import { EventList } from './event.list';
import { durationOf } from './runs.page';
import { Timeline } from './timeline';

const POLL_MS = 1500;
const MESSAGES_READ = 200;

function isOver({ status }: Pick<RunDetailsV2, 'status'>): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A run: what it did and when, what it cost, and what can be done with it. */
export function RunPage({ runId }: { readonly runId: string }) {
  const client = useClient();
  const [isLive, setLive] = useState(true);
  const run = useResource(
    async (signal) => {
      const details = await client.runs.getV2(runId, { signal });
      if (!signal.aborted) setLive(!isOver(details));
      return details;
    },
    runId,
    isLive ? POLL_MS : undefined,
  );
  const { value } = run;
  return (
    <div class="stack">
      <header class="page-head">
        <p>
          <Link to={urlOf(['runs'])}>Runs</Link> <span class="muted">/</span>
        </p>
        <h1 class="mono">{runId}</h1>
        <CopyButton text={runId} label="Copy the id of the run" />
        {value !== undefined && <Badge status={value.status} />}
        <span class="grow" />
        {value !== undefined && <RunActions run={value} onChange={run.reload} />}
      </header>
      <Failure failure={run.failure} onRetry={run.reload} />
      {value === undefined ? (
        run.failure === undefined && <Loading what="the run" />
      ) : (
        <RunBody run={value} onChange={run.reload} />
      )}
    </div>
  );
}

function RunBody({ run, onChange }: { readonly run: RunDetailsV2; readonly onChange: () => void }) {
  const client = useClient();
  const { usage } = run;
  return (
    <>
      <section class="card pad-card" aria-label="Facts">
        <Facts
          facts={[
            ['Agent', run.agent_role],
            ['Kind', run.kind],
            ['Model', run.model],
            ['Release', run.release],
            [
              'Session',
              <Link key="session" class="mono" to={urlOf(['sessions', run.session_id])}>
                {run.session_id}
              </Link>,
            ],
            ['End user', run.end_user],
            ['Created', <Time key="created" at={run.created_at} />],
            ['Duration', durationOf(run)],
            ['Attempts', numberText(run.attempt)],
            ['Tokens', `${numberText(usage.input_tokens)} in · ${numberText(usage.output_tokens)} out`],
            ['Cost', usage.cost === undefined ? undefined : costText(usage.cost)],
          ]}
        />
      </section>
      {(run.pending_approvals ?? []).map((approval) => (
        <ApprovalCard
          key={approval.approval_id}
          approval={{ ...approval, isOpen: true }}
          onDecide={async (decision) => {
            await client.runs.decide(run.run_id, approval.approval_id, decision);
            onChange();
          }}
        />
      ))}
      {run.error !== undefined && <FailureNote text={errorText(run.error)} />}
      <Timeline run={run} />
      <Conversation run={run} />
      <EventList key={run.run_id} run={run} />
    </>
  );
}

/** The question and the answer. The session has the question, once the run has completed. */
function Conversation({ run }: { readonly run: RunDetailsV2 }) {
  const client = useClient();
  const { run_id: runId, session_id: sessionId, status, result } = run;
  const messages = useResource(async (signal) => {
    if (status !== 'completed') return [];
    const list = client.sessions.messages(sessionId, { pageSize: 100, signal });
    const { items } = await take(list, MESSAGES_READ);
    return items.filter((message) => message.run_id === runId);
  }, `${runId} ${status}`);
  const question = messages.value?.find(({ role }) => role === 'user');
  const answer =
    result?.reply ?? messages.value?.find(({ role, content }) => role === 'assistant' && content !== '')?.content;
  if (question === undefined && answer === undefined) return null;
  return (
    <section class="two" aria-label="Input and output">
      <div class="card pad-card">
        <h2>Input</h2>
        {question === undefined ? (
          <p class="muted">The session no longer has it.</p>
        ) : (
          <p class="pre">{question.content}</p>
        )}
      </div>
      <div class="card pad-card">
        <h2>Output</h2>
        {answer === undefined ? <p class="muted">None.</p> : <Markdown text={answer} />}
      </div>
    </section>
  );
}

function RunActions({ run, onChange }: { readonly run: RunDetailsV2; readonly onChange: () => void }) {
  const client = useClient();
  const { isBusy, failure, run: act } = useAction();
  const canRetry = run.kind === 'task' && (run.status === 'failed' || run.status === 'cancelled');
  const cancel = () =>
    act(async () => {
      await client.runs.cancel(run.run_id);
      onChange();
    });
  const retry = () =>
    act(async () => {
      const { task_id } = await client.tasks.retry(run.run_id);
      navigate(urlOf(['runs', task_id]));
    });
  return (
    <div class="head-actions">
      {!isOver(run) && (
        <button type="button" class="button button-danger" disabled={isBusy} onClick={() => void cancel()}>
          <Icon name="stop" /> Cancel
        </button>
      )}
      {canRetry && (
        <button type="button" class="button button-primary" disabled={isBusy} onClick={() => void retry()}>
          <Icon name="retry" /> Retry
        </button>
      )}
      <Link class="button" to={urlOf(['chat', run.session_id])}>
        <Icon name="chat" /> Open in Chat
      </Link>
      <Failure failure={failure} />
    </div>
  );
}
