import { isObject, type JsonObject } from '../json/json.object.js';

/** Returns the variants of all `fractional` rules, also of nested ones. */
export function bucketsOf(rule: unknown): string[] {
  if (Array.isArray(rule)) return rule.flatMap(bucketsOf);
  if (!isObject(rule)) return [];
  const { fractional, ...others } = rule;
  const buckets: unknown[] = Array.isArray(fractional) ? fractional : [];
  const named = buckets.flatMap((bucket) => {
    const variant: unknown = Array.isArray(bucket) ? bucket[0] : undefined;
    return typeof variant === 'string' ? [variant] : bucketsOf(bucket);
  });
  return [...named, ...Object.values(others).flatMap(bucketsOf)];
}

/**
 * Returns the rule as it is for a session to which `fractional` gives the variant. Rules that share sessions by another
 * value than the session itself stay.
 */
export function favouring(rule: unknown, variant: string): unknown {
  if (Array.isArray(rule)) return rule.map((part) => favouring(part, variant));
  if (!isObject(rule)) return rule;
  const { fractional } = rule;
  if (Array.isArray(fractional) && Array.isArray(fractional[0]) && fractional.some((each) => givesTo(each, variant))) {
    return variant;
  }
  return Object.fromEntries(Object.entries(rule).map(([name, part]) => [name, favouring(part, variant)]));
}

/**
 * Returns the shares of the sessions that the variants of a flag get, from 0 to 1. Undefined: they also depend on other
 * facts than the session.
 */
export function sharesOf(flag: unknown): ReadonlyMap<string, number> | undefined {
  const { state, targeting, defaultVariant }: JsonObject = isObject(flag) ? flag : {};
  // The agent runs as coded.
  if (state === 'DISABLED') return new Map();
  if (!isObject(targeting) || Object.keys(targeting).length === 0) {
    return typeof defaultVariant === 'string' ? new Map([[defaultVariant, 1]]) : new Map();
  }
  const { fractional, ...others } = targeting;
  if (Object.keys(others).length > 0 || !Array.isArray(fractional)) return undefined;
  const weights = new Map<string, number>();
  for (const bucket of fractional) {
    // Without a list it is the value by which sessions are shared.
    const parts: readonly unknown[] = Array.isArray(bucket) ? bucket : [];
    const [name, weight = 1] = parts;
    if (typeof name !== 'string' || typeof weight !== 'number') return undefined;
    weights.set(name, (weights.get(name) ?? 0) + weight);
  }
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  return new Map([...weights].map(([name, weight]) => [name, sum === 0 ? 0 : weight / sum]));
}

/** True if the bucket gives the variant to a share of the sessions. */
function givesTo(bucket: unknown, variant: string): boolean {
  if (!Array.isArray(bucket)) return false;
  const parts: readonly unknown[] = bucket;
  const [name, weight = 1] = parts;
  return name === variant && typeof weight === 'number' && weight > 0;
}
