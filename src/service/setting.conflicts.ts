import type { Environment } from './environment.js';
import { isLoopback, listOf } from './setting.rules.js';

const JWT_SETTINGS = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWKS_URI'] as const;

/** What is wrong with settings beside one another, each of which may be right alone. */
export function conflictsOf(environment: Environment): string[] {
  return [sharingFaults, authFaults, releaseFaults, budgetFaults, lifecycleFaults, hostFaults, rpcFaults].flatMap(
    (faultsOf) => faultsOf(environment),
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
function hostFaults(environment: Environment): string[] {
  return isOpenToo(environment, environment.HOST) ? [] : [onlyLoopback('HOST', environment.HOST)];
}

/** What the chosen transport needs, and who may reach it. */
function rpcFaults(environment: Environment): string[] {
  const { RPC_TRANSPORT, RPC_HOST, RPC_URL } = environment;
  if (RPC_TRANSPORT !== 'redis' && RPC_TRANSPORT !== 'nats') {
    const isClosed = RPC_TRANSPORT === 'tcp' && !isOpenToo(environment, RPC_HOST);
    return [
      ...(isClosed ? [onlyLoopback('RPC_HOST', RPC_HOST)] : []),
      ...(RPC_URL === undefined ? [] : ['RPC_URL goes with RPC_TRANSPORT=redis or nats']),
    ];
  }
  const urls = listOf(RPC_URL ?? '').map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  const { schemes, shown, most } = BROKERS[RPC_TRANSPORT];
  const isRight = urls.every((url) => url !== undefined && schemes.includes(url.protocol) && url.hostname !== '');
  if (urls.length === 0 || urls.length > most || !isRight) {
    return [`RPC_TRANSPORT=${RPC_TRANSPORT} needs RPC_URL, as ${shown}`];
  }
  // It is not shown: it may hold a password.
  const isClosed = !urls.every((url) => isOpenToo(environment, url?.hostname ?? ''));
  return isClosed ? [onlyLoopback('The host of RPC_URL')] : [];
}

const BROKERS = {
  redis: {
    schemes: ['redis:', 'rediss:'],
    shown: 'redis://<host>:<port> or, with TLS, rediss://<host>:<port>',
    most: 1,
  },
  nats: { schemes: ['nats:', 'tls:'], shown: 'nats://<host>:<port> or, with TLS, tls://<host>:<port>', most: Infinity },
};

/** Whether the service may be reached there. */
function isOpenToo({ isAuthenticated, isUnauthenticatedAllowed }: Environment, host: string): boolean {
  return isLoopback(host) || isAuthenticated || isUnauthenticatedAllowed;
}

function onlyLoopback(name: string, host?: string): string {
  return (
    `${name} must be a loopback address while there is no authentication${host === undefined ? '' : `, not "${host}"`}; ` +
    'set AUTH_MODE, or ALLOW_UNAUTHENTICATED=true, which opens the service to everyone who can reach it'
  );
}
