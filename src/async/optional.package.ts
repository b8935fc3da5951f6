/**
 * Loads an optional package, or a file of ours that imports it.
 *
 * @throws Error that says what to install, if the package is missing.
 */
export async function importOptional<M>(name: string, purpose: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new Error(`${purpose} needs the package ${name}. Install it: npm install ${name}`, { cause });
  }
}

/** False if another package is missing, such as a dependency of this one. */
function isMissing(cause: unknown, name: string): boolean {
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || !('message' in cause)) return false;
  return String(cause.code).endsWith('MODULE_NOT_FOUND') && String(cause.message).includes(`'${name}`);
}
