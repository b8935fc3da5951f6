import { AgentError, invalidField } from '../../errors/agent.error.js';
import { importOptional } from '../../async/optional.package.js';
import { authFailure, type AuthFailureReason } from '../auth.failure.js';
import { Authenticator, bearerOf, type Credentials } from '../authenticator.js';
import { KEY_TIMES } from './issuer.keys.js';
import { principalOf } from './jwt.claims.js';
import { ALGORITHMS, type Jose, JwtIssuer } from './jwt.issuer.js';
import type { JwtOptions } from './jwt.options.js';
import type { Principal } from '../principal.js';

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The expiry of each caller's token, in epoch milliseconds. */
const expiries = new WeakMap<Principal, number>();

/** Authenticates callers by signed tokens of identity providers. A token is checked by the issuer that it names. */
export class JwtAuthenticator extends Authenticator {
  readonly #issuers: ReadonlyMap<unknown, JwtIssuer>;

  private constructor(
    private readonly jose: Jose,
    issuers: readonly JwtIssuer[],
  ) {
    super();
    this.#issuers = new Map(issuers.map((issuer) => [issuer.options.issuer, issuer]));
  }

  /** @throws Error if the package `jose` is not installed. */
  static async create(options: JwtOptions | readonly JwtOptions[], times = KEY_TIMES): Promise<JwtAuthenticator> {
    const jose = await importOptional('jose', 'Authentication by tokens', () => import('jose'));
    const issuers = [options].flat().map((each) => new JwtIssuer(jose, each, times));
    return new JwtAuthenticator(jose, issuers);
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const token = bearerOf(credentials);
    if (token === undefined) {
      throw authFailure({ reason: 'missing' }, 'A token is required: send `Authorization: Bearer …`.');
    }
    try {
      const issuer = this.#issuerOf(token);
      const claims = await issuer.verify(token);
      if (credentials.headers['x-end-user'] !== undefined) {
        throw invalidField('X-End-User', 'X-End-User is only for API keys: a token names its end user itself');
      }
      const principal = principalOf(claims, issuer.options);
      expiries.set(principal, issuer.expiryOf(claims));
      return principal;
    } catch (cause) {
      const refusal = this.#refusalOf(cause);
      if (refusal !== undefined) throw authFailure({ reason: refusal[0] }, refusal[1], cause);
      // The keys of the issuer are at fault, such as one that is too short.
      throw cause instanceof AgentError ? cause : new AgentError('identity_unavailable', {}, { cause });
    }
  }

  override credentialOf(credentials: Credentials): string | undefined {
    return bearerOf(credentials);
  }

  /** A token cannot be revoked, but it expires. */
  override onCredentialsExpired(principal: Principal, listener: () => void): () => void {
    const expiresAt = expiries.get(principal) ?? Infinity;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = Math.max(0, expiresAt - Date.now());
      timer = setTimeout(leftMs > MAX_TIMER_MS ? wait : listener, Math.min(MAX_TIMER_MS, leftMs)).unref();
    };
    wait();
    return () => clearTimeout(timer);
  }

  /** The issuer that a token names. Only its keys can then verify the token. */
  #issuerOf(token: string): JwtIssuer {
    const issuer = this.#issuers.get(this.jose.decodeJwt(token).iss);
    if (issuer === undefined) {
      throw authFailure({ reason: 'claims' }, "The token's claim iss is missing or not valid.");
    }
    return issuer;
  }

  /** The reason and the sentence about it; undefined if the token is not at fault. */
  #refusalOf(cause: unknown): readonly [AuthFailureReason, string] | undefined {
    const { errors } = this.jose;
    if (cause instanceof errors.JWTExpired) return ['expired', 'The token has expired.'];
    if (cause instanceof errors.JWTClaimValidationFailed) {
      const part = cause.claim === 'typ' ? 'header' : 'claim';
      return ['claims', `The token's ${part} ${cause.claim} is missing or not valid.`];
    }
    if (cause instanceof errors.JOSEAlgNotAllowed || cause instanceof errors.JOSENotSupported) {
      return ['signature', `Tokens must be signed with one of ${ALGORITHMS.join(', ')}.`];
    }
    if (cause instanceof errors.JWKSNoMatchingKey) {
      return ['signature', 'The token is signed with a key that its issuer does not have.'];
    }
    if (cause instanceof errors.JWSSignatureVerificationFailed) {
      return ['signature', 'The signature of the token is not valid.'];
    }
    const isToken = !(cause instanceof errors.JWSInvalid) && !(cause instanceof errors.JWTInvalid);
    return isToken ? undefined : ['malformed', 'The credentials are not a signed token.'];
  }
}
