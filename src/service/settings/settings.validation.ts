import type { Environment } from './environment.js';
import { isLoopback } from './setting.rules.js';
import { listOf } from './text.list.js';

const NEEDED_FOR_JWT = ['JWT_ISSUER', 'JWT_AUDIENCE'] as const;
const OPTIONAL_FOR_JWT = [
  'JWKS_URI',
  'JWT_TENANT_CLAIM',
  'JWT_SCOPE_CLAIM',
  'JWT_USER_CLAIM',
  'JWT_SCOPE_PREFIX',
  'JWT_TYPE',
  'JWT_MAX_AGE_SECONDS',
] as const;

/** Returns the conflicts between settings of the service. `findOptionFaults` finds those between options. */
export function settingConflicts(environment: Environment): string[] {
  return [authFaults, modelFaults, folderFaults, releaseFaults, hostFaults, rpcFaults, rpcTlsFaults].flatMap(
    (faultsOf) => faultsOf(environment),
  );
}

/** The built-in agents use `AGENT_MODEL`. */
function modelFaults({ modelNames, AGENT_MODEL }: Environment): string[] {
  if (modelNames?.includes(AGENT_MODEL) !== false) return [];
  return [
    `AGENT_MODEL must be a name of MODELS without OPENAI_API_KEY and OPENAI_BASE_URL, not ${JSON.stringify(AGENT_MODEL)}`,
  ];
}

/** The settings that have an effect only on agents in files. */
function folderFaults(environment: Environment): string[] {
  if (environment.AGENTS_DIR !== undefined) return [];
  const faults: string[] = [];
  if (!environment.areBuiltInAgentsOffered)
    faults.push('BUILTIN_AGENTS=false needs AGENTS_DIR, or there are no agents');
  if (environment.isStdioMcpAllowed)
    faults.push('ALLOW_STDIO_MCP=true needs AGENTS_DIR, whose files name the programs');
  if (environment.AGENTS_SECRETS !== '') faults.push('AGENTS_SECRETS needs AGENTS_DIR, whose files use the secrets');
  return faults;
}

function releaseFaults({ RELEASES_DIR, FLAGD_URL }: Environment): string[] {
  if (FLAGD_URL === undefined || RELEASES_DIR !== undefined) return [];
  return ['FLAGD_URL needs RELEASES_DIR, the folder of the releases that its flags select'];
}

/** Checks that authentication settings are complete and have an effect. */
function authFaults(environment: Environment): string[] {
  const faults = environment.areTokensAccepted ? tokenFaults(environment) : [];
  if (!environment.areTokensAccepted) {
    const given = [...NEEDED_FOR_JWT, ...OPTIONAL_FOR_JWT].filter((name) => environment[name] !== undefined);
    faults.push(...given.map((name) => `${name} requires AUTH_MODE=jwt`));
  }
  if (!environment.areDocsPublic && !environment.isAuthenticated)
    faults.push('DOCS_PUBLIC=false needs an AUTH_MODE that authenticates callers');
  if (environment.isAuthenticated && environment.isUnauthenticatedAllowed) {
    faults.push(`ALLOW_UNAUTHENTICATED=true contradicts AUTH_MODE=${environment.AUTH_MODE}`);
  }
  return faults;
}

function tokenFaults(environment: Environment): string[] {
  const missing = NEEDED_FOR_JWT.filter((name) => environment[name] === undefined);
  const faults = missing.map((name) => `AUTH_MODE=${environment.AUTH_MODE} needs ${name}`);
  const [issuers, urls] = [listOf(environment.JWT_ISSUER ?? ''), listOf(environment.JWKS_URI ?? '')];
  if (urls.length > 0 && urls.length !== issuers.length) {
    faults.push('JWKS_URI must have one URL for each issuer of JWT_ISSUER, in the same order');
  }
  return faults;
}

