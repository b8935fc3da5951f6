import { isObject, isString, type JsonObject } from '../../json/json.object.js';

/** The references of a schema to parts of itself. */
export class SchemaReferences {
  readonly #direct = new Map<string, ReadonlySet<string>>();

  constructor(private readonly root: JsonObject) {}

  /** The subschema, which is not itself only a reference. @throws Error if it does not exist. */
  target(reference: string): unknown {
    const seen = new Set<string>();
    let found: unknown = { $ref: reference };
    while (isObject(found) && isString(found.$ref) && Object.keys(found).length === 1) {
      if (seen.has(found.$ref)) throw new Error(`its schema refers to ${reference}, which refers only to itself`);
      seen.add(found.$ref);
      found = this.#find(found.$ref);
    }
    return found;
  }

  /** Whether the subschema contains itself. */
  isRecursive(reference: string): boolean {
    const reached = new Set(this.#referencesOf(reference));
    // The set grows during the loop.
    for (const each of reached) this.#referencesOf(each).forEach((next) => reached.add(next));
    return reference === '#' || reached.has(reference);
  }

  #referencesOf(reference: string): ReadonlySet<string> {
    const known = this.#direct.get(reference);
    if (known) return known;
    const found = referencesIn(this.#find(reference));
    this.#direct.set(reference, found);
    return found;
  }

  #find(reference: string): unknown {
    const [head, ...segments] = reference.split('/').map(decoded);
    let found: unknown = head === '#' ? this.root : undefined;
    for (const segment of segments) {
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, segment)) found = undefined;
      else found = Reflect.get(found, segment);
    }
    if (found !== undefined) return found;
    throw new Error(`its schema refers to ${reference.slice(0, 100)}, which does not exist`);
  }
}

function referencesIn(value: unknown): Set<string> {
  const found = new Set<string>();
  JSON.stringify(value, (keyword, child: unknown) => {
    if (keyword === '$ref' && isString(child)) found.add(child);
    return child;
  });
  return found;
}

/** A segment of a JSON pointer. */
function decoded(segment: string): string {
  const text = /%(?![0-9A-Fa-f]{2})/.test(segment) ? segment : decodeURIComponent(segment);
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
