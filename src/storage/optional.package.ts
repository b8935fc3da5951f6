/**
 * Loads an optional package.
 *
 * @throws Error that says what to install, if the package is missing.
 */
export async function importOptional<M>(name: string, purpose: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new Error(`${purpose} needs the package ${name}. Install it: npm install ${name}`, { cause });
  }
}

function isMissing(cause: unknown): boolean {
  return (
    typeof cause === 'object' && cause !== null && 'code' in cause && String(cause.code).endsWith('MODULE_NOT_FOUND')
  );
}
