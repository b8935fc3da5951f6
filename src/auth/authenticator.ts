import type { IncomingHttpHeaders } from 'node:http';
import { AgentError, invalidField } from '../errors/agent.error.js';
import type { Principal } from './principal.js';

/** What a request brings that may say who sends it. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  /** The network address of the caller, as `callerAddress` gives it. */
  readonly address: string;
  /** The subprotocols that a WebSocket asks for: browsers can give a key in no other place. */
  readonly protocols?: readonly string[] | undefined;
}

/**
 * Tells who calls. The module brings one for API keys and one for tokens; a host may give its own.
 *
 * @example
 * class CookieAuthenticator extends Authenticator {
 *   async authenticate({ headers }: Credentials): Promise<Principal> {
 *     const user = await this.sessions.find(headers.cookie);
 *     if (!user) throw new AgentError('unauthenticated', { detail: 'Log in first.' });
 *     return { tenant: user.company, id: `user:${user.id}`, scopes: ['chat', 'tasks'], endUser: user.id };
 *   }
 * }
 */
export abstract class Authenticator {
  /** @throws AgentError `unauthenticated` that says what is wrong, but repeats nothing of what was sent. */
  abstract authenticate(credentials: Credentials): Promise<Principal>;

  /**
   * Calls back once the credentials of a caller end while it is still being answered, as when a key is revoked amid a
   * stream. Ends when the function that it returns is called. Default: never.
   */
  onLapse(_principal: Principal, _listener: () => void): () => void {
    return () => undefined;
  }
}

const END_USER = /^[A-Za-z0-9._:-]{1,128}$/;
/** What a browser may put among subprotocols: a key, or a signed token. */
const CREDENTIAL = /^(rk_[\w-]+|eyJ[\w-]+\.[\w-]+\.[\w-]+)$/;

/** The key or token that a request brings; undefined: none. */
export function bearerOf({ headers, protocols = [] }: Credentials): string | undefined {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  return bearer ?? protocols.find((protocol) => CREDENTIAL.test(protocol));
}

/** The end user that `X-End-User` names. @throws AgentError `validation_failed` where it is no name. */
export function endUserOf({ headers }: Credentials): string | undefined {
  const given = headers['x-end-user'];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && END_USER.test(given)) return given;
  throw invalidField('X-End-User', 'X-End-User must be 1–128 of A–Z a–z 0–9 . _ : -');
}

export function unauthenticated(detail: string, cause?: unknown): AgentError {
  return new AgentError('unauthenticated', { detail }, { cause });
}
