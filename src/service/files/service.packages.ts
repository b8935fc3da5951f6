import { registerHooks } from 'node:module';

/** The scheme of modules that stand for packages of the service. */
const SCHEME = 'rookery-service:';
/** Modules of the scheme find the packages under this name. */
const PACKAGES = Symbol.for('rookery.service.packages');
const BARE = /^(?!node:)(?:@[\w.-]+\/)?[\w-][\w.-]*(?:\/.*)?$/;

/**
 * Lets modules import the service's own copies of Rookery and Nest. So decorators and classes are the same. A package that a file does not find beside it comes from the service, too.
 */
export async function shareServicePackages(): Promise<void> {
  if (Reflect.has(globalThis, PACKAGES)) return;
  const packages = new Map<string, object>([
    ['rookery', await import('../../index.js')],
    ['@nestjs/common', await import('@nestjs/common')],
    ['@nestjs/core', await import('@nestjs/core')],
    ['class-transformer', await import('class-transformer')],
    ['class-validator', await import('class-validator')],
    ['reflect-metadata', {}],
  ]);
  Reflect.set(globalThis, PACKAGES, packages);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (packages.has(specifier)) return { url: `${SCHEME}${specifier}`, format: 'module', shortCircuit: true };
      try {
        return nextResolve(specifier, context);
      } catch (missing) {
        if (!BARE.test(specifier)) throw missing;
        try {
          return nextResolve(specifier, { ...context, parentURL: import.meta.url });
        } catch {
          throw missing;
        }
      }
    },
    load(url, context, nextLoad) {
      if (!url.startsWith(SCHEME)) return nextLoad(url, context);
      const name = url.slice(SCHEME.length);
      return { format: 'module', source: sourceOf(name, packages.get(name) ?? {}), shortCircuit: true };
    },
  });
}

/** A module that exports what the package exports. */
function sourceOf(name: string, exports: object): string {
  const names = Object.keys(exports).filter((each) => /^[A-Za-z_$][\w$]*$/.test(each) && each !== 'default');
  return [
    `const all = globalThis[Symbol.for('rookery.service.packages')].get('${name}');`,
    ...names.map((each) => `export const ${each} = all.${each};`),
    'export default all.default ?? all;',
  ].join('\n');
}
