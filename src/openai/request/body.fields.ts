import { sizeFaultOf } from '../../http/validation/request.faults.js';
import { isObject, type JsonObject } from '../../json/json.object.js';
import { isStorable } from '../../json/storable.text.js';
import { OpenAIRefusal } from '../openai.error.js';

/** Reads the fields of an object in a request. Null counts as absent, because clients send it. */
export class BodyFields {
  private constructor(
    readonly object: JsonObject,
    private readonly path: string,
  ) {}

  /** Reads a whole body. @throws OpenAIRefusal if it is not an object, or too deep for the code that reads it. */
  static ofBody(body: unknown): BodyFields {
    const fault = isObject(body) ? sizeFaultOf(body) : undefined;
    if (fault !== undefined) throw invalid(null, `${fault}.`);
    return BodyFields.of(body);
  }

  /** @throws OpenAIRefusal if the value is not an object. */
  static of(value: unknown, path = ''): BodyFields {
    if (!isObject(value)) throw invalid(path === '' ? null : path, `${path || 'The body'} must be an object.`);
    return new BodyFields(value, path);
  }

  /** The name of a field in errors. */
  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** The value; undefined if it is absent. */
  value(name: string): unknown {
    return this.object[name] ?? undefined;
  }

  text(name: string, maxLength: number): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.#invalid(name, 'must be a string.');
    if (value.length > maxLength) throw this.#invalid(name, `must have at most ${maxLength} characters.`);
    if (!isStorable(value)) throw this.#invalid(name, 'must not contain NUL or half a surrogate pair.');
    return value;
  }

  /** @throws OpenAIRefusal `missing_required_parameter` too. */
  requiredText(name: string, maxLength: number): string {
    const text = this.text(name, maxLength);
    if (text === undefined || text === '') throw missing(this.pathOf(name));
    return text;
  }

  number(name: string, min: number, max: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      throw this.#invalid(name, `must be a number from ${min} to ${max}.`);
    }
    return value;
  }

  integer(name: string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.number(name, min, max);
    if (value !== undefined && !Number.isInteger(value)) throw this.#invalid(name, 'must be an integer.');
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#invalid(name, 'must be true or false.');
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.#invalid(name, `must be one of ${choices.join(', ')}.`);
    return found;
  }

  list(name: string, maxItems: number): readonly unknown[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const items: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
    if (items === undefined || items.length > maxItems) {
      throw this.#invalid(name, `must be a list of at most ${maxItems} items.`);
    }
    return items;
  }

  /** The objects of a list. */
  objects(name: string, maxItems: number): BodyFields[] {
    const items = this.list(name, maxItems) ?? [];
    return items.map((item, index) => BodyFields.of(item, `${this.pathOf(name)}[${index}]`));
  }

  fields(name: string): BodyFields | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : BodyFields.of(value, this.pathOf(name));
  }

  /** Refuses the value of a field. */
  #invalid(name: string, rule: string): OpenAIRefusal {
    return invalid(this.pathOf(name), `${this.pathOf(name)} ${rule}`);
  }
}

/** The refusal of a value. */
export function invalid(param: string | null, detail: string): OpenAIRefusal {
  return new OpenAIRefusal('invalid_value', param, detail);
}

/** The refusal of a request without a parameter that it needs. */
export function missing(param: string): OpenAIRefusal {
  return new OpenAIRefusal('missing_required_parameter', param, `Missing required parameter: ${param}.`);
}
