import type { Document } from 'yaml';
import { importOptional } from '../async/optional.package.js';

/** The value of a file, or all its faults. */
export type FileContent<T> = { readonly value: T } | { readonly faults: readonly string[] };

/** Parses one document of YAML, which includes JSON. Each fault names its line. */
export async function readYaml(text: string): Promise<FileContent<unknown>> {
  const { parseDocument } = await importOptional('yaml', 'A folder of releases', () => import('yaml'));
  const document: Document = parseDocument(text, { version: '1.2', prettyErrors: true });
  const faults = [...document.errors, ...document.warnings].map(({ message }) => firstLine(message));
  if (faults.length > 0) return { faults };
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { faults: [firstLine(error instanceof Error ? error.message : String(error))] };
  }
}

/** Drops the further lines, which quote the text and are too long for a list of faults. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/:$/, '');
}
