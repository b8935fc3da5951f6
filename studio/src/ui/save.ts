import type { ExportedRow } from 'rookery/client';

/** Lets the browser save an export as a file with one JSON object a line. @throws Error if its end is missing. */
export async function saveRows(name: string, rows: AsyncIterable<ExportedRow>): Promise<void> {
  const lines: string[] = [];
  let last = '';
  for await (const row of rows) {
    lines.push(`${JSON.stringify(row)}\n`);
    last = row.type;
  }
  if (last !== 'end') throw new Error('The export broke off, so nothing was saved. Try again.');
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  // A browser replaces what a file name may not have.
  link.download = `${name}.ndjson`;
  link.click();
  URL.revokeObjectURL(url);
}
