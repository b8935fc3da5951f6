import type { AgentModuleOptions } from '../agent.options.js';
import { isObject } from '../json/json.object.js';
import { Authenticator } from '../auth/authenticator.js';
import { isSecureUrl } from '../auth/tokens/issuer.documents.js';
import type { BrokenRule } from '../json/object.shape.js';
import type { OptionName } from './option.fault.js';

/** Checks the lifetimes of API keys. Checks that a token has one issuer, and that the keys of issuers can be found. */
export function* authFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  const { auth, keyTtlDays = 0, keyMaxDays = Infinity } = options;
  if (keyTtlDays > keyMaxDays) yield ['keyTtlDays', ` must not be longer than ${nameOf('keyMaxDays')}`];
  if (auth === undefined || auth === 'none' || auth === 'api-key' || auth instanceof Authenticator) return;
  if (!isObject(auth) || !isObject([auth['jwt']].flat()[0])) {
    yield ['auth', " must be 'none', 'api-key', an object with jwt, or an Authenticator"];
    return;
  }
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
