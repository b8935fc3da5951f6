import type { Principal } from '../../auth/principal.js';
import { requireScope } from '../../auth/scopes.js';
import { OPENAI_PREFIX } from '../../http/api.prefixes.js';

/** A request of this API, before its body is read. */
export interface UnreadRequest {
  /** `POST`, `DELETE` or another method. */
  readonly method: string;
  /** The pattern of its route, such as `/v1/responses/:response_id`. */
  readonly route: string;
}

/**
 * Checks the scope of a request with a body before it is read. The routes check it again, but their bodies are read by
 * then. Other methods than POST and DELETE have no body.
 *
 * @throws AgentError `forbidden` if the caller lacks the scope.
 *
 * @example
 * import type { Principal } from 'rookery';
 * import { requireBodyScope } from 'rookery/openai';
 *
 * function beforeBody(principal: Principal, method: string, route: string) {
 *   if (route.startsWith('/v1/')) requireBodyScope(principal, { method, route });
 * }
 */
export function requireBodyScope(principal: Principal, { method, route }: UnreadRequest): void {
  if (method !== 'POST' && method !== 'DELETE') return;
  const isWrite = method === 'DELETE' || route.startsWith(`/${OPENAI_PREFIX}/conversations/`);
  requireScope(principal, isWrite ? 'sessions:write' : 'chat');
}
