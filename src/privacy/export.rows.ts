import { idOfSubject } from '../auth/principal.js';
import { jsonOrText } from '../json/json.text.js';
import { fullLines } from '../runs/events/stored.body.js';
import { SECRET_COLUMNS } from './export.tables.js';

/** One line of an export. */
export type ExportRow = Readonly<Record<string, unknown>> & { readonly type: string };

/** The columns of all exported tables that hold JSON as text. */
const JSON_COLUMNS = new Set([
  'arguments',
  'body',
  'details',
  'metadata',
  'outcome',
  'parts',
  'provider_data',
  'reasoning',
  'releases',
  'request',
  'response',
  'timeline',
  'tool_calls',
]);

/** The columns with ids of principals. Those of tokens are persons. */
const PRINCIPALS = new Set(['caller', 'decided_by', 'actor']);
const ANOTHER = 'another person';

/** The person whose data is exported; undefined: the session belongs to no end user. */
export interface ExportedPerson {
  readonly endUser: string | undefined;
}

/**
 * The lines of a row: times in ISO 8601, JSON parsed, no secrets. A row of events or early facts has a line for each.
 *
 * @param person the names of others are left out. undefined: the export of a tenant has all names.
 */
export function rowsOf(
  type: string,
  row: Readonly<Record<string, unknown>>,
  person: ExportedPerson | undefined,
): ExportRow[] {
  const { run_id, sequence, part, body } = row;
  if (type === 'event' && typeof run_id === 'string' && typeof sequence === 'number' && typeof body === 'string') {
    return fullLines(run_id, sequence, body).map((event) => ({ type, run_id, event: jsonOrText(event) }));
  }
  if (type === 'early_fact' && typeof part === 'number' && typeof body === 'string') {
    const facts = body.split('\n').map(jsonOrText);
    return facts.map((fact, index) => ({ type, run_id, sequence, part: part + index, fact }));
  }
  // Audit entries keep their hashes, which are needed to verify the chain. The operator has the whole entries.
  const shown = Object.entries(row).filter(([name]) => type === 'audit_entry' || !SECRET_COLUMNS.has(name));
  const named = shown.map(
    ([name, value]) => [name, isOther(name, value, person) ? ANOTHER : readable(name, value)] as const,
  );
  return [{ type, ...Object.fromEntries(named) }];
}

function isOther(name: string, value: unknown, person: ExportedPerson | undefined): boolean {
  if (person === undefined || typeof value !== 'string' || value === '') return false;
  const { endUser } = person;
  if (name === 'end_user') return value !== endUser;
  const isPerson = PRINCIPALS.has(name) && value.startsWith(idOfSubject(''));
  return isPerson && (endUser === undefined || value !== idOfSubject(endUser));
}

function readable(name: string, value: unknown): unknown {
  if (typeof value === 'number' && (name === 'at' || /_(at|until)$/.test(name))) return new Date(value).toISOString();
  return typeof value === 'string' && JSON_COLUMNS.has(name) ? jsonOrText(value) : value;
}
