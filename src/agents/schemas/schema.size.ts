/**
 * Characters of a schema, both as sent and with each $ref replaced by its target. A request body is not longer, and the
 * cache of compiled schemas stores no longer text.
 */
export const MAX_CHARACTERS = 256 * 1024;
/** Nested objects and lists, including references: the walk must fit on the stack. */
const MAX_LEVELS = 1000;
/** Quotes, colon and comma of a property. */
const PUNCTUATION = 4;

/** The fault of a schema whose JSON is too long; undefined if it is not. */
export function lengthFault(text: string): string | undefined {
  if (text.length <= MAX_CHARACTERS) return undefined;
  return `output_schema is too large: it has more than ${MAX_CHARACTERS} characters. Use fewer or smaller parts.`;
}

/**
 * The fault of a schema that is too large; undefined if it is not. Visits each object once, so the time is linear in
 * the schema's length, even with repeated references.
 */
export function sizeFault(schema: unknown): string | undefined {
  if (!isObject(schema) || new SizeWalk(schema).characters() <= MAX_CHARACTERS) return undefined;
  return (
    `output_schema is too large: with each $ref replaced by its target it has more than ${MAX_CHARACTERS} characters ` +
    `or ${MAX_LEVELS} levels. Use fewer or smaller definitions.`
  );
}

type Members = Readonly<Record<string, unknown>>;

class SizeWalk {
  readonly #sizes = new Map<object, number>();
  /** Objects between the root and the current one: a reference back to one of them cannot be inlined. */
  readonly #path = new Set<object>();
  readonly #root: Members;

  constructor(root: Members) {
    this.#root = root;
  }

  /** Counts a definition at each reference to it. */
  characters(): number {
    const { $defs: _, definitions: __, ...own } = this.#root;
    this.#path.add(this.#root);
    return this.#sum(own);
  }

  #of(value: unknown): number {
    if (!isObject(value)) return JSON.stringify(value).length;
    if (this.#path.has(value)) return 0;
    const size = this.#sizes.get(value);
    if (size !== undefined) return size;
    if (this.#path.size >= MAX_LEVELS) return Infinity;
    this.#path.add(value);
    const characters = this.#sum(value);
    this.#path.delete(value);
    this.#sizes.set(value, characters);
    return characters;
  }

  #sum(object: Members): number {
    let characters = 0;
    for (const [name, child] of Object.entries(object)) {
      characters += name.length + PUNCTUATION + this.#of(child);
      if (name === '$ref' && typeof child === 'string') characters += this.#of(this.#target(child));
    }
    return characters;
  }

  /** The target of a reference such as `#/$defs/Name`; null if it does not exist. */
  #target(reference: string): unknown {
    if (!reference.startsWith('#')) return null;
    let target: unknown = this.#root;
    for (const part of reference.split('/').slice(1)) {
      const name = nameOf(part);
      if (!isObject(target) || !Object.hasOwn(target, name)) return null;
      target = target[name];
    }
    return target;
  }
}

/** Decodes one part of a JSON pointer in a URI. */
function nameOf(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
