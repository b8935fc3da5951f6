import { isObject } from '../json/json.object.js';

/**
 * Loads an optional package.
 *
 * @throws Error that says what to install, if the package is missing.
 */
export async function importOptional<M>(name: string, purpose: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    if (!isObject(cause) || !String(cause.code).endsWith('MODULE_NOT_FOUND')) throw cause;
    throw new Error(`${purpose} needs the package ${name}. Install it: npm install ${name}`, { cause });
  }
}
