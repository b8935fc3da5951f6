import { isObject } from '../../json/json.object.ts';
import { acceptsNull, type Definitions, isOpen, type JsonSchema, merged, resolved } from './json.schema.ts';

/**
 * Removes the nulls that strict mode makes a model send for values that it leaves out. These are nulls of properties
 * that are optional or unknown, and not nullable. Other nulls stay.
 */
export function stripOptionalNulls(value: unknown, schema: JsonSchema, definitions: Definitions): unknown {
  const branch = branchFor(value, schema, definitions);
  if (Array.isArray(value)) {
    return value.map((item, index) => stripOptionalNulls(item, itemOf(branch, index), definitions));
  }
  if (!isObject(value)) return value;
  const { properties = {}, required = [], additionalProperties } = branch;
  const further = typeof additionalProperties === 'object' ? additionalProperties : isOpen(branch) ? {} : undefined;
  const kept = Object.entries(value).flatMap(([name, child]): [string, unknown][] => {
    const own = Object.hasOwn(properties, name) ? properties[name] : further;
    const isFiller = child === null && !required.includes(name) && !(own && acceptsNull(own, definitions));
    return isFiller ? [] : [[name, stripOptionalNulls(child, own ?? {}, definitions)]];
  });
  return Object.fromEntries(kept);
}

/** The schema merged with the alternative that the value matches, or with the first one if none matches. */
function branchFor(value: unknown, schema: JsonSchema, definitions: Definitions): JsonSchema {
  const { anyOf = [], allOf = [], ...own } = resolved(schema, definitions);
  const chosen = anyOf.find((branch) => fits(value, branch, definitions)) ?? anyOf[0];
  const parts = chosen ? [...allOf, chosen] : allOf;
  return parts.map((part) => branchFor(value, part, definitions)).reduce((sum, part) => merged(sum, part) ?? sum, own);
}

/** Whether the value has the structure of the schema, ignoring filler nulls. The validator checks the other rules. */
function fits(value: unknown, schema: JsonSchema, definitions: Definitions): boolean {
  const plain = resolved(schema, definitions);
  const { type, enum: values, anyOf, allOf } = plain;
  const fitsIt = (child: JsonSchema): boolean => fits(value, child, definitions);
  if (anyOf?.some(fitsIt) === false || allOf?.every(fitsIt) === false) return false;
  if (values && !values.includes(value)) return false;
  if (type !== undefined && ![type].flat().some((each) => isOf(each, value))) return false;
  if (Array.isArray(value)) return value.every((item, index) => fits(item, itemOf(plain, index), definitions));
  return !isObject(value) || fitsObject(value, plain, definitions);
}

function fitsObject(value: Readonly<Record<string, unknown>>, schema: JsonSchema, definitions: Definitions): boolean {
  const { properties = {}, required = [] } = schema;
  const isKnown = Object.entries(value).every(([name, child]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (child === null && !required.includes(name)) return true;
    return own ? fits(child, own, definitions) : isOpen(schema);
  });
  return isKnown && required.every((name) => Object.hasOwn(value, name));
}

function itemOf({ items, prefixItems = [] }: JsonSchema, index: number): JsonSchema {
  return prefixItems[index] ?? (typeof items === 'object' ? items : {});
}

/** Whether the value has the JSON type. */
export function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === (type === 'integer' ? 'number' : type);
}
