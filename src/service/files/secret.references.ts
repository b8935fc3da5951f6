import type { BrokenRule } from './file.rules.js';
import { type FieldPath, isMapping } from './yaml.source.js';

const REFERENCE = /\$\{([^}]*)\}/g;
const SECRET_FIELDS: ReadonlySet<string> = new Set(['url', 'headers', 'env']);

/**
 * Replaces `${NAME}` in the url, headers and env of MCP servers by the secret. Other texts stay: the model reads
 * instructions, and everyone on the machine reads the arguments of programs.
 *
 * @param secrets the secrets that files may use, by the name of their variable.
 */
export function resolveSecrets(
  mcp: unknown,
  secrets: ReadonlyMap<string, string>,
  report: (fault: BrokenRule) => void,
): unknown {
  return Array.isArray(mcp) ? mcp.map((server: unknown, index) => ofServer(server, ['mcp', index])) : mcp;

  function ofServer(server: unknown, path: FieldPath): unknown {
    if (!isMapping(server)) return server;
    const fields = Object.entries(server).map(([name, value]): [string, unknown] => {
      if (SECRET_FIELDS.has(name)) return [name, resolved(value, [...path, name])];
      if (JSON.stringify(value ?? '').includes('${')) {
        report({ path: [...path, name], message: `${name} must not have secrets: put them in headers, url or env` });
      }
      return [name, value];
    });
    return Object.fromEntries(fields);
  }

  function resolved(value: unknown, path: FieldPath): unknown {
    if (typeof value === 'string') return value.replaceAll(REFERENCE, (_, name: string) => secretOf(name, path));
    if (!isMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each, [...path, name])]));
  }

  function secretOf(name: string, path: FieldPath): string {
    const secret = secrets.get(name);
    if (secret === undefined) {
      report({ path, message: `\${${name}} is not a secret that files may use: add ${name} to AGENTS_SECRETS` });
    }
    return secret ?? '';
  }
}
