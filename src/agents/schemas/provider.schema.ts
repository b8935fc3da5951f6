import { isObject, type JsonObject } from '../../json/json.object.js';
import { type JsonSchema, merged, nameOf, uniteObjects } from './json.schema.js';
import { cleanKeywords } from './provider.keywords.js';
import { SchemaReferences } from './schema.references.js';
import { completeTypes, splitTypes } from './schema.types.js';

const MAX_DEPTH = 64;
/** Steps to rewrite a schema with references inlined. A larger schema keeps its references. */
const MAX_INLINING_STEPS = 4000;
const MAX_STEPS = 20_000;
const INVALID_NAME = /[^A-Za-z0-9_.-]/g;

/** A schema exceeds its limit with references inlined. */
class TooLarge extends Error {}

/**
 * The schema as one object, in the part of JSON Schema that all providers accept. It accepts the same values if that
 * part can express it, else more: the validator enforces the rest. A schema that only implies its type gets that type.
 * Alternatives at the top become one object, see `uniteObjects`. References are inlined unless they are recursive.
 *
 * @example
 * providerSchema({ type: 'object', anyOf: [{ properties: { a: { type: 'string' } } }, { required: ['b'] }] });
 * // { type: 'object', properties: { a: { anyOf: [{ type: 'string' }, {}] } }, additionalProperties: true }
 *
 * @throws Error if it does not describe an object, a reference has no target, or it is too large.
 */
export function providerSchema(schema: JsonObject, maxDescriptionChars = Infinity): JsonSchema {
  try {
    return new SchemaRewriter(schema, maxDescriptionChars, true).rewrite();
  } catch (failure) {
    if (!(failure instanceof TooLarge)) throw failure;
    return new SchemaRewriter(schema, maxDescriptionChars, false).rewrite();
  }
}

class SchemaRewriter {
  readonly #references: SchemaReferences;
  /** The names of definitions that are kept, by reference. */
  readonly #names = new Map<string, string>();
  #steps = 0;

  constructor(
    private readonly root: JsonObject,
    private readonly maxDescriptionChars: number,
    private readonly isInlining: boolean,
  ) {
    this.#references = new SchemaReferences(root);
  }

