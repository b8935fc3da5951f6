import type { Environment } from './environment.js';
import { isLoopback } from './setting.rules.js';

const JWT_SETTINGS = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWKS_URI'] as const;

/** What is wrong with settings beside one another, each of which may be right alone. */
export function conflictsOf(environment: Environment): string[] {
  return [sharingFaults, authFaults, releaseFaults, budgetFaults, lifecycleFaults, hostFaults].flatMap((faultsOf) =>
    faultsOf(environment),
  );
}

/** What several processes need of one another. */
function sharingFaults({ REDIS_URL, DATABASE_URL, PROCESS_ROLE }: Environment): string[] {
  if (REDIS_URL === undefined) {
    if (PROCESS_ROLE === 'all') return [];
    return [`PROCESS_ROLE=${PROCESS_ROLE} needs REDIS_URL, by which the other processes hear of its work`];
  }
  return DATABASE_URL.startsWith('file:')
    ? ["REDIS_URL needs PostgreSQL: DATABASE_URL must be postgres://…, since a file is one service's"]
    : [];
}

function releaseFaults({ RELEASES_DIR, FLAGD_URL }: Environment): string[] {
  if (FLAGD_URL === undefined || RELEASES_DIR !== undefined) return [];
  return ['FLAGD_URL needs RELEASES_DIR, the folder with the releases that its flags choose among'];
}

/** What budgets need. */
function budgetFaults({
  TENANT_COST_PER_MONTH,
  PRICES_FILE,
  BUDGET_WEBHOOK_URL,
  WEBHOOK_SECRET,
}: Environment): string[] {
  const faults: string[] = [];
  if (TENANT_COST_PER_MONTH !== undefined && PRICES_FILE === undefined) {
    faults.push('TENANT_COST_PER_MONTH needs PRICES_FILE, by which costs are known');
  }
  if (BUDGET_WEBHOOK_URL !== undefined && WEBHOOK_SECRET === undefined) {
    faults.push('BUDGET_WEBHOOK_URL needs WEBHOOK_SECRET, which signs what is posted');
  }
  return faults;
}

/** What is needed to know callers, and what would have no effect. */
function authFaults(environment: Environment): string[] {
  const faults = JWT_SETTINGS.flatMap((name) => {
    const isGiven = environment[name] !== undefined;
    if (environment.AUTH_MODE === 'jwt') return isGiven ? [] : [`AUTH_MODE=jwt needs ${name}`];
    return isGiven ? [`${name} goes with AUTH_MODE=jwt`] : [];
  });
  if (!environment.areDocsPublic && !environment.isAuthenticated)
    faults.push('DOCS_PUBLIC=false needs an AUTH_MODE, by which callers are known');
  if (environment.isAuthenticated && environment.isUnauthenticatedAllowed) {
    faults.push(`ALLOW_UNAUTHENTICATED=true contradicts AUTH_MODE=${environment.AUTH_MODE}`);
  }
  return faults;
}

/** What has no sense in time. */
function lifecycleFaults({ API_V1_DEPRECATED_AT: deprecated, API_V1_SUNSET_AT: sunset }: Environment): string[] {
  if (deprecated === undefined || sunset === undefined || !(Date.parse(sunset) < Date.parse(deprecated))) return [];
  return ['API_V1_SUNSET_AT must not be before API_V1_DEPRECATED_AT'];
}

/** Who may reach the service. */
function hostFaults({ HOST, isAuthenticated, isUnauthenticatedAllowed }: Environment): string[] {
  if (isLoopback(HOST) || isAuthenticated || isUnauthenticatedAllowed) return [];
  return [
    `HOST must be a loopback address while there is no authentication, not "${HOST}"; ` +
      'set AUTH_MODE, or ALLOW_UNAUTHENTICATED=true, which opens the service to everyone who can reach it',
  ];
}
