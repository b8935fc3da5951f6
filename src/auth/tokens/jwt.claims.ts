import type { JWTPayload } from 'jose';
import { isObject } from '../../json/json.object.js';
import { authFailure } from '../auth.failure.js';
import type { JwtOptions } from './jwt.options.js';
import { idOfSubject, type Principal, TENANT } from '../principal.js';
import { scopesAmong } from '../scopes.js';

/** The format of `sub` in OpenID Connect. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

type ClaimOptions = Pick<JwtOptions, 'tenantClaim' | 'scopeClaim' | 'userClaim' | 'scopePrefix' | 'allowAdmin'>;

/** @throws AgentError `unauthenticated` if a claim is missing or not valid. */
export function principalOf(claims: JWTPayload, options: ClaimOptions): Principal {
  const { tenantClaim = 'tenant', userClaim = 'sub', allowAdmin = true } = options;
  const tenant = claimAt(claims, tenantClaim);
  if (typeof tenant !== 'string' || !TENANT.test(tenant)) {
    throw authFailure({ reason: 'claims' }, `The token needs a claim ${tenantClaim}: 1–128 of A–Z a–z 0–9 . _ : -`);
  }
  const user = claimAt(claims, userClaim);
  if (typeof user !== 'string' || !SUBJECT.test(user)) {
    throw authFailure({ reason: 'claims' }, `The token needs a claim ${userClaim}: 1–255 printable characters.`);
  }
  const scopes = scopesAmong(scopeWordsOf(claims, options)).filter((scope) => allowAdmin || scope !== 'admin');
  return { tenant, id: idOfSubject(user), scopes, endUser: user };
}

function scopeWordsOf(claims: JWTPayload, { scopeClaim, scopePrefix = '' }: ClaimOptions): string[] {
  const value = scopeClaim === undefined ? (claims.scope ?? claims.scp) : claimAt(claims, scopeClaim);
  const words: readonly unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return words.flatMap((word) =>
    typeof word === 'string' && word.startsWith(scopePrefix) ? word.slice(scopePrefix.length) : [],
  );
}

/** A claim by its name, which may contain dots, or else by its path. */
function claimAt(claims: JWTPayload, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
