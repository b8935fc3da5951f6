import { jsonOrText } from '../json/json.text.js';
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
  'releases',
  'request',
  'response',
  'timeline',
  'tool_calls',
]);

/** The lines of a row: times in ISO 8601, JSON parsed, no secrets. A row of events has a line for each event. */
export function rowsOf(type: string, row: Readonly<Record<string, unknown>>): ExportRow[] {
  if (type === 'event' && typeof row.body === 'string') {
    return row.body.split('\n').map((event) => ({ type, run_id: row.run_id, event: jsonOrText(event) }));
  }
  // Audit entries keep their hashes, which are needed to verify the chain.
  const shown = Object.entries(row).filter(([name]) => type === 'audit_entry' || !SECRET_COLUMNS.has(name));
  return [{ type, ...Object.fromEntries(shown.map(([name, value]) => [name, readable(name, value)])) }];
}

function readable(name: string, value: unknown): unknown {
  if (typeof value === 'number' && (name === 'at' || /_(at|until)$/.test(name))) return new Date(value).toISOString();
  return typeof value === 'string' && JSON_COLUMNS.has(name) ? jsonOrText(value) : value;
}
