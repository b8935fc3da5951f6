import { isObject, isString, type JsonObject } from './json.object.js';
import { nearestName } from './nearest.name.js';

/** The form of a value: a type, one of some words, an object, a list, or an object with any names. */
type Shape = 'text' | 'number' | 'boolean' | 'date' | 'any' | readonly string[] | Fields | List | Named;

/** An object with these fields only. */
export interface Fields {
  readonly fields: Readonly<Record<string, Shape>>;
  /** Values that are not plain objects are allowed: instances of a port, or words. Other rules check them. */
  readonly orOther?: boolean;
}

interface List {
  readonly list: Shape;
  /** A single item may stand for the list. */
  readonly orOne?: boolean;
}

interface Named {
  readonly named: Shape;
}

/** The shapes of all fields of a type. The compiler finds a missing one. */
export type FieldsOf<T> = { readonly [K in keyof Required<T>]: Shape };

/** The path of an invalid option, and the text that follows its name in the message. */
export type BrokenRule = readonly [option: string, rule: string];

/** The faults of the form of options. */
export interface ShapeFaults {
  /** Unknown names, and words that are not among the valid ones. */
  readonly unknown: BrokenRule[];
  /** Values of another type. Other rules cannot read them. */
  readonly mistyped: BrokenRule[];
}

/** The types, as messages name them. */
const TYPES = { text: 'a string', number: 'a number', boolean: 'a boolean', date: 'a Date' } as const;

/**
 * Finds unknown options and values of the wrong type. Values are not printed: they may be secrets.
 *
 * @param misplaced the message for options that are known but belong elsewhere.
 */
export function shapeFaults(
  options: unknown,
  shape: Fields,
  misplaced: ReadonlyMap<string, string> = new Map(),
): ShapeFaults {
  const check = new ShapeCheck(shape, misplaced);
  if (isObject(options)) check.fields(options, shape, '');
  else check.faults.mistyped.push(['', `The options must be an object, not ${typeOf(options)}`]);
  return check.faults;
}

class ShapeCheck {
  readonly faults: ShapeFaults = { unknown: [], mistyped: [] };

  constructor(
    private readonly root: Fields,
    private readonly misplaced: ReadonlyMap<string, string>,
  ) {}

  fields(value: JsonObject, { fields }: Fields, parent: string): void {
    for (const [name, each] of Object.entries(value)) {
      const path = pathOf(parent, name);
      const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (shape === undefined) this.faults.unknown.push([path, this.#unknownRule(name, parent, fields)]);
      else this.#check(each, shape, path);
    }
  }

  #check(value: unknown, shape: Shape, path: string): void {
    if (value === undefined || shape === 'any') return;
    if (typeof shape === 'string') {
      if (typeOf(value) !== TYPES[shape]) this.#mistyped(value, TYPES[shape], path);
    } else if (isWords(shape)) {
      const words = shape.join(', ');
      if (!isString(value)) this.#mistyped(value, `one of ${words}`, path);
      else if (!shape.includes(value)) this.faults.unknown.push([path, ` must be one of ${words}`]);
    } else if ('list' in shape) {
      if (Array.isArray(value)) value.forEach((item, index) => this.#check(item, shape.list, `${path}[${index}]`));
      else if (shape.orOne) this.#check(value, shape.list, path);
      else this.#mistyped(value, 'a list', path);
    } else if (!isObject(value)) {
      if ('named' in shape || !shape.orOther) this.#mistyped(value, 'an object', path);
    } else if ('named' in shape) {
      for (const [name, each] of Object.entries(value)) this.#check(each, shape.named, `${path}.${name}`);
    } else if (!shape.orOther || isPlain(value)) {
      this.fields(value, shape, path);
    }
  }

  #unknownRule(name: string, parent: string, fields: Fields['fields']): string {
    const elsewhere = parent === '' ? this.misplaced.get(name) : undefined;
    if (elsewhere !== undefined) return elsewhere;
    const names = Object.keys(fields);
    const siblings = names.map((each) => pathOf(parent, each));
    const near = nearestName(name, [...siblings, ...pathsOf(this.root, '')]);
    if (near !== undefined) return ` is not an option. Did you mean ${near}?`;
    const known = parent === '' ? '' : ` Known: ${names.join(', ')}.`;
    return ` is not an option.${known}`;
  }

  #mistyped(value: unknown, expected: string, path: string): void {
    this.faults.mistyped.push([path, ` must be ${expected}, not ${typeOf(value)}`]);
  }
}

/** The paths of all options, without those of items. */
function* pathsOf({ fields }: Fields, parent: string): Iterable<string> {
  for (const [name, shape] of Object.entries(fields)) {
    const path = pathOf(parent, name);
    yield path;
    if (typeof shape === 'object' && 'fields' in shape) yield* pathsOf(shape, path);
  }
}

function pathOf(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Date) return 'a Date';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isWords(shape: Shape): shape is readonly string[] {
  return Array.isArray(shape);
}

/** False for instances of ports, also for models of the AI SDK, which have their own rule. */
function isPlain(value: JsonObject): boolean {
  const prototype: unknown = Reflect.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !isString(value['specificationVersion']);
}
