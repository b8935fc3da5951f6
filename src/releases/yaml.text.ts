import type { Document } from 'yaml';
import { optional } from '../storage/optional.package.js';

/** What a text holds, or everything that is wrong with it. */
export type ReadYaml = { readonly value: unknown } | { readonly faults: readonly string[] };

/** Reads one YAML document, or JSON, which is YAML too; each fault says in which line it is. */
export async function readYaml(text: string): Promise<ReadYaml> {
  const { parseDocument } = await optional('yaml', 'A folder of releases', () => import('yaml'));
  const document: Document = parseDocument(text, { version: '1.2', prettyErrors: true });
  const faults = [...document.errors, ...document.warnings].map(({ message }) => firstLine(message));
  if (faults.length > 0) return { faults };
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { faults: [firstLine(error instanceof Error ? error.message : String(error))] };
  }
}

/** The others show the place, which takes more room than a list of faults has. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/:$/, '');
}
