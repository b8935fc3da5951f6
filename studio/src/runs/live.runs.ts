import type { RookeryClient, RunFilter, RunSummary } from 'rookery/client';
import { useMemo } from 'preact/hooks';
import { type Pages, take, usePages } from '../service/pages';
import { useResource } from '../service/resource';

const PAGE_SIZE = 100;
const NEWEST = 50;
const POLL_MS = 2000;

/** All runs of a filter, newest first. The newest ones are read again every two seconds. */
export function useLiveRuns(client: RookeryClient, filter: RunFilter): Pages<RunSummary> {
  const key = JSON.stringify(filter);
  const pages = usePages((signal) => client.runs.list({ ...filter, pageSize: PAGE_SIZE, signal }), key, PAGE_SIZE);
  const newest = useResource(
    async (signal) => (await take(client.runs.list({ ...filter, pageSize: NEWEST, signal }), NEWEST)).items,
    key,
    POLL_MS,
  );
  const items = useMemo(() => merged(pages.items, newest.value ?? []), [pages.items, newest.value]);
  return { ...pages, items, failure: pages.failure ?? (pages.items.length > 0 ? newest.failure : undefined) };
}

/** Newer values replace older ones in their place; new runs come first. */
function merged(items: readonly RunSummary[], newest: readonly RunSummary[]): readonly RunSummary[] {
  const fresh = new Map(newest.map((run) => [run.run_id, run]));
  const known = new Set(items.map(({ run_id }) => run_id));
  return [...newest.filter(({ run_id }) => !known.has(run_id)), ...items.map((run) => fresh.get(run.run_id) ?? run)];
}
