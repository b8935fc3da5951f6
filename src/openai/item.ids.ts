import { hash } from 'node:crypto';

const DIGEST_LENGTH = 12;
const ITEM_ID = /^(msg|fc|fco|rs)_([A-Za-z0-9-]{1,140})(?:_([0-9a-f]{1,12}))?$/;
/** Also those of inputs, and of outputs of older releases: these have the place of the item. */
const RESPONSE_ITEM_ID = /^[a-z]{2,4}_([A-Za-z0-9-]{1,128}?)(?:-t\d{1,9})?(?:_(?:in_)?[0-9a-f]{1,12})?$/;

/** The message of an item, and the part of it. Without a part, the item is the text of the message, or a result. */
export interface ItemKey {
  readonly messageId: string;
  /** The digest of a call. */
  readonly call?: string;
  /** The number of a part of the reasoning. */
  readonly part?: number;
}

/** The key of an item; undefined if the text is not the id of an item. */
export function itemKeyOf(id: string): ItemKey | undefined {
  const [, type, messageId, name] = ITEM_ID.exec(id) ?? [];
  if (messageId === undefined) return undefined;
  switch (type) {
    case 'fc':
      return name?.length === DIGEST_LENGTH ? { messageId, call: name } : undefined;
    case 'rs':
      return /^\d{1,9}$/.test(name ?? '') ? { messageId, part: Number(name) } : undefined;
    default:
      return name === undefined ? { messageId } : undefined;
  }
}

/** The run in the id of an item of a response. */
export function runIdIn(id: string): string | undefined {
  return RESPONSE_ITEM_ID.exec(id)?.[1];
}

/** The item of the text of a message, in responses and in conversations. */
export function textIdOf(messageId: string): string {
  return `msg_${messageId}`;
}

/** The item of a call in a message. */
export function callIdOf(messageId: string, callId: string): string {
  return `fc_${messageId}_${digestOf(callId)}`;
}

/** The item of a part of the reasoning that led to a message. @param part 0, 1, 2 … */
export function reasoningIdOf(messageId: string, part: number): string {
  return `rs_${messageId}_${part}`;
}

/** Names a call in the id of its item. Its place would change if a call before it is deleted. */
export function digestOf(callId: string): string {
  return hash('sha256', callId).slice(0, DIGEST_LENGTH);
}
