import type { RunFilter, RunSummary } from 'rookery/client';
import { take } from '../service/pages';

const NEWEST = 50;
/** If more runs are new between two looks, the list is read from its start. */
const MAX_READ = 1000;

/** The runs of a part of the list, as the service has them now. */
interface RunWindow {
  readonly runs: readonly RunSummary[];
  /** Only runs created later. Undefined: to the end of the list. */
  readonly after?: string | undefined;
  /** Only runs created before. Undefined: from the newest. */
  readonly before?: string | undefined;
}

/** Lists the runs of a filter, newest first. */
type ListRuns = (range: Pick<RunFilter, 'from' | 'to'>) => AsyncGenerator<RunSummary, void>;

/** Replaces the runs of a part of the list: some have changed, some no longer match its filter. */
export function withWindow(items: readonly RunSummary[], { runs, after, before }: RunWindow): readonly RunSummary[] {
  const newer = before === undefined ? [] : items.filter(({ created_at }) => created_at >= before);
  const older = after === undefined ? [] : items.filter(({ created_at }) => created_at <= after);
  return [...newer, ...runs, ...older];
}

/** Reads the newest runs that are known, and all newer ones. Undefined: there are too many of them. */
export async function readNewest(list: ListRuns, items: readonly RunSummary[]): Promise<RunWindow | undefined> {
  const from = items[NEWEST - 1]?.created_at;
  const { items: runs, isComplete } = await take(list({ ...(from !== undefined && { from }) }), MAX_READ);
  return isComplete ? { runs, after: from === undefined ? undefined : shifted(from, -1) } : undefined;
}

/** Reads the runs in view again, if they are older than the newest ones. */
export async function readView(list: ListRuns, view: readonly RunSummary[]): Promise<RunWindow | undefined> {
  const first = view[0]?.created_at;
  const last = view.at(-1)?.created_at;
  if (first === undefined || last === undefined) return undefined;
  const before = shifted(first, 1);
  const { items: runs, isComplete } = await take(list({ from: last, to: before }), MAX_READ);
  return isComplete ? { runs, after: shifted(last, -1), before } : undefined;
}

function shifted(iso: string, ms: number): string {
  return new Date(Date.parse(iso) + ms).toISOString();
}
