import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelToolCall } from '../language.model.js';
import { argumentsText, fieldsOf, requireString } from './provider.answer.js';

/** Fields of a call that providers expect back with it. */
const RETURNED = new Set(['extra_content', 'thought_signature', 'provider_specific_fields']);

interface Assembled {
  readonly index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  /** The data that the provider expects back with the call. */
  returned: JsonObject;
}

/**
 * Puts tool calls together from their pieces. Providers number the pieces differently: some give all calls the same
 * index, or none; some repeat the name with each piece, or leave out the ids.
 */
export class ChatToolCalls {
  readonly #calls: Assembled[] = [];

  /** @throws TypeError if the piece is not a piece of a tool call. */
  add(piece: JsonObject): void {
    if (piece.type !== undefined && piece.type !== null && piece.type !== '' && piece.type !== 'function') return;
    const called = fieldsOf(piece.function);
    const id = isString(piece.id) ? piece.id : '';
    const name = requireString(called.name ?? '');
    const text = argumentsText(called.arguments);
    const call = this.#find({ index: indexOf(piece.index), id, name, text });
    call.id ||= id;
    call.name ||= name;
    call.arguments += text;
    const returned = Object.entries(piece).filter(([field]) => RETURNED.has(field));
    call.returned = { ...call.returned, ...Object.fromEntries(returned) };
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /**
   * The calls in the order of their indexes.
   *
   * @param isCut the answer was cut, so that its last call may lack a name.
   * @throws TypeError if a call of a whole answer has no name.
   */
  list(isCut: boolean): ModelToolCall[] {
    const named = this.#sorted().filter(({ name }) => name !== '');
    if (named.length < this.#calls.length && !isCut) {
      throw new TypeError('The provider returned a tool call without a name.');
    }
    return named.map(({ id: callId, name, arguments: text }) => ({ callId, name, arguments: text }));
  }

  /** The data that the provider expects back with each call, in the order of `list`. */
  returned(): JsonObject[] {
    return this.#sorted().flatMap(({ name, returned }) => (name === '' ? [] : [returned]));
  }

  #find(piece: { index: number | undefined; id: string; name: string; text: string }): Assembled {
    const { index, id } = piece;
    const existing =
      index === undefined
        ? (this.#calls.find((call) => id !== '' && call.id === id) ??
          (piece.name === '' ? this.#calls.at(-1) : undefined))
        : this.#calls.findLast((call) => call.index === index);
    if (existing && !isAnother(existing, piece)) return existing;
    const call = { index, id: '', name: '', arguments: '', returned: {} };
    this.#calls.push(call);
    return call;
  }

  #sorted(): readonly Assembled[] {
    return this.#calls.toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
  }
}

/** Whether a piece that names a call begins another one than the call with its index. */
function isAnother(call: Assembled, { id, name, text }: { id: string; name: string; text: string }): boolean {
  if (name === '' || call.name === '') return false;
  if (id !== '' && call.id !== '') return id !== call.id;
  return text !== '' && isObject(tryParseJson(call.arguments));
}

function indexOf(index: unknown): number | undefined {
  const number = isString(index) && index !== '' ? Number(index) : index;
  return Number.isSafeInteger(number) ? Number(number) : undefined;
}