/** Checks that an unauthenticated service listens only on loopback. */
function hostFaults(environment: Environment): string[] {
  return isOpenToo(environment, environment.HOST) ? [] : [onlyLoopback('HOST', environment.HOST)];
}

/** Checks the settings of the message transport, and that an unauthenticated one is only on loopback. */
function rpcFaults(environment: Environment): string[] {
  const { RPC_TRANSPORT, RPC_HOST, RPC_URL } = environment;
  if (RPC_TRANSPORT !== 'redis' && RPC_TRANSPORT !== 'nats') {
    const faults = RPC_URL === undefined ? [] : ['RPC_URL requires RPC_TRANSPORT=redis or nats'];
    const isClosed = RPC_TRANSPORT === 'tcp' && !isOpenToo(environment, RPC_HOST);
    return isClosed ? [onlyLoopback('RPC_HOST', RPC_HOST), ...faults] : faults;
  }
  const urls = listOf(RPC_URL ?? '').map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  const { schemes, shown, most } = BROKERS[RPC_TRANSPORT];
  const isRight = urls.every((url) => url !== undefined && schemes.includes(url.protocol) && url.hostname !== '');
  if (urls.length === 0 || urls.length > most || !isRight) {
    return [`RPC_TRANSPORT=${RPC_TRANSPORT} needs RPC_URL, such as ${shown}`];
  }
  // The URL is not printed: it may contain a password.
  const isClosed = !urls.every((url) => isOpenToo(environment, url?.hostname ?? ''));
  return isClosed ? [onlyLoopback('The host of RPC_URL')] : [];
}

/** Checks that keys and tokens of messages do not travel in clear text between machines. */
function rpcTlsFaults(environment: Environment): string[] {
  const { RPC_TRANSPORT, RPC_HOST, RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE, RPC_TLS_CA_FILE } = environment;
  const hasTls = RPC_TLS_CERT_FILE !== undefined && RPC_TLS_KEY_FILE !== undefined;
  const isGiven = [RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE, RPC_TLS_CA_FILE].some((file) => file !== undefined);
  const faults: string[] = [];
  if (isGiven && RPC_TRANSPORT !== 'tcp') faults.push('RPC_TLS_CERT_FILE and its like require RPC_TRANSPORT=tcp');
  if (isGiven && !hasTls)
    faults.push('RPC_TLS_CERT_FILE and RPC_TLS_KEY_FILE need each other, and RPC_TLS_CA_FILE both');
  const isOpen = RPC_TRANSPORT === 'tcp' && !isLoopback(RPC_HOST) && isOpenToo(environment, RPC_HOST);
  if (isOpen && !isGiven && !environment.isRpcPlaintextAllowed) {
    faults.push(
      `RPC_HOST must be a loopback address without TLS, not "${RPC_HOST}"; set RPC_TLS_CERT_FILE and RPC_TLS_KEY_FILE, ` +
        'or RPC_ALLOW_PLAINTEXT=true if the network encrypts messages itself',
    );
  }
  return faults;
}

const BROKERS = {
  redis: {
    schemes: ['redis:', 'rediss:'],
    shown: 'redis://<host>:<port> or, with TLS, rediss://<host>:<port>',
    most: 1,
  },
  nats: { schemes: ['nats:', 'tls:'], shown: 'nats://<host>:<port> or, with TLS, tls://<host>:<port>', most: Infinity },
};

/** Returns true if the service may listen on that host. */
function isOpenToo({ isAuthenticated, isUnauthenticatedAllowed }: Environment, host: string): boolean {
  return isLoopback(host) || isAuthenticated || isUnauthenticatedAllowed;
}

function onlyLoopback(name: string, host?: string): string {
  return (
    `${name} must be a loopback address without authentication${host === undefined ? '' : `, not "${host}"`}; ` +
    'set AUTH_MODE, or ALLOW_UNAUTHENTICATED=true to open the service to everyone who can reach it'
  );
}
