import { registerHooks } from 'node:module';

/** Packages that a test and its agents must share with Rookery. */
const SHARED = /^(?:rookery|@nestjs|class-transformer|class-validator|reflect-metadata)(?:\/|$)/;
const BARE = /^(?!node:)@?[\w-]/;

// Loaded before the tests of a folder, which has none of these packages.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const own = { ...context, parentURL: import.meta.url };
    if (SHARED.test(specifier)) return nextResolve(specifier, own);
    try {
      return nextResolve(specifier, context);
    } catch (missing) {
      if (!BARE.test(specifier)) throw missing;
      return nextResolve(specifier, own);
    }
  },
});
