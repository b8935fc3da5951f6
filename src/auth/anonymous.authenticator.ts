import { Authenticator, type Credentials, endUserOf } from './authenticator.js';
import { anonymous, type Principal } from './principal.js';

/** Takes everyone for who he says he is: there is one tenant, whose callers differ by network address. */
export class AnonymousAuthenticator extends Authenticator {
  async authenticate(credentials: Credentials): Promise<Principal> {
    return anonymous(credentials.address, endUserOf(credentials));
  }
}
