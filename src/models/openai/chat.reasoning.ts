import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import type { AnswerReasoning } from './answer.reader.js';
import { fieldsOf, requireString } from './provider.answer.js';

/** Fields of a message with its reasoning. Providers expect them back with it if it has tool calls. */
const TEXTS = ['reasoning_content', 'reasoning'] as const;
const LISTS = ['reasoning_details', 'thinking_blocks'] as const;
/** Fields of a thought that arrive in pieces. */
const GROWING = new Set(['text', 'summary', 'data', 'thinking']);
/** Parts of the content of a message that are reasoning. */
const THINKING = new Set(['thinking', 'reasoning', 'reasoning_text']);

/** The fields of one part of the reasoning. */
interface OpenPart {
  readonly texts: Partial<Record<string, string>>;
  readonly lists: Partial<Record<string, JsonObject[]>>;
  /** The text within the content of messages. */
  within: string;
}

/** Collects the reasoning of a chat message. The answer, or a part of it, ends a part of the reasoning. */
export class ChatReasoning {
  /** The parts that have ended. */
  readonly parts: AnswerReasoning[] = [];
  readonly #ended: OpenPart[] = [];
  #open: OpenPart | undefined;

  /** The text so far of the first part; empty once it has ended. */
  get thinking(): string {
    return this.#open === undefined || this.#ended.length > 0 ? '' : textOf(this.#open);
  }

  /** Adds the reasoning in a message, or in a piece of one. @throws TypeError if its text is not a text. */
  add(message: JsonObject): void {
    for (const field of TEXTS) {
      const text = message[field];
      if (text === undefined || text === null || text === '') continue;
      const { texts } = this.#part();
      texts[field] = (texts[field] ?? '') + requireString(text);
    }
    for (const field of LISTS) {
      const list: unknown = message[field];
      if (!Array.isArray(list) || list.length === 0) continue;
      const { lists } = this.#part();
      for (const piece of list) addPiece((lists[field] ??= []), fieldsOf(piece));
    }
    if (!Array.isArray(message.content)) return;
    const within = message.content.map(thinkingOf).join('');
    if (within !== '') this.#part().within += within;
  }

  /** Leaves out of a whole message what its pieces have said. */
  withoutKnown(message: JsonObject): JsonObject {
    const known = this.returned();
    const rest = Object.entries(message).filter(([name]) => known[name] === undefined);
    const texts = TEXTS.flatMap((field): [string, unknown][] => {
      const [text, before] = [message[field], known[field]];
      return isString(text) && isString(before) && text.startsWith(before) ? [[field, text.slice(before.length)]] : [];
    });
    return Object.fromEntries([...rest, ...texts]);
  }

  /** Ends the part that has begun. */
  end(): void {
    if (this.#open === undefined) return;
    const { texts, lists } = this.#open;
    const text = textOf(this.#open);
    this.#ended.push(this.#open);
    this.#open = undefined;
    const fields = Object.keys(texts);
    const returned = fields.length > 0 || Object.keys(lists).length > 0 ? { texts: fields, lists } : undefined;
    if (text !== '' || returned !== undefined) this.parts.push({ text, returned });
  }

  /** The fields of the whole message that its provider expects back. */
  returned(): JsonObject {
    const parts = this.#open ? [...this.#ended, this.#open] : this.#ended;
    return joined(parts.flatMap(({ texts, lists }) => [texts, lists]));
  }

  #part(): OpenPart {
    return (this.#open ??= { texts: {}, lists: {}, within: '' });
  }
}

/** The fields of a message whose reasoning a client has kept. */
export function returnedFields(parts: readonly JsonObject[]): JsonObject {
  return joined(
    parts.map(({ texts, lists, text }) => {
      const names = Array.isArray(texts) && isString(text) && text !== '' ? texts.filter(isString) : [];
      return { ...Object.fromEntries(names.map((name) => [name, text])), ...fieldsOf(lists) };
    }),
  );
}

function joined(parts: readonly JsonObject[]): JsonObject {
  const fields: Record<string, string | JsonObject[]> = {};
  for (const part of parts) {
    for (const field of TEXTS) {
      const [text, before = ''] = [part[field], fields[field]];
      if (isString(text) && isString(before)) fields[field] = before + text;
    }
    for (const field of LISTS) {
      const [list, before = []] = [part[field], fields[field]];
      if (!Array.isArray(list) || isString(before)) continue;
      for (const piece of list) addPiece(before, fieldsOf(piece));
      fields[field] = before;
    }
  }
  return fields;
}

/** Adds a piece of a thought to the thought that it continues. */
function addPiece(thoughts: JsonObject[], piece: JsonObject): void {
  const last = thoughts.at(-1);
  if (last === undefined || last.type !== piece.type || last.index !== piece.index) {
    thoughts.push(piece);
    return;
  }
  const fields = Object.entries(piece).map(([name, value]): [string, unknown] => {
    const before = last[name];
    return [name, GROWING.has(name) && isString(before) && isString(value) ? before + value : (value ?? before)];
  });
  thoughts[thoughts.length - 1] = { ...last, ...Object.fromEntries(fields) };
}

function textOf({ texts, lists, within }: OpenPart): string {
  return texts.reasoning_content ?? texts.reasoning ?? (within || textIn(lists));
}

function textIn(lists: OpenPart['lists']): string {
  const thoughts = LISTS.flatMap((field) => lists[field] ?? []);
  return thoughts.map(({ text, summary, thinking }) => [text, summary, thinking].find(isString) ?? '').join('');
}

/** The reasoning in a part of the content of a message; empty without any. */
function thinkingOf(part: unknown): string {
  if (!isObject(part) || !isString(part.type) || !THINKING.has(part.type)) return '';
  const given = part.thinking ?? part.text ?? part.reasoning;
  if (isString(given)) return given;
  const pieces = Array.isArray(given) ? given.map((piece) => fieldsOf(piece).text) : [];
  return pieces.filter(isString).join('');
}
