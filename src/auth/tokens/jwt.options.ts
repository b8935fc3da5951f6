/**
 * Requirements for the tokens of one issuer. A token needs a valid signature of its issuer, the claims `iss`, `aud` and
 * `exp`, a tenant and a user. Needs the package `jose`.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * const jwt = { issuer: 'https://login.example.com/', audience: 'https://agents.example.com' };
 *
 * AgentModule.forRoot({ auth: { jwt } });
 */
export interface JwtOptions {
  /** The value of `iss`. */
  readonly issuer: string;
  /** The value of `aud`: tokens for other services are refused. */
  readonly audience: string;
  /**
   * The URL of the issuer's public keys (JWKS). Default: discovered from `<issuer>/.well-known/openid-configuration`. The
   * issuer must then be an https URL, or http on this machine.
   */
  readonly jwksUri?: string | undefined;
  /** The claim with the tenant: its name, or a path such as `org.id`. Default: tenant. */
  readonly tenantClaim?: string | undefined;
  /**
   * The claim with the scopes, a list or text with spaces: its name, or a path such as `realm_access.roles`. Default:
   * scope, or scp in tokens without scope.
   */
  readonly scopeClaim?: string | undefined;
  /** The claim with the end user: its name, or a path. Default: sub. */
  readonly userClaim?: string | undefined;
  /** The prefix of our scopes in tokens, such as `rookery:`. Words without it are ignored. Default: none. */
  readonly scopePrefix?: string | undefined;
  /** False: tokens cannot have the scope `admin`. Default: true. */
  readonly allowAdmin?: boolean | undefined;
  /** The required `typ` of the token's header, such as `at+jwt`. Default: any. */
  readonly type?: string | undefined;
  /** Seconds after `iat` in which a token is accepted, at least 1. Default: until its `exp`. */
  readonly maxAgeSeconds?: number | undefined;
}
