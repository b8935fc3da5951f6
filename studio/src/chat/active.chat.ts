import type { ChatRequestV2 } from 'rookery/client';
import { isObject, parsedObject } from '../service/credentials';
import { textOf } from './turn';

const STORED_AS = 'rookery.studio.active';
/** Larger requests are stored without their images, once their runs have begun. */
const MAX_STORED = 500_000;

/** The run that this tab follows. A reload rejoins it. */
interface Active {
  readonly request: ChatRequestV2;
  readonly idempotencyKey: string;
  /** Undefined until the first event: the request is then sent again, with its key. */
  readonly runId: string | undefined;
}

export const ActiveChat = {
  store(active: Active): void {
    const text = JSON.stringify(active);
    if (text.length <= MAX_STORED) sessionStorage.setItem(STORED_AS, text);
    else if (active.runId === undefined) ActiveChat.clear();
    else ActiveChat.store({ ...active, request: { ...active.request, input: textOf(active.request) } });
  },

  clear(): void {
    sessionStorage.removeItem(STORED_AS);
  },

  stored(): Active | undefined {
    const stored = parsedObject(sessionStorage.getItem(STORED_AS));
    if (stored === undefined || !isRequest(stored.request) || typeof stored.idempotencyKey !== 'string')
      return undefined;
    const runId = typeof stored.runId === 'string' ? stored.runId : undefined;
    return { request: stored.request, idempotencyKey: stored.idempotencyKey, runId };
  },
};

function isRequest(value: unknown): value is ChatRequestV2 {
  if (!isObject(value)) return false;
  const { input, tool_results: results, abandon_calls: isAbandoning } = value;
  return typeof input === 'string' || Array.isArray(input) || Array.isArray(results) || isAbandoning === true;
}
