import type { RunSummary } from 'rookery/client';
import { Link, navigate, type Place, urlOf } from '../app/router';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Empty } from '../ui/feedback';
import { SelectField, TextField } from '../ui/fields';
import { costText, durationText, numberText, shortId } from '../ui/format';
import { PagedTable } from '../ui/paged.table';
import { Badge, Time } from '../ui/parts';
import type { Column } from '../ui/virtual.table';
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
      <PagedTable
        label="Runs"
        columns={COLUMNS}
        pages={runs}
        keyOf={({ run_id }) => run_id}
        onView={runs.onView}
        empty={<NoRuns isFiltered={isFiltered} />}
      />
    </div>
  );
}

function NoRuns({ isFiltered }: { readonly isFiltered: boolean }) {
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
  const set = (name: string, value: string | undefined) => {
    navigate(urlOf(['runs'], { ...Object.fromEntries(query), [name]: value }), { replace: true });
  };
  const time = (name: 'from' | 'to', label: string) => (
    <TextField
      label={label}
      type="datetime-local"
      value={query.get(name) ?? ''}
      onChange={(value) => set(name, value)}
    />
  );
  return (
    <form class="filters" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      <SelectField
        label="Status"
        none="All"
        value={chosenOf(STATUSES, query.get('status'))}
        options={STATUSES}
        textOf={(status) => status.replaceAll('_', ' ')}
        onChange={(status) => set('status', status)}
      />
      <SelectField
        label="Kind"
        none="All"
        value={chosenOf(KINDS, query.get('kind'))}
        options={KINDS}
        textOf={(kind) => kind}
        onChange={(kind) => set('kind', kind)}
      />
      <SelectField
        label="Agent"
        none="All"
        value={query.get('agent_role') ?? ''}
        options={(agents.value ?? []).map(({ role }) => role)}
        textOf={(role) => role}
        onChange={(role) => set('agent_role', role)}
      />
      <TextField
        label="Session"
        type="search"
        value={query.get('session_id') ?? ''}
        onChange={(id) => set('session_id', id)}
      />
      {time('from', 'From')}
      {time('to', 'To')}
    </form>
  );
}

function chosenOf<T extends string>(values: readonly T[], value: string | null): T | '' {
  return values.find((each) => each === value) ?? '';
}

export function durationOf({ started_at, finished_at }: Pick<RunSummary, 'started_at' | 'finished_at'>): string {
  if (started_at === undefined) return '–';
  const end = finished_at === undefined ? Date.now() : Date.parse(finished_at);
  return durationText(Math.max(0, end - Date.parse(started_at)));
}
