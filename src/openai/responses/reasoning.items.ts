import type { RunFact } from '../../runs/events/run.facts.js';
import { replyIdOf } from '../../runs/loop/transcript.js';
import { reasoningIdOf } from '../item.ids.js';
import { type ReasoningItem, type SummaryText, withoutEncrypted } from './output.items.js';
import type { ReasoningView } from './reasoning.seal.js';

/** A piece of the reasoning, before the part that it belongs to has ended. */
export type ThoughtDelta = Extract<RunFact, { type: 'reasoning.delta' }>;
/** A part of the reasoning. */
export type Thought = Extract<RunFact, { type: 'reasoning.completed' }>;

/** The stream that has the items. */
interface ItemStream {
  /** Adds an event. */
  add(type: string, fields: object): void;
  /** The index of the next item. */
  nextIndex(): number;
}

/** The item that the model goes on with. */
interface OpenItem {
  readonly id: string;
  readonly index: number;
  text: string;
}

/** The events of the reasoning items of a response. */
export class ReasoningItems {
  #open: OpenItem | undefined;
  /** The turn of the last part that has ended, and how many of it have. */
  #turn = 0;
  #ended = 0;

  constructor(
    private readonly runId: string,
    private readonly stream: ItemStream,
    private readonly view: ReasoningView | undefined,
  ) {}

  /** Goes on with the item. Only a first piece begins one: without it, the part is shown when it has ended. */
  addDelta({ turn, text, isFirst }: ThoughtDelta): void {
    if (isFirst) {
      this.void();
      this.#open = this.#begin(turn);
    }
    if (this.#open) this.#extend(this.#open, text);
  }

  /** Ends the item with the whole part. Returns it with all that the model needs. */
  end({ turn, reasoning }: Thought): ReasoningItem {
    const { text, providerData } = reasoning;
    if (this.#open && !text.startsWith(this.#open.text)) this.void();
    const item = this.#open ?? this.#begin(turn);
    this.#open = undefined;
    this.#ended++;
    this.#extend(item, text.slice(item.text.length));
    const content = providerData && this.view?.key.seal({ turn: replyIdOf(this.runId, turn), reasoning });
    const whole = itemOf(item, content);
    this.#close(item, this.view?.isEncryptedShown === true ? whole : withoutEncrypted(whole));
    return whole;
  }

  /** Ends an item that the output leaves out: the model was asked again. */
  void(): void {
    if (this.#open) this.#close(this.#open, itemOf(this.#open));
    this.#open = undefined;
  }

  /** Ends the item, and counts the parts of the turn anew. */
  voidTurn(): void {
    this.void();
    this.#ended = 0;
  }

  #begin(turn: number): OpenItem {
    if (turn !== this.#turn) this.#ended = 0;
    this.#turn = turn;
    const index = this.stream.nextIndex();
    const item = { id: reasoningIdOf(replyIdOf(this.runId, turn), this.#ended), index, text: '' };
    this.stream.add('response.output_item.added', { output_index: index, item: itemOf(item) });
    return item;
  }

  #extend(item: OpenItem, delta: string): void {
    if (delta === '') return;
    const at = placeOf(item);
    if (item.text === '') this.stream.add('response.reasoning_summary_part.added', { ...at, part: summaryText('') });
    item.text += delta;
    this.stream.add('response.reasoning_summary_text.delta', { ...at, delta });
  }

  #close(item: OpenItem, shown: object): void {
    const { index, text } = item;
    const at = placeOf(item);
    if (text !== '') {
      this.stream.add('response.reasoning_summary_text.done', { ...at, text });
      this.stream.add('response.reasoning_summary_part.done', { ...at, part: summaryText(text) });
    }
    this.stream.add('response.output_item.done', { output_index: index, item: shown });
  }
}

function placeOf({ id, index }: OpenItem): object {
  return { item_id: id, output_index: index, summary_index: 0 };
}

function itemOf({ id, text }: OpenItem, encrypted_content?: string): ReasoningItem {
  const summary = text === '' ? [] : [summaryText(text)];
  return { type: 'reasoning', id, summary, ...(encrypted_content === undefined ? {} : { encrypted_content }) };
}

function summaryText(text: string): SummaryText {
  return { type: 'summary_text', text };
}
