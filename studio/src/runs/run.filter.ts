import type { RunFilter } from 'rookery/client';

const STATUSES = ['queued', 'running', 'waiting_approval', 'completed', 'failed', 'cancelled'] as const;
const KINDS = ['chat', 'stream', 'task'] as const;

export { KINDS, STATUSES };

/** Reads the filter from the query of the page. Ignores values that the service would refuse. */
export function filterOf(query: URLSearchParams): RunFilter {
  const status = STATUSES.find((each) => each === query.get('status'));
  const kind = KINDS.find((each) => each === query.get('kind'));
  return {
    ...(status !== undefined && { status }),
    ...(kind !== undefined && { kind }),
    ...textOf(query, 'agent_role'),
    ...textOf(query, 'session_id'),
    ...timeOf(query, 'from'),
    ...timeOf(query, 'to'),
  };
}

function textOf(query: URLSearchParams, name: 'agent_role' | 'session_id') {
  const value = query.get(name)?.trim() ?? '';
  return value === '' ? {} : { [name]: value };
}

/** The page has local times without a zone. */
function timeOf(query: URLSearchParams, name: 'from' | 'to') {
  const time = Date.parse(query.get(name) ?? '');
  return Number.isNaN(time) ? {} : { [name]: new Date(time).toISOString() };
}
