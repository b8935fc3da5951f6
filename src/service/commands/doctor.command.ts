import { readdirSync, readFileSync } from 'node:fs';
import { checkConnections } from '../../cli/checks/connection.checks.js';
import { exitCodeOf, type Finding, found, report } from '../../cli/checks/finding.js';
import type { CheckedProvider } from '../../cli/checks/provider.check.js';
import { pathFault } from '../../errors/path.fault.js';
import { failureReason, writeLine } from '../command.line.js';
import type { Environment } from '../settings/environment.js';
import { readEnvironment } from '../settings/environment.reader.js';
import { didYouMean } from '../settings/misspelt.settings.js';
import { OWN_NAMES } from '../settings/model.settings.js';

/** Checks the settings, and all that they name. Prints what is wrong and what to do. @returns the exit code. */
export async function examineService(variables: NodeJS.ProcessEnv): Promise<number> {
  const findings = [found('ok', 'Node', process.versions.node), ...(await settingFindings(variables))];
  writeLine(process.stdout, report(findings));
  return exitCodeOf(findings);
}

async function settingFindings(variables: NodeJS.ProcessEnv): Promise<Finding[]> {
  let environment: Environment;
  try {
    environment = readEnvironment(variables);
  } catch (failure) {
    const advice = 'docs/settings.md has the values of each. The rest is checked when they are valid.';
    return [found('fault', 'Settings', failureReason(failure), advice)];
  }
  const warnings = environment.misspelt.map((each) => found('warning', 'Settings', didYouMean(each)));
  return [
    ...(warnings.length > 0 ? warnings : [found('ok', 'Settings', 'All are valid.')]),
    ...pathFindings(environment),
    ...(await checkConnections({
      databaseUrl: environment.DATABASE_URL,
      redisUrl: environment.REDIS_URL,
      providers: providersOf(environment),
    })),
  ];
}

/** The folders and files that settings name and that cannot be read. */
function pathFindings(environment: Environment): Finding[] {
  const { AGENTS_DIR, DOCS_DIR, RELEASES_DIR } = environment;
  const { RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE, RPC_TLS_CA_FILE } = environment;
  return [
    ...faultsOf('folder', { AGENTS_DIR, DOCS_DIR, RELEASES_DIR }, (path) => readdirSync(path)),
    ...faultsOf('file', { RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE, RPC_TLS_CA_FILE }, (path) => readFileSync(path)),
  ];
}

function faultsOf(
  kind: 'file' | 'folder',
  paths: Readonly<Record<string, string | undefined>>,
  read: (path: string) => unknown,
): Finding[] {
  return Object.entries(paths).flatMap(([setting, path]) => {
    if (path === undefined) return [];
    try {
      read(path);
      return [];
    } catch (cause) {
      const text = `${setting}: ${pathFault(kind, path, cause)}.`;
      return [found('fault', kind === 'folder' ? 'Folder' : 'File', text, `Create it, or correct ${setting}.`)];
    }
  });
}

/** The providers of all models, each once. */
function providersOf({ OPENAI_API_KEY, OPENAI_BASE_URL, models, fallbacks }: Environment): CheckedProvider[] {
  const own = { apiKey: OPENAI_API_KEY, baseUrl: OPENAI_BASE_URL, names: OWN_NAMES };
  const others = [...Object.values(models), ...fallbacks].flatMap(({ provider }) => {
    // The settings make no model of the application's own.
    if (provider === undefined || !('names' in provider) || provider.names === undefined) return [];
    return [{ apiKey: provider.apiKey, baseUrl: provider.baseUrl, names: provider.names }];
  });
  const all = [own, ...others].filter(({ apiKey, baseUrl }) => apiKey !== undefined || baseUrl !== undefined);
  return [...new Map(all.map((provider) => [provider.names.baseUrl, provider])).values()];
}
