import type { AuditEntry, AuditReport } from 'rookery/client';
import { useMemo, useState } from 'preact/hooks';
import { usePages } from '../service/pages';
import { useAction } from '../service/resource';
import { useClient } from '../service/service';
import { Dialog } from '../ui/dialog';
import { Empty, Failure } from '../ui/feedback';
import { TextField } from '../ui/fields';
import { numberText } from '../ui/format';
import { PagedTable } from '../ui/paged.table';
import { CopyButton, JsonText, Time } from '../ui/parts';
import type { Column } from '../ui/virtual.table';

/** The entries of the audit, and a check of their hashes in the browser. */
export function AuditPanel() {
  const client = useClient();
  const [filter, setFilter] = useState({ action: '', actor: '', end_user: '' });
  const [shown, setShown] = useState<AuditEntry>();
  const columns = useMemo(() => columnsOf(setShown), []);
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  const entries = usePages((signal) => client.audit.list({ ...given, pageSize: 100, signal }), JSON.stringify(given));
  const field = (name: keyof typeof filter, label: string, placeholder: string) => (
    <TextField
      label={label}
      type="search"
      placeholder={placeholder}
      value={filter[name]}
      onChange={(value) => setFilter({ ...filter, [name]: value.trim() })}
    />
  );
  return (
    <>
      <Verification />
      <form class="filters" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
        {field('action', 'Action', 'key.created')}
        {field('actor', 'Actor', 'key:…')}
        {field('end_user', 'End user', 'All')}
      </form>
      <PagedTable
        label="Audit"
        columns={columns}
        pages={entries}
        keyOf={({ sequence }) => String(sequence)}
        empty={<Empty title="No entry matches the filter" />}
      />
      {shown !== undefined && (
        <Dialog title={`Entry ${shown.sequence}`} onClose={() => setShown(undefined)}>
          {() => (
            <div class="dialog-body">
              <JsonText value={shown} label="The entry" />
            </div>
          )}
        </Dialog>
      )}
    </>
  );
}

function columnsOf(show: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] {
  return [
    {
      title: 'No.',
      width: '70px',
      cell: (entry) => (
        <button type="button" class="link" aria-label={`Entry ${entry.sequence}`} onClick={() => show(entry)}>
          {entry.sequence}
        </button>
      ),
    },
    { title: 'Action', width: 'minmax(130px, 1fr)', cell: ({ action }) => action },
    { title: 'Target', width: 'minmax(120px, 1.6fr)', cell: ({ target }) => target },
    { title: 'Actor', width: 'minmax(120px, 1.4fr)', cell: ({ actor }) => actor, isExtra: true },
    { title: 'Tenant', width: 'minmax(80px, 1fr)', cell: ({ tenant }) => tenant, isExtra: true },
    { title: 'Time', width: 'minmax(96px, 1fr)', cell: ({ at }) => <Time at={at} />, isExtra: true },
  ];
}

/** Recomputes the chain of hashes here, so that nobody has to trust the service. */
function Verification() {
  const client = useClient();
  const { isBusy, failure, run } = useAction();
  const [report, setReport] = useState<AuditReport>();
  return (
    <section class="card pad-card verify" aria-label="Verification">
      <button
        type="button"
        class="button"
        disabled={isBusy}
        onClick={() => void run(async () => setReport(await client.audit.verify()))}
      >
        Verify all entries
      </button>
      <div role="status">
        {isBusy && (
          <>
            <span class="spinner" aria-hidden="true" /> Recomputing the hashes …
          </>
        )}
        {!isBusy && report === undefined && <span class="muted">The browser recomputes each hash.</span>}
        {!isBusy && report !== undefined && <Outcome report={report} />}
      </div>
      <Failure failure={failure} />
    </section>
  );
}

function Outcome({ report: { entries, head, broken } }: { readonly report: AuditReport }) {
  if (broken !== undefined) {
    return (
      <strong class="bad">
        Entry {broken.sequence}: {broken.reason}
      </strong>
    );
  }
  const anchor = head === undefined ? '' : `${head.sequence}:${head.hash}`;
  return (
    <>
      <strong class="ok">{numberText(entries)} entries are intact.</strong>{' '}
      {anchor !== '' && (
        <CopyButton text={anchor} label="Copy the last hash, to store it elsewhere">
          Copy the last hash
        </CopyButton>
      )}
    </>
  );
}
