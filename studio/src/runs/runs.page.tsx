import type { RunSummary } from 'rookery/client';
import { Link, navigate, type Place, urlOf } from '../app/router';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Empty, Failure, Loading } from '../ui/feedback';
import { costText, durationText, numberText, shortId } from '../ui/format';
import { Badge, Field, Time } from '../ui/parts';
import { type Column, VirtualTable } from '../ui/virtual.table';
import { useLiveRuns } from './live.runs';
import { filterOf, KINDS, STATUSES } from './run.filter';

const COLUMNS: readonly Column<RunSummary>[] = [
  {
    title: 'Run',
    width: 'minmax(120px, 1.2fr)',
    cell: ({ run_id }) => (
      <Link class="mono" to={urlOf(['runs', run_id])}>
        {shortId(run_id)}
      </Link>
    ),
  },
  { title: 'Status', width: 'minmax(126px, 1fr)', cell: ({ status }) => <Badge status={status} /> },
  { title: 'Agent', width: 'minmax(90px, 1fr)', cell: ({ agent_role }) => agent_role },
  { title: 'Kind', width: '70px', cell: ({ kind }) => kind, isExtra: true },
  {
    title: 'Session',
    width: 'minmax(120px, 1.2fr)',
    cell: ({ session_id }) => (
      <Link class="mono" to={urlOf(['sessions', session_id])}>
        {shortId(session_id)}
      </Link>
    ),
    isExtra: true,
  },
  { title: 'Created', width: 'minmax(100px, 1fr)', cell: ({ created_at }) => <Time at={created_at} />, isExtra: true },
  { title: 'Duration', width: '84px', cell: (run) => durationOf(run), isExtra: true },
  { title: 'Tokens', width: '76px', cell: ({ usage }) => numberText(usage.total_tokens), isExtra: true },
  {
    title: 'Cost',
    width: '76px',
    cell: ({ usage }) => (usage.cost === undefined ? '–' : costText(usage.cost)),
    isExtra: true,
  },
];

/** All runs of the caller, as they come and end. */
export function RunsPage({ place }: { readonly place: Place }) {
  const client = useClient();
  const filter = filterOf(place.query);
  const runs = useLiveRuns(client, filter);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div class="stack fill">
      <header class="page-head">
        <h1>Runs</h1>
        <p class="muted" role="status">
          {runs.items.length === 0 ? '' : `${numberText(runs.items.length)}${runs.isComplete ? '' : ' newest'} · live`}
        </p>
      </header>
      <Filters query={place.query} />
      <Failure failure={runs.failure} onRetry={runs.reload} />
      {runs.items.length > 0 ? (
        <VirtualTable
          label="Runs"
          columns={COLUMNS}
          items={runs.items}
          keyOf={({ run_id }) => run_id}
          onEnd={runs.isComplete ? undefined : runs.loadMore}
        />
      ) : (
        runs.failure === undefined && <NoRuns isLoading={runs.isLoading} isFiltered={isFiltered} />
      )}
    </div>
  );
}

function NoRuns({ isLoading, isFiltered }: { readonly isLoading: boolean; readonly isFiltered: boolean }) {
  if (isLoading) return <Loading what="the runs" />;
  if (isFiltered) {
    return (
      <Empty title="No run matches the filter">
        <Link to={urlOf(['runs'])}>Show all runs</Link>
      </Empty>
    );
  }
  return (
    <Empty title="No runs yet">
      Each request to an agent is a run. <Link to={urlOf(['chat'])}>Ask an agent in Chat</Link>, or send a task to the
      API.
    </Empty>
  );
}

/** The filter is in the URL, so a reload and a link keep it. */
function Filters({ query }: { readonly query: URLSearchParams }) {
  const client = useClient();
  const agents = useResource((signal) => client.roles({ signal }), 'roles');
  const set = (name: string, value: string) => {
    navigate(urlOf(['runs'], { ...Object.fromEntries(query), [name]: value }), { replace: true });
  };
  const select = (name: string, label: string, values: readonly string[]) => (
    <Field label={label}>
      <select class="input" value={query.get(name) ?? ''} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">All</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {value.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </Field>
  );
  const time = (name: string, label: string) => (
    <Field label={label}>
      <input
        class="input"
        type="datetime-local"
        value={query.get(name) ?? ''}
        onChange={(event) => set(name, event.currentTarget.value)}
      />
    </Field>
  );
  return (
    <form class="filters" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      {select('status', 'Status', STATUSES)}
      {select('kind', 'Kind', KINDS)}
      {select(
        'agent_role',
        'Agent',
        (agents.value ?? []).map(({ role }) => role),
      )}
      <Field label="Session">
        <input
          class="input"
          type="search"
          value={query.get('session_id') ?? ''}
          onChange={(event) => set('session_id', event.currentTarget.value)}
        />
      </Field>
      {time('from', 'From')}
      {time('to', 'To')}
    </form>
  );
}

export function durationOf({ started_at, finished_at }: Pick<RunSummary, 'started_at' | 'finished_at'>): string {
  if (started_at === undefined) return '–';
  const end = finished_at === undefined ? Date.now() : Date.parse(finished_at);
  return durationText(Math.max(0, end - Date.parse(started_at)));
}
