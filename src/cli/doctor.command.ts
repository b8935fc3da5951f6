import { checkConnections } from './checks/connection.checks.js';
import { exitCodeOf, found, report } from './checks/finding.js';
import { checkPackages } from './checks/packages.check.js';

const OPENAI = { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' };

/** The variables that the check of an application reads, if they are set. */
export interface DoctorVariables {
  readonly DATABASE_URL?: string | undefined;
  readonly REDIS_URL?: string | undefined;
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
}

/** Checks an application that imports Rookery, and prints what is wrong. @returns the exit code. */
export async function examineApplication(
  folder: string,
  variables: DoctorVariables,
  write: (text: string) => void,
): Promise<number> {
  const { DATABASE_URL, REDIS_URL, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = variables;
  const hasProvider = apiKey !== undefined || baseUrl !== undefined;
  const findings = [
    found('ok', 'Node', process.versions.node),
    ...checkPackages(folder),
    ...(await checkConnections({
      databaseUrl: DATABASE_URL,
      redisUrl: REDIS_URL,
      providers: hasProvider ? [{ apiKey, baseUrl, names: OPENAI }] : [],
    })),
  ];
  write(report(findings));
  return exitCodeOf(findings);
}
