import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { LoopbackServer } from './loopback.server.js';

type Signer = Awaited<ReturnType<typeof generateKeyPair>>;

export const AUDIENCE = 'rookery';

/** How a token differs from a valid one. */
export interface TokenOptions {
  issuer?: string;
  audience?: string;
  /** Seconds from now; negative: already expired. */
  expiresIn?: number;
}

/** An identity provider on loopback, which publishes its newest keys. */
export class Issuer extends LoopbackServer {
  /** How often its keys were fetched. */
  fetches = 0;
  isAway = false;
  #keys: { kid: string; signer: Signer }[] = [];
  #published: JWK[] = [];

  static async start(): Promise<Issuer> {
    const issuer = await new Issuer().listen();
    await issuer.rotate();
    return issuer;
  }

  get url(): string {
    return this.origin;
  }

  get jwksUri(): string {
    return `${this.url}/jwks.json`;
  }

  /** Signs with a new key from now on, and publishes only that key. */
  async rotate(): Promise<void> {
    const signer = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${this.#keys.length + 1}`;
    this.#keys.push({ kid, signer });
    this.#published = [{ ...(await exportJWK(signer.publicKey)), kid, alg: 'RS256', use: 'sig' }];
  }

  /** Returns a token signed with the newest key. */
  sign(claims: JWTPayload, { issuer = this.url, audience = AUDIENCE, expiresIn = 300 }: TokenOptions = {}) {
    const { kid, signer } = this.#newest();
    return this.#claims(claims, issuer, audience, expiresIn)
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(signer.privateKey);
  }

  /** Returns a token whose HMAC secret is the public key, which anyone can read. */
  async confuse(claims: JWTPayload): Promise<string> {
    const { kid, signer } = this.#newest();
    const secret = new TextEncoder().encode(await exportSPKI(signer.publicKey));
    return this.#claims(claims, this.url, AUDIENCE, 300).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
  }

  protected answer(_: IncomingMessage, response: ServerResponse): void {
    this.fetches++;
    response.writeHead(this.isAway ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: this.#published }));
  }

  #claims(claims: JWTPayload, issuer: string, audience: string, expiresIn: number): SignJWT {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(claims)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now - 3600)
      .setExpirationTime(now + expiresIn);
  }

  #newest(): { kid: string; signer: Signer } {
    const newest = this.#keys.at(-1);
    if (newest === undefined) throw new Error('The issuer has no key.');
    return newest;
  }
}

/** Returns a token without a signature. */
export function unsigned(claims: JWTPayload): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000, ...claims })}.`;
}
