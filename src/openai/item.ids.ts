import { hash } from 'node:crypto';

const ITEM_ID = /^(msg|fc|fco)_([A-Za-z0-9-]{1,140})(?:_([0-9a-f]{12}))?$/;
/** Also those of inputs, and of outputs of older releases: these have the place of the item. */
const RESPONSE_ITEM_ID = /^[a-z]{2,4}_([A-Za-z0-9-]{1,128}?)(?:-t\d{1,9})?(?:_(?:in_)?[0-9a-f]{1,12})?$/;

/** The message of an item, and the call in it. */
export interface ItemKey {
  readonly messageId: string;
  /** Its digest. Undefined: the item is the text of the message, or a result. */
  readonly call: string | undefined;
}

/** The key of an item; undefined if the text is not the id of an item. */
export function itemKeyOf(id: string): ItemKey | undefined {
  const [, type, messageId, call] = ITEM_ID.exec(id) ?? [];
  if (messageId === undefined || (type === 'fc') !== (call !== undefined)) return undefined;
  return { messageId, call };
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
  return hash('sha256', callId).slice(0, 12);
}
