import { isObject } from '../../json/json.object.js';
const LABEL = '[offline model]';
const MAX_DEPTH = 10;
/** A schema may ask for more than fits into memory. */
const MAX_CHARACTERS = 64 * 1024;
/** Characters of the shortest value and a comma. */
const MIN_VALUE = 5;

/**
 * A sample value of a schema: the structured answer of the offline model. It may violate rules such as patterns. Values
 * beyond about 64 KiB are null.
 */
export function sampleValue(schema: unknown): unknown {
  return new SampleBuilder().of(schema, 0);
}

class SampleBuilder {
  #left = MAX_CHARACTERS;

  of(schema: unknown, depth: number): unknown {
    this.#left -= MIN_VALUE;
    if (!isObject(schema) || depth > MAX_DEPTH || this.#left < 0) return null;
    const { enum: values, const: constant, anyOf, type, properties, items, minItems, minimum } = schema;
    if (constant !== undefined) return this.#leaf(constant);
    if (Array.isArray(values)) return this.#leaf(values[0]);
    if (Array.isArray(anyOf)) return this.of(anyOf[0], depth + 1);
    const inner = (child: unknown): unknown => this.of(child, depth + 1);
    switch (Array.isArray(type) ? type[0] : type) {
      case 'object':
        return this.#object(isObject(properties) ? properties : {}, inner);
      case 'array':
        return Array.from({ length: this.#lengthOf(minItems) }, () => inner(items));
      case 'string':
        return this.#leaf(LABEL);
      case 'integer':
      case 'number':
        return typeof minimum === 'number' ? minimum : 0;
      case 'boolean':
        return false;
      default:
        return null;
    }
  }

  #object(properties: Readonly<Record<string, unknown>>, inner: (child: unknown) => unknown): object {
    const entries = Object.entries(properties).map(([name, child]): [string, unknown] => {
      this.#left -= name.length;
      return [name, inner(child)];
    });
    return Object.fromEntries(entries);
  }

  #leaf(value: unknown): unknown {
    this.#left -= JSON.stringify(value).length;
    return value;
  }

  #lengthOf(minItems: unknown): number {
    const most = Math.max(0, Math.floor(this.#left / MIN_VALUE));
    return typeof minItems === 'number' ? Math.min(minItems, most) : 0;
  }
}
