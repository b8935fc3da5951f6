import { createHash } from 'node:crypto';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE } from './events/run.events.js';
import type { IdempotencyKey } from './idempotency.keys.js';
import type { RunContext } from './run.js';

/** The idempotency key of the request with its scope. */
export function keyOf({
  kind,
  principal,
  request,
  idempotencyKey,
  keySpace = kind,
}: KeyedRequest): IdempotencyKey | undefined {
  if (idempotencyKey === undefined) return undefined;
  const { tenant, id, endUser } = principal;
  // End users have separate keys: none may get the answer of another.
  const caller = endUser === undefined ? id : `${id}/${endUser}`;
  // A default value means the same as an absent one.
  const fingerprint = fingerprintOf({
    agent_role: DEFAULT_ROLE,
    temperature: DEFAULT_TEMPERATURE,
    ...givenFields(request),
  });
  return { tenant, caller, route: keySpace, idempotency_key: idempotencyKey, fingerprint };
}

interface KeyedRequest {
  readonly kind: RunContext['kind'];
  readonly principal: Principal;
  readonly request: object;
  readonly idempotencyKey: string | undefined;
  readonly keySpace?: string | undefined;
}

/** The id of the run with this key. @throws AgentError if the key belongs to another request. */
export function assertSameRequest(
  { run_id, fingerprint }: { readonly run_id: string; readonly fingerprint: string },
  key: IdempotencyKey | undefined,
): string {
  if (fingerprint !== key?.fingerprint) throw new AgentError('idempotency_key_reused');
  return run_id;
}

/** Equal for equal requests, in any order of their fields. */
function fingerprintOf(request: object): string {
  const sorted = Object.entries(request).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted, sortKeys)).digest('base64url');
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function givenFields(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
