// Loads the modules of the tests natively, once for each worker. Jest's own runtime loads all modules anew for each
// suite, which took half of the time of all tests. So suites share modules: one that changes their state restores it.
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Runtime from 'jest-runtime';
import { jest, renewGlobals } from './globals.mjs';

const require = createRequire(import.meta.url);
const ROOT = new URL('../../../', import.meta.url).href;
const PACKAGES = new URL('node_modules/', ROOT).href;
const STUDIO = new URL('studio/src/', ROOT).href;
const CLIENT = new URL('src/client/index.ts', ROOT).href;
const GLOBALS = new URL('globals.mjs', import.meta.url).href;
const TRANSFORM = {
  isInternalModule: false,
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};
/** A hook or a test. At the top level of a module that suites share, it would run for the first of them alone. */
const OF_A_SUITE = /^(?:(?:before|after)(?:All|Each)|describe|it|test)\b[.(`]/m;

/** The first handlers of events belong to the framework, the others to a suite. */
const OWN_HANDLERS = 2;

/** The path of the source map of each loaded module. */
const sourceMaps = new Map();
/** The runtime of the suite that runs. */
let current;

const isOurs = (url) => url?.startsWith(ROOT) && !url.startsWith(PACKAGES);

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
    if (context.parentURL?.startsWith(STUDIO)) return resolveInStudio(specifier, context, next);
    if (!isOurs(context.parentURL) || !/^\..*\.js$/.test(specifier)) return next(specifier, context);
    const source = new URL(specifier.replace(/js$/, 'ts'), context.parentURL);
    return existsSync(source) ? { url: source.href, shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    if (!isOurs(url) || !url.endsWith('.ts')) return next(url, context);
    return { source: current.transformed(url), format: 'module', shortCircuit: true };
  },
});

/** Vite resolves these. */
function resolveInStudio(specifier, context, next) {
  if (specifier === 'rookery/client') return { url: CLIENT, shortCircuit: true };
  if (!specifier.startsWith('.')) return next(specifier, context);
  return { url: new URL(`${specifier}.ts`, context.parentURL).href, shortCircuit: true };
}

let stateKey;

/**
 * Empties the state of the test framework. Its functions stay the same, because shared modules keep them: a second copy
 * of `it` would add their tests to a suite that is over.
 */
function forgetTests() {
  stateKey ??= Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'JEST_STATE_SYMBOL');
  // Another copy of the same code, whose empty state fits.
  const { getState, resetState } = require('jest-circus');
  resetState();
  globalThis[stateKey] = getState();
  globalThis[Symbol.for('EVENT_HANDLERS')].splice(OWN_HANDLERS);
}

/** For `import.meta` of our modules. */
globalThis[Symbol.for('jest')] = jest;

export default class NativeRuntime extends Runtime {
  #transformer;

  constructor(config, environment, resolver, transformer, ...rest) {
    super(config, environment, resolver, transformer, ...rest);
    this.#transformer = transformer;
    current = this;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  /** Runs the default export of a setup file for each suite. */
  async unstable_importModule(path) {
    const { default: setUp } = await import(pathToFileURL(path).href);
    if (typeof setUp === 'function') await setUp();
  }

  requireInternalModule(path) {
    const framework = require(path);
    forgetTests();
    return framework;
  }

  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    renewGlobals(this.requireModuleOrMock(import.meta.filename, '@jest/globals'));
  }

  getSourceMaps() {
    return sourceMaps;
  }

  transformed(url) {
    const path = fileURLToPath(url);
    const { code, originalCode, sourceMapPath } = this.#transformer.transform(path, TRANSFORM);
    if (!path.endsWith('spec.ts') && OF_A_SUITE.test(originalCode)) {
      throw new Error(
        `${path}: suites share this module. Put its hooks and tests into a function that each of them calls.`,
      );
    }
    sourceMaps.set(url, sourceMapPath);
    // In the first line, so that the map fits.
    return `import.meta.jest = globalThis[Symbol.for('jest')];${code}`;
  }

  setMock() {
    this.setModuleMock();
  }

  setModuleMock() {
    throw new Error('Suites share modules, so none can be mocked. Replace a port instead.');
  }

  installGetBuiltinModule() {
    // Modules of Node are the worker's own.
  }
}
