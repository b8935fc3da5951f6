import { IsIn, Matches } from 'class-validator';
import { isHostPattern } from '../host.policy.js';
import { Secret } from './secret.settings.js';
import { IsIntFrom, IsListOf, isLoopback, IsNumberFrom, isOrigin, isSecureUrl } from './setting.rules.js';
import { listOf } from './text.list.js';
import { isTrustedNetwork } from '../trusted.proxies.js';

/** How callers authenticate. The order of the two kinds does not matter. */
const AUTH_MODES = ['none', 'api-key', 'jwt', 'api-key,jwt', 'jwt,api-key'] as const;

/** A subject under which callers over NATS wait for answers. */
function isSubject(item: string): boolean {
  return /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(item);
}

/** The settings of the entry points (HTTP and messages) and of authentication. */
export class HttpSettings {
  @Matches(/^\S+$/)
  HOST: string = '127.0.0.1';

  @IsIntFrom(0, 65_535)
  PORT: number = 8000;

  @IsIn(['true', 'false'])
  ALLOW_UNAUTHENTICATED: string = 'false';

  /** Loopback names are always allowed. */
  @IsListOf(isHostPattern, 'host names without port, such as agents.example.com, *.example.com or [fd00::5]; or *')
  ALLOWED_HOSTS: string = '';

  @IsIn(AUTH_MODES)
  AUTH_MODE: (typeof AUTH_MODES)[number] = 'none';

  /** One issuer, or several. */
  @IsListOf((item) => !/\s/.test(item), 'issuers, such as https://id.example.com/')
  JWT_ISSUER?: string;

  @Matches(/^\S+$/)
  JWT_AUDIENCE?: string;

  /** One URL for each issuer, in the same order. */
  @IsListOf(isSecureUrl, 'https URLs (or http on this machine)')
  JWKS_URI?: string;

  @Matches(/^\S+$/)
  JWT_TENANT_CLAIM?: string;

  @Matches(/^\S+$/)
  JWT_SCOPE_CLAIM?: string;

  @Matches(/^\S+$/)
  JWT_USER_CLAIM?: string;

  @Matches(/^\S+$/)
  JWT_SCOPE_PREFIX?: string;

  @IsIn(['true', 'false'])
  JWT_ALLOW_ADMIN: string = 'true';

  @Matches(/^\S+$/)
  JWT_TYPE?: string;

  @IsNumberFrom(1)
  JWT_MAX_AGE_SECONDS?: number;

  @IsIn(['true', 'false'])
  REQUIRE_END_USER: string = 'false';

  @IsNumberFrom(0.001, 36_500)
  KEY_TTL_DAYS?: number;

  @IsNumberFrom(0.001, 36_500)
  KEY_MAX_DAYS?: number;

  @IsIn(['true', 'false'])
  DOCS_PUBLIC: string = 'true';

  /** Not set: on, unless the service is open to everyone. */
  @IsIn(['true', 'false'])
  OPENAI_API?: 'true' | 'false';

  /** KiB of a request under `/v1`: images travel in it. */
  @IsIntFrom(256, 65_536)
  OPENAI_MAX_BODY_KIB: number = 4096;

  /** Not set: with authentication, or for callers of this machine. */
  @IsIn(['true', 'false'])
  STUDIO?: 'true' | 'false';

  @IsListOf(isTrustedNetwork, 'IP addresses or networks, such as 10.0.0.0/8')
  TRUST_PROXY: string = '';

  @IsListOf(isOrigin, 'origins, such as https://app.example.com')
  CORS_ORIGINS: string = '';

  @IsIn(['none', 'tcp', 'redis', 'nats'])
  RPC_TRANSPORT: 'none' | 'tcp' | 'redis' | 'nats' = 'none';

  @Matches(/^\S+$/)
  RPC_HOST: string = '127.0.0.1';

  @IsIntFrom(0, 65_535)
  RPC_PORT: number = 8001;

  @Secret()
  @Matches(/\S/)
  RPC_URL?: string;

  /** The certificate of the TCP server, with its chain, in PEM. */
  @Matches(/\S/)
  RPC_TLS_CERT_FILE?: string;

  @Matches(/\S/)
  RPC_TLS_KEY_FILE?: string;

  /** The authorities of callers, which then need a certificate. */
  @Matches(/\S/)
  RPC_TLS_CA_FILE?: string;

  @IsIn(['true', 'false'])
  RPC_ALLOW_PLAINTEXT: string = 'false';

  @IsListOf(isSubject, 'NATS subjects without wildcards, such as _INBOX')
  RPC_INBOX_PREFIXES: string = '_INBOX';

  get isAuthenticated(): boolean {
    return this.AUTH_MODE !== 'none';
  }

  get areKeysAccepted(): boolean {
    return this.AUTH_MODE.includes('api-key');
  }

  get areTokensAccepted(): boolean {
    return this.AUTH_MODE.includes('jwt');
  }

  get areDocsPublic(): boolean {
    return this.DOCS_PUBLIC === 'true';
  }

  get isOpenAIServed(): boolean {
    return this.OPENAI_API === undefined ? !this.isUnauthenticatedAllowed : this.OPENAI_API === 'true';
  }

  /** Whether browsers get Studio. A service that is open to others has it only if its operator wants it. */
  get hasStudio(): boolean {
    if (this.STUDIO !== undefined) return this.STUDIO === 'true';
    return this.isAuthenticated || (isLoopback(this.HOST) && !this.isUnauthenticatedAllowed);
  }

  get isUnauthenticatedAllowed(): boolean {
    return this.ALLOW_UNAUTHENTICATED === 'true';
  }

  /** Whether only programs of this machine may call, without credentials and without a proxy: a developer's service. */
  get isForThisMachine(): boolean {
    const isOpened = this.isAuthenticated || this.isUnauthenticatedAllowed || this.TRUST_PROXY !== '';
    return isLoopback(this.HOST) && !isOpened && listOf(this.ALLOWED_HOSTS).length === 0;
  }

  /** With authentication every host is allowed, because DNS rebinding gains a web page nothing. */
  get allowedHosts(): readonly string[] {
    const hosts = listOf(this.ALLOWED_HOSTS);
    return hosts.length === 0 && this.isAuthenticated ? ['*'] : hosts;
  }

  get isRpcPlaintextAllowed(): boolean {
    return this.RPC_ALLOW_PLAINTEXT === 'true';
  }

  get hasRpc(): boolean {
    return this.RPC_TRANSPORT !== 'none';
  }
}
