/** Lets the browser save rows as a file with one JSON object a line. */
export async function saveRows(name: string, rows: AsyncIterable<unknown>): Promise<void> {
  const lines: string[] = [];
  for await (const row of rows) lines.push(`${JSON.stringify(row)}\n`);
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  // A browser replaces what a file name may not have.
  link.download = `${name}.ndjson`;
  link.click();
  URL.revokeObjectURL(url);
}
