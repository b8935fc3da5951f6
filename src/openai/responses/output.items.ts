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

export type OutputItem = MessageItem | FunctionCallItem;

export function outputText(text: string): OutputText {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}
