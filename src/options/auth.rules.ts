import type { AgentModuleOptions } from '../agent.options.js';
import { Authenticator } from '../auth/authenticator.js';
import { isSecureUrl } from '../auth/issuer.documents.js';
import type { BrokenRule, OptionName } from './option.fault.js';

/** Checks that the keys of each issuer can be found, and that a token has one issuer. */
export function* authFaults({ auth }: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  if (auth === undefined || typeof auth === 'string' || auth instanceof Authenticator) return;
  const issuers = [auth.jwt].flat();
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    yield ['auth.jwt.issuer', ' must not repeat an issuer'];
  }
  for (const { issuer, jwksUri } of issuers) {
    if (jwksUri !== undefined || isSecureUrl(issuer)) continue;
    const rule = `must be an https URL (or http on this machine) without ${nameOf('auth.jwt.jwksUri')}`;
    yield ['auth.jwt.issuer', ` ${rule}, because its keys are discovered there`];
  }
}
