import type { RookeryClient, RunFilter, RunSummary } from 'rookery/client';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { type Pages, usePages } from '../service/pages';
import { useResource } from '../service/resource';
import { readNewest, readView, withWindow } from './run.windows';

const PAGE_SIZE = 100;
const POLL_MS = 2000;

interface LiveRuns extends Pages<RunSummary> {
  readonly onView: (first: number, last: number) => void;
}

/** All runs of a filter, newest first. Every two seconds the newest ones and those in view are read again. */
export function useLiveRuns(client: RookeryClient, filter: RunFilter): LiveRuns {
  const key = JSON.stringify(filter);
  const pages = usePages((signal) => client.runs.list({ ...filter, pageSize: PAGE_SIZE, signal }), key, PAGE_SIZE);
  const { items, update, reload } = pages;
  const view = useRef({ first: 0, last: 0 });
  const changes = useResource(
    async (signal) => {
      // The first page of the list is newer than what a read from now on would be compared with.
      if (pages.isStale) return [];
      const list = (range: RunFilter) => client.runs.list({ ...within(filter, range), pageSize: PAGE_SIZE, signal });
      const newest = await readNewest(list, items);
      if (newest === undefined) return undefined;
      const { first, last } = view.current;
      const inView = await readView(
        list,
        items.slice(first, last).filter(({ created_at }) => newest.after !== undefined && created_at <= newest.after),
      );
      return inView === undefined ? [newest] : [newest, inView];
    },
    // A list that begins anew is newer than the answers that are still on their way.
    `${key} ${pages.round}`,
    POLL_MS,
  );
  const { value: windows, isLoading } = changes;
  useEffect(() => {
    if (windows === undefined) return;
    if (windows.length > 0) update((old) => windows.reduce(withWindow, old));
  }, [windows, update]);
  const isBehind = windows === undefined && !isLoading && changes.failure === undefined;
  useEffect(() => {
    if (isBehind) reload();
  }, [isBehind, reload]);
  const onView = useCallback((first: number, last: number) => {
    view.current = { first, last };
  }, []);
  return { ...pages, failure: pages.failure ?? (items.length > 0 ? changes.failure : undefined), onView };
}

/** The part of a range that the filter has. */
function within(filter: RunFilter, { from, to }: RunFilter): RunFilter {
  const begin = [filter.from, from]
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
  const end = [filter.to, to].filter((time) => time !== undefined).toSorted()[0];
  return { ...filter, ...(begin !== undefined && { from: begin }), ...(end !== undefined && { to: end }) };
}
