/** How far an item is. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** The text of a message. */
export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly never[];
  readonly logprobs: readonly never[];
}

export interface MessageItem {
  readonly type: 'message';
  readonly id: string;
  readonly status: ItemStatus;
  readonly role: 'assistant';
  readonly content: readonly OutputText[];
  /** `commentary`: the model called tools after this text. */
  readonly phase?: 'commentary' | 'final_answer';
}

/** A call that the client executes. */
export interface FunctionCallItem {
  readonly type: 'function_call';
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: ItemStatus;
}

/** A part of the reasoning of a turn. */
export interface ReasoningItem {
  readonly type: 'reasoning';
  readonly id: string;
  /** Empty if the model shows nothing of it. */
  readonly summary: readonly SummaryText[];
  /** Opaque to clients. Only if the request includes it. */
  readonly encrypted_content?: string;
}

/** The text of a reasoning. */
export interface SummaryText {
  readonly type: 'summary_text';
  readonly text: string;
}

export type OutputItem = MessageItem | FunctionCallItem | ReasoningItem;

export function outputText(text: string): OutputText {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** A message of the agent. */
export function messageOf(
  id: string,
  status: ItemStatus,
  content: MessageItem['content'],
  phase?: MessageItem['phase'],
): MessageItem {
  return { type: 'message', id, status, role: 'assistant', content, ...(phase === undefined ? {} : { phase }) };
}

/** The item without what only the model needs. */
export function withoutEncrypted(item: OutputItem): OutputItem {
  if (item.type !== 'reasoning') return item;
  const { type, id, summary } = item;
  return { type, id, summary };
}
