import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { invalidField } from '../errors/agent.error.js';
import { importOptional } from '../storage/optional.package.js';
import { authFailure, type AuthFailureReason } from './auth.failure.js';
import { Authenticator, bearerOf, type Credentials } from './authenticator.js';
import { idOfSubject, type Principal, TENANT } from './principal.js';
import { scopesAmong } from './scopes.js';

type Jose = typeof import('jose');
type KeyFinder = ReturnType<Jose['createRemoteJWKSet']>;

/** Signatures that only the issuer can make. For HS… the public key would be the secret; `none` has no signature. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Allowed difference of clocks. */
const TOLERANCE_SECONDS = 5;
/** Minimum interval between fetches of the keys because of an unknown key id. */
const COOLDOWN_MS = 5000;
/** Maximum age of the fetched keys. Bounds how long a withdrawn key stays trusted. */
const MAX_KEY_AGE_MS = 600_000;
const FETCH_TIMEOUT_MS = 5000;
/** The format of `sub` in OpenID Connect. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;
/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Requirements for tokens. A token needs a valid signature of its issuer, and the claims `exp`, `sub` and `tenant`. Its
 * scopes are the words of `scope`. Needs the package `jose`.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * const jwt = {
 *   issuer: 'https://login.example.com/',
 *   audience: 'https://agents.example.com',
 *   jwksUri: 'https://login.example.com/.well-known/jwks.json',
 * };
 *
 * AgentModule.forRoot({ auth: { jwt } });
 */
export interface JwtOptions {
  /** The value of `iss`. */
  readonly issuer: string;
  /** The value of `aud`: tokens for other services are refused. */
  readonly audience: string;
  /** The URL of the issuer's public keys (JWKS). */
  readonly jwksUri: string;
}

/** The expiry of each caller's token, in epoch milliseconds. */
const expiries = new WeakMap<Principal, number>();

/** Authenticates callers by signed tokens of an identity provider: claims `tenant`, `scope`, `sub`. */
export class JwtAuthenticator extends Authenticator {
  private constructor(
    private readonly jose: Jose,
    private readonly keys: KeyFinder,
    private readonly rules: JWTVerifyOptions,
  ) {
    super();
  }

  /** @throws Error if the package `jose` is not installed. */
  static async create({ issuer, audience, jwksUri }: JwtOptions, cooldownMs = COOLDOWN_MS): Promise<JwtAuthenticator> {
    const jose = await importOptional('jose', 'Authentication by tokens', () => import('jose'));
    const keys = jose.createRemoteJWKSet(new URL(jwksUri), {
      cooldownDuration: cooldownMs,
      cacheMaxAge: MAX_KEY_AGE_MS,
      timeoutDuration: FETCH_TIMEOUT_MS,
    });
    return new JwtAuthenticator(jose, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'sub'],
    });
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const token = bearerOf(credentials);
    if (token === undefined) {
      throw authFailure({ reason: 'missing' }, 'A token is required: send `Authorization: Bearer …`.');
    }
    const claims = await this.#verified(token);
    if (credentials.headers['x-end-user'] !== undefined) {
      throw invalidField('X-End-User', 'X-End-User is only for API keys: the end user of a token is its sub');
    }
    const principal = principalOf(claims);
    expiries.set(principal, ((claims.exp ?? 0) + TOLERANCE_SECONDS) * 1000);
    return principal;
  }

  /** A token cannot be revoked, but it expires. */
  override onCredentialsExpired(principal: Principal, listener: () => void): () => void {
    const expiresAt = expiries.get(principal) ?? Infinity;
    const timer = setTimeout(listener, Math.min(MAX_TIMER_MS, Math.max(0, expiresAt - Date.now()))).unref();
    return () => clearTimeout(timer);
  }

  async #verified(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await this.jose.jwtVerify(token, this.keys, this.rules);
      return payload;
    } catch (cause) {
      const refusal = this.#refusalOf(cause);
      // If the keys cannot be fetched, the token is not at fault.
      throw refusal === undefined ? cause : authFailure({ reason: refusal[0] }, refusal[1], cause);
    }
  }

  /** The reason and the sentence about it; undefined if the token is not at fault. */
  #refusalOf(cause: unknown): readonly [AuthFailureReason, string] | undefined {
    const { errors } = this.jose;
    if (cause instanceof errors.JWTExpired) return ['expired', 'The token has expired.'];
    if (cause instanceof errors.JWTClaimValidationFailed)
      return ['claims', `The token's claim ${cause.claim} is missing or not valid.`];
    if (cause instanceof errors.JOSEAlgNotAllowed || cause instanceof errors.JOSENotSupported) {
      return ['signature', `Tokens must be signed with one of ${ALGORITHMS.join(', ')}.`];
    }
    if (cause instanceof errors.JWKSNoMatchingKey)
      return ['signature', 'The token is signed with a key that its issuer does not have.'];
    if (cause instanceof errors.JWSSignatureVerificationFailed)
      return ['signature', 'The signature of the token is not valid.'];
    const notTokens = [errors.JWSInvalid, errors.JWTInvalid, errors.JWKSMultipleMatchingKeys];
    if (!notTokens.some((type) => cause instanceof type)) return undefined;
    return ['malformed', 'The credentials are not a signed token.'];
  }
}

/** @throws AgentError `unauthenticated` if a claim is missing or not valid. */
function principalOf({ tenant, scope, sub }: JWTPayload): Principal {
  if (typeof tenant !== 'string' || !TENANT.test(tenant)) {
    throw authFailure({ reason: 'claims' }, 'The token needs a claim tenant: 1–128 of A–Z a–z 0–9 . _ : -');
  }
  if (sub === undefined || !SUBJECT.test(sub))
    throw authFailure({ reason: 'claims' }, 'The token needs a claim sub: 1–255 printable characters.');
  const scopes: readonly unknown[] = typeof scope === 'string' ? scope.split(' ') : Array.isArray(scope) ? scope : [];
  return { tenant, id: idOfSubject(sub), scopes: scopesAmong(scopes), endUser: sub };
}
