import { tryParseJson } from '../../json/json.text.js';
import { isObject } from '../../json/json.object.js';

const VERSION = 'rk1.';

/** A summary of a conversation, as clients keep it. */
export interface CompactionItem {
  readonly type: 'compaction';
  readonly id: string;
  /** Opaque to clients. It is not secret: the client has sent the conversation. */
  readonly encrypted_content: string;
}

export function compactionItemOf(runId: string, summary: string): CompactionItem {
  const content = VERSION + Buffer.from(JSON.stringify({ summary })).toString('base64url');
  return { type: 'compaction', id: `cmp_${runId}_0`, encrypted_content: content };
}

/** The summary in an item; undefined if this service has not written it. */
export function summaryIn(content: string): string | undefined {
  if (!content.startsWith(VERSION)) return undefined;
  const value = tryParseJson(Buffer.from(content.slice(VERSION.length), 'base64url').toString());
  return isObject(value) && typeof value['summary'] === 'string' ? value['summary'] : undefined;
}
