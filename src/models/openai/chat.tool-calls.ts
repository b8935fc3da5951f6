import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelToolCall } from '../language.model.js';
import { mayBeRounded } from '../tool.arguments.js';
import { argumentsText, fieldsOf, requireString } from './provider.answer.js';

/** Fields of a call that providers expect back with it. */
const RETURNED = new Set(['extra_content', 'thought_signature', 'provider_specific_fields']);

/** Some providers send it before the arguments. */
const NO_ARGUMENTS = '{}';

interface Assembled {
  readonly index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  isInexact: boolean;
  /** The data that the provider expects back with the call. */
  returned: JsonObject;
}

/**
 * Puts tool calls together from their pieces. Providers number the pieces differently: some give all calls the same
 * index, or none; some repeat the name with each piece, or leave out the ids.
 */
export class ChatToolCalls {
  readonly #calls: Assembled[] = [];

  /**
   * @param isWhole the piece is a whole call.
   * @throws TypeError if the piece is not a piece of a tool call.
   */
  add(piece: JsonObject, isWhole: boolean): void {
    // A call that nobody makes would look like an answer without calls.
    if (!isObject(piece.function) && isString(piece.type) && piece.type !== '' && piece.type !== 'function') {
      throw new TypeError('The provider returned a tool call of an unknown type.');
    }
    const called = fieldsOf(piece.function);
    const id = isString(piece.id) ? piece.id : '';
    const name = requireString(called.name ?? '');
    const text = argumentsText(called.arguments);
    const index = indexOf(piece.index);
    const existing = isWhole ? undefined : this.#find(index, id);
    const relation = existing ? relationOf(existing, { id, name, text }) : 'another';
    if (relation === 'repeated') return;
    const call = existing && relation === 'continued' ? existing : this.#begin(index);
    call.id ||= id;
    call.name ||= name;
    call.arguments = call.arguments === NO_ARGUMENTS && text.startsWith('{') ? text : call.arguments + text;
    call.isInexact ||= isObject(called.arguments) && mayBeRounded(text);
    const returned = Object.entries(piece).filter(([field, value]) => RETURNED.has(field) && value !== null);
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
    return named.map(toCall);
  }

  /** The data that the provider expects back with each call, in the order of `list`. */
  returned(): JsonObject[] {
    return this.#sorted().flatMap(({ name, returned }) => (name === '' ? [] : [returned]));
  }

  /** The call that a piece may continue. */
  #find(index: number | undefined, id: string): Assembled | undefined {
    if (index !== undefined) return this.#calls.findLast((call) => call.index === index);
    return this.#calls.findLast((call) => id !== '' && call.id === id) ?? this.#calls.at(-1);
  }

  #begin(index: number | undefined): Assembled {
    const call = { index, id: '', name: '', arguments: '', isInexact: false, returned: {} };
    this.#calls.push(call);
    return call;
  }

  #sorted(): readonly Assembled[] {
    return this.#calls.toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
  }
}

function toCall({ id: callId, name, arguments: text, isInexact }: Assembled): ModelToolCall {
  return { callId, name, arguments: text, ...(isInexact && { isInexact }) };
}

interface Piece {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Whether a piece continues a call, begins another one, or repeats the whole call. */
function relationOf(call: Assembled, { id, name, text }: Piece): 'continued' | 'another' | 'repeated' {
  if (name === '' || call.name === '') return 'continued';
  if (name !== call.name || (id !== '' && call.id !== '' && id !== call.id)) return 'another';
  if (id !== '' && id === call.id && call.arguments === NO_ARGUMENTS) return 'continued';
  const isComplete = text.trimStart().startsWith('{') && isObject(tryParseJson(call.arguments));
  if (!isComplete) return 'continued';
  return text === call.arguments ? 'repeated' : 'another';
}

function indexOf(index: unknown): number | undefined {
  const number = isString(index) && index !== '' ? Number(index) : index;
  return Number.isSafeInteger(number) ? Number(number) : undefined;
}
