import { isNumber, type JsonObject } from '../../json/json.object.js';
import type { AnswerReasoning } from './answer.reader.js';
import { fieldsOf, requireObjects, requireString } from './provider.answer.js';

const PARAGRAPH = '\n\n';

/** The reasoning of a streamed answer of the Responses API. */
export class StreamedReasoning {
  /** The parts that have ended. */
  readonly parts: AnswerReasoning[] = [];
  /** The items that have ended. */
  #count = 0;
  /** Texts as their deltas have described them. Some providers leave them out of the item. */
  readonly #texts = new Map<string, string>();
  /** The event of the first piece of the first item. */
  #first: JsonObject | undefined;

  /** The text so far of the first item; empty once an item has ended. */
  get thinking(): string {
    return this.#first === undefined || this.#count > 0 ? '' : this.#textOf(this.#first);
  }

  /** Adds a piece of a summary, or of the reasoning itself. */
  addDelta(event: JsonObject, kind: 'summary' | 'content'): void {
    this.#first ??= event;
    const place = placeOf(event, kind);
    const before = this.#texts.get(place) ?? '';
    // Paragraphs of a summary are parts of it.
    const isNext = kind === 'summary' && before !== '' && !this.#texts.has(partOf(event));
    this.#texts.set(partOf(event), '');
    this.#texts.set(place, `${before}${isNext ? PARAGRAPH : ''}${requireString(event.delta)}`);
  }

  /** Adds an item that has ended, if it has reasoning. */
  end(event: JsonObject): void {
    const item = fieldsOf(event.item);
    if (item.type !== 'reasoning') return;
    this.#count += 1;
    this.parts.push(...partsOf(item, this.#textOf({ ...event, item_id: item.id })));
  }

  /** All parts: those of the items that no event has ended, too. */
  finish(items: readonly JsonObject[]): readonly AnswerReasoning[] {
    const all = items.flatMap((item, output_index) => (item.type === 'reasoning' ? [{ item, output_index }] : []));
    const rest = all.slice(this.#count);
    return [
      ...this.parts,
      ...rest.flatMap(({ item, output_index }) => partsOf(item, this.#textOf({ output_index, item_id: item.id }))),
    ];
  }

  #textOf(event: JsonObject): string {
    const [summary, content] = [this.#texts.get(placeOf(event, 'summary')), this.#texts.get(placeOf(event, 'content'))];
    return summary ?? content ?? '';
  }
}

/** The reasoning in the items of an answer. @throws TypeError if its text is not a text. */
export function reasoningOf(items: readonly JsonObject[]): readonly AnswerReasoning[] {
  return items.flatMap((item) => (item.type === 'reasoning' ? partsOf(item) : []));
}

/** True if the provider can read the item again, although it has not stored it. */
export function isReturnable({ encrypted_content, content }: JsonObject): boolean {
  return Boolean(encrypted_content) || (Array.isArray(content) && content.length > 0);
}

/** The item as it is sent back. */
export function toReturned({ summary = [], content, encrypted_content }: JsonObject): JsonObject {
  return { type: 'reasoning', summary, content, encrypted_content };
}

/** @param streamed the text of the deltas, for providers that leave it out of the item. */
function partsOf(item: JsonObject, streamed = ''): AnswerReasoning[] {
  const text = textsOf(item.summary) || textsOf(item.content) || streamed;
  const returned = isReturnable(item) ? { item: toReturned(item) } : undefined;
  return text === '' && returned === undefined ? [] : [{ text, returned }];
}

function textsOf(parts: unknown): string {
  return requireObjects(parts ?? [])
    .map(({ text }) => requireString(text ?? ''))
    .join(PARAGRAPH);
}

function placeOf({ output_index: index, item_id: id }: JsonObject, kind: string): string {
  return `${kind} ${isNumber(index) ? index : String(id)}`;
}

function partOf(event: JsonObject): string {
  return placeOf(event, `part ${String(event.summary_index)}`);
}
