import { IsIn, Matches } from 'class-validator';
import { isHostPattern } from '../host.policy.js';
import { Secret } from './secret.settings.js';
import { IsIntFrom, IsListOf, isOrigin, IsSecureUrl, listOf } from './setting.rules.js';
import { isTrustedNetwork } from '../trusted.proxies.js';

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

  @IsIn(['none', 'api-key', 'jwt'])
  AUTH_MODE: 'none' | 'api-key' | 'jwt' = 'none';

  @Matches(/^\S+$/)
  JWT_ISSUER?: string;

  @Matches(/^\S+$/)
  JWT_AUDIENCE?: string;

  @IsSecureUrl()
  JWKS_URI?: string;

  @IsIn(['true', 'false'])
  DOCS_PUBLIC: string = 'true';

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

  get isAuthenticated(): boolean {
    return this.AUTH_MODE !== 'none';
  }

  get areDocsPublic(): boolean {
    return this.DOCS_PUBLIC === 'true';
  }

  get isUnauthenticatedAllowed(): boolean {
    return this.ALLOW_UNAUTHENTICATED === 'true';
  }

  /** With authentication every host is allowed, because DNS rebinding gains a web page nothing. */
  get allowedHosts(): readonly string[] {
    const hosts = listOf(this.ALLOWED_HOSTS);
    return hosts.length === 0 && this.isAuthenticated ? ['*'] : hosts;
  }

  get hasRpc(): boolean {
    return this.RPC_TRANSPORT !== 'none';
  }
}
