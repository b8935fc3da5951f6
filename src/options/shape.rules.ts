import { isObject, isString, type JsonObject } from '../json/json.object.js';
import { nearestName } from './nearest.name.js';
import type { BrokenRule } from './option.fault.js';
import { type Fields, OPTION_SHAPES, type Shape } from './option.shapes.js';

/** Options that `AgentModule` needs at the import, before a factory runs. */
const AT_IMPORT = new Set(['http', 'admin', 'webSocket', 'rpc']);

/** The types, as messages name them. */
const TYPES = { text: 'a string', number: 'a number', boolean: 'a boolean', date: 'a Date' } as const;

/** The faults of the form of the options. */
export interface ShapeFaults {
  /** Unknown names, and words that are not among the valid ones. */
  readonly unknown: BrokenRule[];
  /** Values of another type. Other rules cannot read them. */
  readonly mistyped: BrokenRule[];
}

/** Finds unknown options and values of the wrong type. Values are not printed: they may be secrets. */
export function shapeFaults(options: unknown): ShapeFaults {
  const faults: ShapeFaults = { unknown: [], mistyped: [] };
  if (isObject(options)) checkFields(options, OPTION_SHAPES, '', faults);
  else faults.mistyped.push(['', `The options must be an object, not ${typeOf(options)}`]);
  return faults;
}

function check(value: unknown, shape: Shape, path: string, faults: ShapeFaults): void {
  if (value === undefined || shape === 'any') return;
  if (typeof shape === 'string') {
    if (typeOf(value) !== TYPES[shape]) mistyped(value, TYPES[shape], path, faults);
  } else if (isWords(shape)) {
    const words = shape.join(', ');
    if (!isString(value)) mistyped(value, `one of ${words}`, path, faults);
    else if (!shape.includes(value)) faults.unknown.push([path, ` must be one of ${words}`]);
  } else if ('list' in shape) {
    if (Array.isArray(value)) value.forEach((item, index) => check(item, shape.list, `${path}[${index}]`, faults));
    else if (shape.orOne) check(value, shape.list, path, faults);
    else mistyped(value, 'a list', path, faults);
  } else if (!isObject(value)) {
    if ('named' in shape || !shape.orOther) mistyped(value, 'an object', path, faults);
  } else if ('named' in shape) {
    for (const [name, each] of Object.entries(value)) check(each, shape.named, `${path}.${name}`, faults);
  } else if (!shape.orOther || isPlain(value)) {
    checkFields(value, shape, path, faults);
  }
}

function checkFields(value: JsonObject, { fields }: Fields, parent: string, faults: ShapeFaults): void {
  for (const [name, each] of Object.entries(value)) {
    const path = pathOf(parent, name);
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (shape === undefined) faults.unknown.push([path, unknownRule(name, parent, fields)]);
    else check(each, shape, path, faults);
  }
}

function unknownRule(name: string, parent: string, fields: Fields['fields']): string {
  if (parent === '' && AT_IMPORT.has(name)) {
    return ' must stand beside useFactory of forRootAsync, because it is fixed at the import';
  }
  const names = Object.keys(fields);
  const siblings = names.map((each) => pathOf(parent, each));
  const near = nearestName(name, [...siblings, ...pathsOf(OPTION_SHAPES, '')]);
  if (near !== undefined) return ` is not an option. Did you mean ${near}?`;
  const known = parent === '' ? '' : ` Known: ${names.join(', ')}.`;
  return ` is not an option.${known}`;
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

function mistyped(value: unknown, expected: string, path: string, faults: ShapeFaults): void {
  faults.mistyped.push([path, ` must be ${expected}, not ${typeOf(value)}`]);
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
