import { isObject } from '../json/json.object.js';

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

/** True if the bucket gives the variant to a share of the sessions. */
function givesTo(bucket: unknown, variant: string): boolean {
  if (!Array.isArray(bucket)) return false;
  const parts: readonly unknown[] = bucket;
  const [name, weight = 1] = parts;
  return name === variant && typeof weight === 'number' && weight > 0;
}
