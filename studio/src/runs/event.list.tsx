import type { RunDetails, RunEvent } from 'rookery/client';
import { RookeryError } from 'rookery/client';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useClient } from '../service/service';
import { Dialog } from '../ui/dialog';
import { Empty, Failure } from '../ui/feedback';
import { numberText } from '../ui/format';
import { CopyButton, JsonText } from '../ui/parts';
import { type Column, VirtualTable } from '../ui/virtual.table';

const RENDER_EVERY_MS = 100;
const PREVIEW_LENGTH = 160;

/** The events of a run as the API sends them; read when asked for. */
export function EventList({ run }: { readonly run: RunDetails }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="card events" aria-label="Events">
      <header class="card-head">
        <h2>Events</h2>
        {!isOpen && (
          <button type="button" class="button" onClick={() => setOpen(true)}>
            Show the events
          </button>
        )}
      </header>
      {isOpen && <Events runId={run.run_id} />}
    </section>
  );
}

function Events({ runId }: { readonly runId: string }) {
  const [shown, setShown] = useState<RunEvent>();
  const [round, setRound] = useState(0);
  const { events, isComplete, failure } = useEvents(runId, round);
  const columns = useMemo(() => columnsOf(setShown), []);
  if (failure instanceof RookeryError && failure.status === 404) {
    return <Empty title="No events are stored">A run of /chat stores none, and others keep them for a while.</Empty>;
  }
  return (
    <>
      <Failure failure={failure} onRetry={() => setRound(round + 1)} />
      <p class="muted pad" role="status">
        {numberText(events.length)} events{isComplete ? '' : ', more arrive …'}
      </p>
      <VirtualTable label="Events" columns={columns} items={events} keyOf={({ sequence }) => String(sequence)} />
      {shown !== undefined && (
        <Dialog title={`Event ${shown.sequence}`} onClose={() => setShown(undefined)}>
          {() => (
            <div class="dialog-body">
              <JsonText value={shown} label="The event" />
              <p>
                <CopyButton text={JSON.stringify(shown, undefined, 2)} label="Copy the event">
                  Copy
                </CopyButton>
              </p>
            </div>
          )}
        </Dialog>
      )}
    </>
  );
}

function columnsOf(show: (event: RunEvent) => void): readonly Column<RunEvent>[] {
  return [
    { title: 'No.', width: '64px', cell: ({ sequence }) => sequence },
    {
      title: 'Type',
      width: '170px',
      cell: (event) => (
        <button type="button" class="link mono" onClick={() => show(event)}>
          {event.type}
        </button>
      ),
    },
    { title: 'Data', width: 'minmax(120px, 1fr)', cell: (event) => <code class="ellipsis">{previewOf(event)}</code> },
  ];
}

function previewOf(event: RunEvent): string {
  const { type: _, run_id: _id, sequence: _sequence, ...data } = event;
  return JSON.stringify(data).slice(0, PREVIEW_LENGTH);
}

/** Follows the events. Renders a batch at a time: a run may have thousands. */
function useEvents(runId: string, round: number) {
  const client = useClient();
  const [state, setState] = useState<{ events: readonly RunEvent[]; isComplete: boolean; failure: unknown }>({
    events: [],
    isComplete: false,
    failure: undefined,
  });
  useEffect(() => {
    const ended = new AbortController();
    const events: RunEvent[] = [];
    let shownAt = 0;
    const show = (isComplete: boolean, failure?: unknown) => {
      shownAt = performance.now();
      if (!ended.signal.aborted) setState({ events: [...events], isComplete, failure });
    };
    const read = async (): Promise<void> => {
      for await (const event of client.runs.events(runId, { signal: ended.signal })) {
        events.push(event);
        if (performance.now() - shownAt > RENDER_EVERY_MS) show(false);
      }
    };
    read().then(
      () => show(true),
      (failure: unknown) => show(true, failure),
    );
    return () => ended.abort();
  }, [client, runId, round]);
  return state;
}
