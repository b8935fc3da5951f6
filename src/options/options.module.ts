import { type DynamicModule, Module, type Provider } from '@nestjs/common';
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
  /** @param source provides the options of `AgentModule` under the token. */
  static register(token: string | symbol, source: Pick<DynamicModule, 'imports' | 'providers'>): DynamicModule {
    const { imports = [], providers = [] } = source;
    const complete = { provide: MODULE_OPTIONS, inject: [token], useFactory: validOptions };
    return { module: OptionsModule, imports, providers: [...providers, complete, ...PARTS], exports: PARTS };
  }
}

/** @throws Error that lists every invalid option. */
function validOptions(options: AgentModuleOptions): ModuleOptions {
  const faults = findOptionFaults(options);
  if (faults.length === 0) return completeOptions(options);
  throw new Error(`The options of AgentModule are not valid:\n- ${faults.map(({ message }) => message).join('\n- ')}`);
}
