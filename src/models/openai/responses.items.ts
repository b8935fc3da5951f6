import { isNumber, isObject, isString, type JsonObject } from '../../json/json.object.js';
import { brokenAnswerError } from './provider.failure.js';
import { argumentsText, fieldsOf } from './provider.answer.js';

interface StreamedItem {
  item: JsonObject;
  /** The arguments of a call as their own events have described them. */
  arguments: string;
  /** The text as its deltas have described it. */
  text: string;
  isDone: boolean;
}

/** The items of a streamed answer, as its events have described them. Some providers leave them out of the last event. */
export class StreamedItems {
  readonly #items = new Map<unknown, StreamedItem>();
  readonly #placeOfId = new Map<unknown, unknown>();

  add(event: JsonObject, isDone: boolean): void {
    if (!isObject(event.item)) return;
    const { id } = event.item;
    const place = isNumber(event.output_index) ? event.output_index : (id ?? this.#items.size);
    if (isString(id)) this.#placeOfId.set(id, place);
    const existing = this.#items.get(place);
    this.#items.set(place, { arguments: '', text: '', ...existing, item: event.item, isDone });
  }

  addArguments(event: JsonObject): void {
    if (isString(event.delta)) this.#callOf(event).arguments += event.delta;
  }

  endArguments(event: JsonObject): void {
    const found = this.#callOf(event);
    // The call keeps an object as it is: its integers may be rounded.
    if (isObject(event.arguments)) found.item = { ...found.item, arguments: event.arguments };
    Object.assign(found, { arguments: argumentsText(event.arguments) || found.arguments, isDone: true });
  }

  /** Adds text to the item of the event. Returns false if the text is a commentary, which is not part of the answer. */
  addText(event: JsonObject, text: string): boolean {
    const found = this.#find(event);
    if (found) found.text += text;
    return !isCommentary(found?.item);
  }

  /** The text of the item so far. */
  textOf(event: JsonObject): string | undefined {
    return this.#find(event)?.text;
  }

  /** The items in their order. @throws AgentError if a call of a complete answer has not ended. */
  list(isTruncated: boolean): JsonObject[] {
    return [...this.#items.values()].map(({ item, arguments: text, isDone }) => {
      if (!isCall(item)) return item;
      if (!isDone && !isTruncated) throw brokenAnswerError('unfinished_call');
      return withArguments(item, text);
    });
  }

  /** The call that the arguments belong to. @throws TypeError if the event does not tell. */
  #callOf(event: JsonObject): StreamedItem {
    const open = [...this.#items.values()].filter(({ item, isDone }) => isCall(item) && !isDone);
    const found = this.#find(event) ?? (open.length === 1 ? open[0] : undefined);
    if (found) return found;
    throw new TypeError('The provider returned arguments of an unknown tool call.');
  }

  #find({ output_index: index, item_id: id }: JsonObject): StreamedItem | undefined {
    return (
      this.#items.get(isNumber(index) ? index : this.#placeOfId.get(id)) ?? this.#items.get(this.#placeOfId.get(id))
    );
  }
}

/** The items of the last event, with what only the stream has said of them. */
export function completedItems(output: readonly JsonObject[], streamed: readonly JsonObject[]): readonly JsonObject[] {
  if (output.length === 0) return streamed;
  const calls = streamed.filter(isCall);
  if (!output.some(isCall)) return [...output, ...calls];
  const remaining = [...calls];
  return output.map((item) => {
    if (!isCall(item)) return item;
    const same = remaining.shift();
    return same ? withArguments(item, same.arguments) : item;
  });
}

/** The call, with these arguments if it has none. */
function withArguments(call: JsonObject, text: unknown): JsonObject {
  return argumentsText(call.arguments) === '' ? { ...call, arguments: text } : call;
}

export function isCall({ type }: JsonObject): boolean {
  return type === 'function_call';
}

/** A message on the way to the answer: a plan, for example. */
export function isCommentary(item: JsonObject | undefined): boolean {
  const { type, phase } = fieldsOf(item);
  return type === 'message' && phase === 'commentary';
}
