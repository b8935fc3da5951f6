import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { fetchKeys } from './issuer.documents.js';
import { IssuerKeys, type KeyTimes } from './issuer.keys.js';
import type { JwtOptions } from './jwt.options.js';

export type Jose = typeof import('jose');

/** Signatures that only the issuer can make. For HS… the public key would be the secret; `none` has no signature. */
export const ALGORITHMS = [
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
/** Maximum keys that are tried for a token which does not name its key. */
const MAX_TRIED_KEYS = 16;

/** Verifies the tokens of one issuer, with the keys of that issuer only. */
export class JwtIssuer {
  readonly #keys: IssuerKeys<JWTVerifyGetKey>;
  readonly #rules: JWTVerifyOptions;

  constructor(
    private readonly jose: Jose,
    readonly options: JwtOptions,
    times: KeyTimes,
  ) {
    const { issuer, audience, jwksUri, userClaim = 'sub', type, maxAgeSeconds } = options;
    this.#keys = new IssuerKeys(async () => this.#finderOf(await fetchKeys(issuer, jwksUri)), times);
    this.#rules = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: userClaim === 'sub' ? ['exp', 'sub'] : ['exp'],
      ...(type === undefined ? {} : { typ: type }),
      ...(maxAgeSeconds === undefined ? {} : { maxTokenAge: maxAgeSeconds }),
    };
  }

  /**
   * The claims of a valid token.
   *
   * @throws AgentError `identity_unavailable`, or an error of `jose` if the token is not valid.
   */
  async verify(token: string): Promise<JWTPayload> {
    try {
      return await this.#verifyWith(await this.#keys.get(), token);
    } catch (failure) {
      if (!this.#mayHaveNewKey(failure, token) || !(await this.#keys.refetch())) throw failure;
      return await this.#verifyWith(await this.#keys.get(), token);
    }
  }

  /** When the token is no longer accepted, in epoch milliseconds. */
  expiryOf({ exp = 0, iat = Infinity }: JWTPayload): number {
    const { maxAgeSeconds = Infinity } = this.options;
    return (Math.min(exp, iat + maxAgeSeconds) + TOLERANCE_SECONDS) * 1000;
  }

  async #verifyWith(keys: JWTVerifyGetKey, token: string): Promise<JWTPayload> {
    const { errors, jwtVerify } = this.jose;
    try {
      return (await jwtVerify(token, keys, this.#rules)).payload;
    } catch (failure) {
      if (!(failure instanceof errors.JWKSMultipleMatchingKeys)) throw failure;
      let left = MAX_TRIED_KEYS;
      for await (const key of failure) {
        if (left-- === 0) break;
        try {
          return (await jwtVerify(token, key, this.#rules)).payload;
        } catch (refusal) {
          if (!(refusal instanceof errors.JWSSignatureVerificationFailed)) throw refusal;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }

  /** A token that does not name its key may be signed with a new one, too. */
  #mayHaveNewKey(failure: unknown, token: string): boolean {
    const { errors, decodeProtectedHeader } = this.jose;
    if (failure instanceof errors.JWKSNoMatchingKey) return true;
    const isForged = failure instanceof errors.JWSSignatureVerificationFailed;
    return isForged && decodeProtectedHeader(token).kid === undefined;
  }

  /** @throws Error if the document is not a set of keys. */
  #finderOf(document: unknown): JWTVerifyGetKey {
    if (!isKeySet(document)) throw new Error('The document of the issuer is not a set of keys.');
    return this.jose.createLocalJWKSet(document);
  }
}

function isKeySet(value: unknown): value is { keys: object[] } {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}
