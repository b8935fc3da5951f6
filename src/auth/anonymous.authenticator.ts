import { Authenticator, type Credentials, endUserOf } from './authenticator.js';
import { anonymous, type Principal } from './principal.js';

/** Accepts every caller without credentials. All callers share one tenant and differ by network address. */
export class AnonymousAuthenticator extends Authenticator {
  async authenticate(credentials: Credentials): Promise<Principal> {
    return anonymous(credentials.address, endUserOf(credentials));
  }
}
