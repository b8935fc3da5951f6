import { readFileSync } from 'node:fs';
import { pathFault } from '../../errors/path.fault.js';
import type { SettingFault } from './setting.fault.js';
import { listOf } from './text.list.js';

type Variables = Readonly<Record<string, string | undefined>>;

const secrets = new Set<string>();

/** The names of the settings that are secrets. */
export const SECRETS: ReadonlySet<string> = secrets;

/** Marks a setting as a secret. It is not printed, and `<NAME>_FILE` may name a file with it. */
export function Secret(): PropertyDecorator {
  return (_, name) => void secrets.add(String(name));
}

/** A secret from its variable or from its file, without line ends at its end. Adds its fault. */
export function readSecret(name: string, variables: Variables, faults: SettingFault[]): string | undefined {
  const { [name]: value, [`${name}_FILE`]: file } = variables;
  if (file === undefined) return value;
  const content = value === undefined ? readFile(file) : { fault: `contradicts ${name}: set one of them` };
  if ('fault' in content) faults.push({ variable: name, message: `${name}_FILE ${content.fault}` });
  return 'text' in content ? content.text : value;
}

/** The secrets that files with agents may use, from their variables or files. */
export function readAgentSecrets(list: string, variables: Variables) {
  const faults: SettingFault[] = [];
  const names = listOf(list);
  const agentSecrets = new Map<string, string>();
  for (const name of names) {
    const secret = readSecret(name, variables, faults);
    if (secret !== undefined) agentSecrets.set(name, secret);
    else faults.push({ variable: 'AGENTS_SECRETS', message: `AGENTS_SECRETS names ${name}, which is not set` });
  }
  return { names, agentSecrets, faults };
}

function readFile(path: string): { readonly text: string } | { readonly fault: string } {
  try {
    const text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
    return text === '' ? { fault: `is an empty file: ${path}` } : { text };
  } catch (cause) {
    return { fault: `cannot be read: ${pathFault('file', path, cause)}` };
  }
}
