import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { AgentModuleOptions } from '../agent.options.js';
import { AgentsModuleOptions } from '../agents/agents.options.js';
import { AuthModuleOptions } from '../auth/authenticator.factory.js';
import { HttpModuleOptions } from '../http/http.options.js';
import { ModelsModuleOptions } from '../models/model.factory.js';
import { ReleasesModuleOptions } from '../releases/releases.js';
import { RunsModuleOptions } from '../runs/runs.options.js';
import { StorageModuleOptions } from '../storage/storage.options.js';
import { TasksModuleOptions } from '../tasks/tasks.options.js';
import { TelemetryModuleOptions } from '../telemetry/telemetry.options.js';
import { UsageModuleOptions } from '../usage/usage.options.js';
import { completeOptions, type ModuleOptions } from './options.defaults.js';
import { findOptionFaults } from './options.validation.js';

/** The token of the complete options of all modules. */
const MODULE_OPTIONS = Symbol('module options');

/** Provides the options of one module. */
function optionsOf<K extends keyof ModuleOptions>(
  token: Function & { readonly prototype: ModuleOptions[K] },
  module: K,
): Provider {
  return {
    provide: token,
    inject: [MODULE_OPTIONS],
    useFactory: (options: ModuleOptions): ModuleOptions[K] => options[module],
  };
}

const PARTS = [
  optionsOf(StorageModuleOptions, 'storage'),
  optionsOf(TelemetryModuleOptions, 'telemetry'),
  optionsOf(ModelsModuleOptions, 'models'),
  optionsOf(AuthModuleOptions, 'auth'),
  optionsOf(HttpModuleOptions, 'http'),
  optionsOf(AgentsModuleOptions, 'agents'),
  optionsOf(ReleasesModuleOptions, 'releases'),
  optionsOf(UsageModuleOptions, 'usage'),
  optionsOf(RunsModuleOptions, 'runs'),
  optionsOf(TasksModuleOptions, 'tasks'),
];

/** Validates and completes the options of `AgentModule`. Gives each module its part. */
@Module({})
export class OptionsModule {
  /** @param source provides the options of `AgentModule` under the token. */
  static register(token: string | symbol, source: Pick<DynamicModule, 'imports' | 'providers'>): DynamicModule {
    const { imports = [], providers = [] } = source;
    const complete = { provide: MODULE_OPTIONS, inject: [token], useFactory: validOptions };
    return {
      module: OptionsModule,
      imports,
      providers: [...providers, complete, ...PARTS],
      exports: PARTS,
    };
  }
}

/** @throws Error that lists every invalid option. */
function validOptions(options: AgentModuleOptions): ModuleOptions {
  const faults = findOptionFaults(options);
  if (faults.length === 0) return completeOptions(options);
  throw new Error(`The options of AgentModule are not valid:\n- ${faults.map(({ message }) => message).join('\n- ')}`);
}
