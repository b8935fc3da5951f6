import { type DynamicModule, Logger, Module, type Provider } from '@nestjs/common';
import type { AgentModuleOptions } from '../agent.options.js';
import { completeOptions, type ModuleOptions, OPTION_TOKENS } from './options.defaults.js';
import { findOptionFaults } from './options.validation.js';

/** The token of the complete options of all modules. */
const MODULE_OPTIONS = Symbol('module options');

const PARTS = Object.entries(OPTION_TOKENS).map(([module, token]): Provider => {
  return {
    provide: token,
    inject: [MODULE_OPTIONS],
    useFactory: (all: Readonly<Record<string, object>>) => all[module],
  };
});

/** Validates and completes the options of `AgentModule`. Gives each module its part. */
@Module({})
export class OptionsModule {
  /**
   * @param source provides the options of `AgentModule` under the token.
   * @param hasCallers the module has routes or message patterns.
   */
  static register(
    token: string | symbol,
    source: Pick<DynamicModule, 'imports' | 'providers'>,
    hasCallers: boolean,
  ): DynamicModule {
    const { imports = [], providers = [] } = source;
    const useFactory = (options: AgentModuleOptions): ModuleOptions => validOptions(options, hasCallers);
    const complete = { provide: MODULE_OPTIONS, inject: [token], useFactory };
    return { module: OptionsModule, imports, providers: [...providers, complete, ...PARTS], exports: PARTS };
  }
}

/** @throws Error that lists every invalid option. */
function validOptions(options: AgentModuleOptions, hasCallers: boolean): ModuleOptions {
  const faults = findOptionFaults(options).map(({ message }) => message);
  if (hasCallers && options.auth === undefined) faults.push(...missingAuth());
  if (faults.length === 0) return completeOptions(options);
  throw new Error(`The options of AgentModule are not valid:\n- ${faults.join('\n- ')}`);
}

/** In production nobody shall be let in by an option that was forgotten. Elsewhere a warning is enough. */
function missingAuth(): string[] {
  if (process.env['NODE_ENV'] === 'production') {
    return ["auth must be set in production. Write auth: 'none' if your own guards authenticate callers."];
  }
  new Logger('AgentModule').warn(
    "Everyone who reaches the routes of AgentModule may use them. Set auth, or write auth: 'none'.",
  );
  return [];
}
