// `@jest/globals` of the suite that runs.
export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test;

let object;

/** Modules that suites share keep it, so it must not belong to one suite. */
export const jest = new Proxy({}, { get: (_, name) => object[name] });

/** @param globals those of the suite that begins. */
export function renewGlobals(globals) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, jest: object } = globals);
}
