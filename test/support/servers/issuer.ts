import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { LoopbackServer } from './loopback.server.js';

type Signer = Awaited<ReturnType<typeof generateKeyPair>>;

export const AUDIENCE = 'rookery';
/** The age of a new token. */
const AGE_SECONDS = 3600;

/** How a token differs from a valid one. */
export interface TokenOptions {
  issuer?: string;
  audience?: string;
  /** Seconds from now; negative: already expired. */
  expiresIn?: number;
  /** False: its header does not name the key. */
  hasKeyId?: boolean;
  /** The `typ` of its header. */
  type?: string | undefined;
}

/** How the issuer answers: as it should, not at all, or wrongly. */
export type IssuerFault = 'none' | 'away' | 'silent' | 'garbage' | 'huge' | 'no keys' | 'broken key' | 'redirect';

/** An identity provider on loopback, which publishes its newest keys. */
export class Issuer extends LoopbackServer {
  /** How often its keys were fetched. */
  fetches = 0;
  /** How often its discovery document was fetched. */
  discoveries = 0;
  fault: IssuerFault = 'none';
  /** The fields of its discovery document that differ. */
  discovery: Readonly<Record<string, string>> = {};
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

  /** Signs with a new key from now on, and publishes only that key, or also the earlier ones. */
  async rotate({ keepsOld = false } = {}): Promise<void> {
    const signer = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${this.#keys.length + 1}`;
    this.#keys.push({ kid, signer });
    const jwk = { ...(await exportJWK(signer.publicKey)), kid, alg: 'RS256', use: 'sig' };
    this.#published = keepsOld ? [...this.#published, jwk] : [jwk];
  }

  /** Returns a token signed with the newest key. */
  sign(claims: JWTPayload, options: TokenOptions = {}) {
    const { issuer = this.url, audience = AUDIENCE, expiresIn = 300, hasKeyId = true, type } = options;
    const { kid, signer } = this.#newest();
    return this.#claims(claims, issuer, audience, expiresIn)
      .setProtectedHeader({ alg: 'RS256', ...(hasKeyId ? { kid } : {}), ...(type === undefined ? {} : { typ: type }) })
      .sign(signer.privateKey);
  }

  /** Returns a token whose HMAC secret is the public key, which anyone can read. */
  async confuse(claims: JWTPayload): Promise<string> {
    const { kid, signer } = this.#newest();
    const secret = new TextEncoder().encode(await exportSPKI(signer.publicKey));
    return this.#claims(claims, this.url, AUDIENCE, 300).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
  }

  protected answer({ url }: IncomingMessage, response: ServerResponse): void {
    const isDiscovery = url === '/.well-known/openid-configuration';
    if (isDiscovery) this.discoveries++;
    else this.fetches++;
    const document = { issuer: this.url, jwks_uri: this.jwksUri, ...this.discovery };
    const keys = { keys: this.#published };
    const send = (status: number, body: string, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    };
    switch (this.fault) {
      case 'none':
        return send(200, JSON.stringify(isDiscovery ? document : keys));
      case 'away':
        return send(503, '{}');
      case 'silent':
        return;
      case 'garbage':
        return send(200, '<html>');
      case 'huge':
        return send(200, JSON.stringify({ ...document, ...keys, more: 'x'.repeat(300 * 1024) }));
      case 'no keys':
        return send(200, JSON.stringify({ ...document, keys: 'none' }));
      case 'broken key':
        return send(
          200,
          JSON.stringify(isDiscovery ? document : { keys: this.#published.map((key) => ({ ...key, n: 7 })) }),
        );
      case 'redirect':
        return send(302, '', { location: `${this.url}/elsewhere` });
    }
  }

  #claims(claims: JWTPayload, issuer: string, audience: string, expiresIn: number): SignJWT {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(claims)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now - AGE_SECONDS)
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
