import type { IncomingHttpHeaders } from 'node:http';
import { AgentError, invalidField } from '../errors/agent.error.js';
import type { Principal } from './principal.js';

/** The parts of a request that may identify the caller. */
export interface Credentials {
  /** The HTTP headers, with names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The network address of the caller, as `callerAddress` returns it. */
  readonly address: string;
  /** The subprotocols of a WebSocket upgrade: a browser can send a key only there. */
  readonly protocols?: readonly string[] | undefined;
}

/**
 * Identifies callers. The module has one for API keys and one for tokens; a host may provide its own as `auth` of
 * `AgentModule.forRoot`. The instance is also a provider: inject `Authenticator` to authenticate your own routes.
 *
 * @example
 * import { AgentError, AgentModule, Authenticator, type Credentials, type Principal } from 'rookery';
 *
 * class CookieAuthenticator extends Authenticator {
 *   constructor(private readonly sessions: ReadonlyMap<string, { id: string; company: string }>) {
 *     super();
 *   }
 *
 *   async authenticate({ headers }: Credentials): Promise<Principal> {
 *     const user = this.sessions.get(headers.cookie ?? '');
 *     if (!user) throw new AgentError('unauthenticated', { detail: 'Log in first.' });
 *     return { tenant: user.company, id: `user:${user.id}`, scopes: ['chat', 'tasks'], endUser: user.id };
 *   }
 * }
 *
 * AgentModule.forRoot({ auth: new CookieAuthenticator(new Map()) });
 */
export abstract class Authenticator {
  /**
   * Returns the caller of a request. Runs once for each request, upgrade or message.
   *
   * @throws AgentError `unauthenticated` that gives the reason, but repeats nothing from the request.
   */
  abstract authenticate(credentials: Credentials): Promise<Principal>;

  /**
   * Returns the text that alone decides whether the caller is authenticated, such as a key. If it was refused, it may be
   * refused again without `authenticate`, after too many failures of its address. Default: undefined, always verified.
   */
  credentialOf(_credentials: Credentials): string | undefined {
    return undefined;
  }

  /**
   * Calls `listener` if the caller's credentials end during the request, for example if a key is revoked during a stream.
   * Returns a function that stops watching. Default: never calls it.
   */
  onCredentialsExpired(principal: Principal, listener: () => void): () => void {
    const isInherited = this.onLapse === Authenticator.prototype.onLapse;
    return isInherited ? () => undefined : this.onLapse(principal, listener);
  }

  /** @deprecated Override and call `onCredentialsExpired` instead. */
  onLapse(principal: Principal, listener: () => void): () => void {
    const isInherited = this.onCredentialsExpired === Authenticator.prototype.onCredentialsExpired;
    return isInherited ? () => undefined : this.onCredentialsExpired(principal, listener);
  }
}

const END_USER = /^[A-Za-z0-9._:-]{1,128}$/;
/** Credentials that a browser may send as a subprotocol: a key or a signed token. */
const CREDENTIAL = /^((?:rookery|rk)_[\w-]+|eyJ[\w-]+\.[\w-]+\.[\w-]+)$/;

/** The key or token of a request; undefined if it has none. */
export function bearerOf({ headers, protocols = [] }: Pick<Credentials, 'headers' | 'protocols'>): string | undefined {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  return bearer ?? protocols.find((protocol) => CREDENTIAL.test(protocol));
}

/** The end user from `X-End-User`. @throws AgentError `validation_failed` if it is not a valid name. */
export function endUserOf({ headers }: Credentials): string | undefined {
  const given = headers['x-end-user'];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && END_USER.test(given)) return given;
  throw invalidField('X-End-User', 'X-End-User must be 1–128 of A–Z a–z 0–9 . _ : -');
}

export function unauthenticated(detail: string, cause?: unknown): AgentError {
  return new AgentError('unauthenticated', { detail }, { cause });
}
