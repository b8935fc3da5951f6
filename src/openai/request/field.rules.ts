import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../json/json.object.js';
import { OpenAIRefusal } from '../openai.error.js';

/**
 * The use of a field. `honoured`: it has an effect. `echoed`: it is returned, without an effect. `ignored`: it has no
 * effect. `refused`: any other value than the listed ones is refused by name.
 */
export type FieldRule =
  | { readonly use: 'honoured' | 'echoed' | 'ignored' }
  | { readonly use: 'refused'; readonly unless?: readonly unknown[] };

/** The rules of all fields of a request. Other fields are ignored. */
export type FieldRules = Readonly<Record<string, FieldRule>>;

export const HONOURED: FieldRule = { use: 'honoured' };
export const ECHOED: FieldRule = { use: 'echoed' };
export const IGNORED: FieldRule = { use: 'ignored' };
export const REFUSED: FieldRule = { use: 'refused' };

/** Refuses fields that would have to be honoured, but cannot be. @throws OpenAIRefusal `unsupported_parameter` */
export function refuseUnsupported(body: JsonObject, rules: FieldRules, path = ''): void {
  for (const [name, value] of Object.entries(body)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule?.use !== 'refused') continue;
    if (isNeutral(value) || rule.unless?.some((allowed) => isDeepStrictEqual(allowed, value)) === true) continue;
    throw unsupported(path + name);
  }
}

/** The refusal of a parameter that this service cannot honour. */
export function unsupported(param: string, hint = ''): OpenAIRefusal {
  return new OpenAIRefusal('unsupported_parameter', param, `Unsupported parameter: ${param}.${hint && ` ${hint}`}`);
}

/** Clients send such values where they mean nothing. */
function isNeutral(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