  rewrite(): JsonSchema {
    const object = this.#object(this.root, 0);
    if (object === undefined) throw new Error('its schema must describe an object');
    const schema = this.#form(object, 0);
    const definitions: [string, JsonSchema][] = [];
    // The map grows during the loop: a definition may refer to others.
    for (const [reference, name] of this.#names) {
      definitions.push([name, this.#form(this.#references.target(reference), 0)]);
    }
    return definitions.length === 0 ? schema : { ...schema, $defs: Object.fromEntries(definitions) };
  }

  /**
   * One object with the properties of all parts and alternatives: providers accept nothing else at the top. Its
   * subschemas are unchanged. Undefined if the schema accepts no object.
   */
  #object(value: unknown, depth: number): JsonSchema | undefined {
    if (isNothing(value)) return undefined;
    const { type = 'object', anyOf, oneOf, allOf = [], then, else: otherwise, ...rest } = this.#followed(value, depth);
    if (![type].flat().includes('object')) return undefined;
    const { enum: _, const: __, nullable: ___, ...own } = rest;
    const conditional = (then ?? otherwise) === undefined ? undefined : [then ?? {}, otherwise ?? {}];
    const parts = allOf.map((part) => this.#object(part, depth + 1));
    for (const alternatives of [anyOf, oneOf, conditional]) {
      if (alternatives) parts.push(this.#union(alternatives, depth + 1));
    }
    return parts.reduce(intersection, { ...own, type: 'object' });
  }

  #union(alternatives: readonly unknown[], depth: number): JsonSchema | undefined {
    const objects = alternatives.map((each) => this.#object(each, depth)).filter((each) => each !== undefined);
    return objects.length === 0 ? undefined : uniteObjects(objects, mayHaveMore);
  }

  /** The schema with all its subschemas rewritten. */
  #form(value: unknown, depth: number): JsonSchema {
    const { $ref, ...schema } = this.#composed(value, depth);
    if ($ref !== undefined) return { $ref: this.#kept($ref) };
    return splitTypes(completeTypes(this.#withChildren(schema, depth + 1)));
  }

  /** The schema with its parts merged if possible. */
  #composed(value: unknown, depth: number): JsonSchema {
    const keeps = (reference: string): boolean => !this.isInlining || this.#references.isRecursive(reference);
    const { allOf = [], oneOf, then: _, else: __, const: constant, ...rest } = this.#followed(value, depth, keeps);
    const own = constant === undefined ? rest : { ...rest, enum: [constant] };
    const parts = [...(oneOf ? [{ anyOf: oneOf }] : []), ...allOf.map((part) => this.#composed(part, depth + 1))];
    const isMergeable = parts.every(({ $ref }: JsonSchema) => $ref === undefined);
    const whole = isMergeable
      ? parts.reduce<JsonSchema | undefined>((sum, part) => sum && merged(sum, part), own)
      : undefined;
    return whole ?? { ...own, allOf: parts };
  }

  #withChildren(schema: JsonSchema, depth: number): JsonSchema {
    const { properties, patternProperties, anyOf, allOf, propertyNames, additionalProperties, ...rest } = schema;
    const form = (child: unknown): JsonSchema => this.#form(child, depth);
    const formAll = (children: object): Record<string, JsonSchema> =>
      Object.fromEntries(Object.entries(children).map(([name, child]) => [name, form(child)]));
    const alternatives = anyOf?.filter((each) => !isNothing(each)) ?? [];
    return {
      ...withItems(rest, form),
      ...((properties ?? rest.required) ? { properties: formAll(possible(properties, rest.required)) } : {}),
      ...(patternProperties ? { patternProperties: formAll(patternProperties) } : {}),
      ...(isObject(propertyNames) ? { propertyNames: form(propertyNames) } : {}),
      ...(additionalProperties === undefined
        ? {}
        : { additionalProperties: isObject(additionalProperties) ? form(additionalProperties) : additionalProperties }),
      ...(alternatives.length > 0 ? { anyOf: alternatives.map(form) } : {}),
      ...(allOf ? { allOf: allOf.map(form) } : {}),
    };
  }

  /** The schema without unusable keywords, with the target in place of each reference at its top that is not kept. */
  #followed(value: unknown, depth: number, keeps = (_reference: string): boolean => false): JsonSchema {
    this.#steps++;
    if (this.isInlining && this.#steps > MAX_INLINING_STEPS) throw new TooLarge();
    if (this.#steps > MAX_STEPS) throw new Error('its schema is too large');
    if (depth > MAX_DEPTH) throw new Error(`its schema is nested deeper than ${MAX_DEPTH} levels`);
    if (typeof value === 'boolean') return {};
    if (!isObject(value)) throw new Error('its schema is not a JSON Schema');
    const { $ref, ...own } = cleanKeywords(value, this.maxDescriptionChars);
    if ($ref === undefined) return own;
    const { title: _, description: __, default: ___, examples: ____, ...rules } = own;
    const isAnnotated = Object.keys(rules).length === 0;
    if (keeps($ref)) return isAnnotated ? { $ref } : { allOf: [{ $ref }, own] };
    const target = this.#followed(this.#references.target($ref), depth + 1, keeps);
    return isAnnotated ? { ...target, ...own } : { allOf: [target, own] };
  }

  /** The reference to a definition that is kept. */
  #kept(reference: string): string {
    if (reference === '#') return reference;
    const known = this.#names.get(reference);
    if (known !== undefined) return `#/$defs/${known}`;
    const base = nameOf(reference).replace(INVALID_NAME, '_');
    const isTaken = [...this.#names.values()].includes(base);
    const name = isTaken ? `${base}_${this.#names.size}` : base;
    this.#names.set(reference, name);
    return `#/$defs/${name}`;
  }
}

/** An object that both accept. If one schema cannot express it, it accepts more. */
function intersection(one: JsonSchema | undefined, other: JsonSchema | undefined): JsonSchema | undefined {
  return one && other && (merged(one, other) ?? merged(outline(one), outline(other)));
}

/** Whether an object may have properties that it does not name. JSON Schema allows them by default. */
function mayHaveMore({ additionalProperties, patternProperties }: JsonSchema): boolean {
  return additionalProperties !== false || patternProperties !== undefined;
}

/** A wider object, of keywords that can always be merged. Without its patterns it must not be closed. */
function outline(object: JsonSchema): JsonSchema {
  const { type = 'object', description, properties, required, patternProperties, additionalProperties } = object;
  const further = patternProperties === undefined ? { additionalProperties } : {};
  const parts = { type, description, properties, required, ...further };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** The properties that a value can have, and those that it must have. */
function possible(properties: JsonSchema['properties'] = {}, required: readonly string[] = []): object {
  const unnamed = required.filter((name) => !Object.hasOwn(properties, name));
  const named = Object.entries(properties).filter(([, child]) => !isNothing(child));
  return Object.fromEntries([...named, ...unnamed.map((name): [string, JsonSchema] => [name, {}])]);
}

/** OpenAI requires `items` of a tuple. They describe further items, which a closed tuple cannot have. */
function withItems({ items, prefixItems, ...own }: JsonSchema, form: (child: unknown) => JsonSchema): JsonSchema {
  const first = prefixItems?.map(form);
  if (items !== undefined && !isNothing(items))
    return { ...own, ...(first ? { prefixItems: first } : {}), items: form(items) };
  const closed = items === undefined ? {} : { maxItems: first?.length ?? 0 };
  const further = items === undefined ? [{}] : [];
  if (first) return { ...closed, ...own, prefixItems: first, items: { anyOf: [...first, ...further] } };
  return items === undefined ? own : { ...own, ...closed, items: {} };
}

/** Whether the schema accepts no value. */
function isNothing(value: unknown): boolean {
  return value === false || (isObject(value) && isObject(value.not) && Object.keys(value.not).length === 0);
}
