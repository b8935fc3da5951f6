import type { Provider } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { AgentModule } from '../agent.module.js';
import type { AgentModuleOptions } from '../agent.options.js';
import { importOptional } from '../async/optional.package.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { createMigratedFile } from './test.database.js';

/**
 * Options of `createTestApp`. `databaseUrl` defaults to a new SQLite file.
 *
 * @example
 * import { createTestApp, ScriptedModel, type TestAppOptions } from 'rookery/testing';
 *
 * const options: TestAppOptions = { model: new ScriptedModel('Hello.'), providers: [PoetAgent], timeoutMs: 1000 };
 * const app = await createTestApp(options);
 */
export interface TestAppOptions extends AgentModuleOptions {
  /** The agents under test, and the providers that they inject. */
  readonly providers: readonly Provider[];
}

/**
 * An application with agents and its own database, without HTTP.
 *
 * @example
 * import { TasksService } from 'rookery';
 * import { createTestApp } from 'rookery/testing';
 *
 * const { module, close } = await createTestApp({ providers: [PoetAgent] });
 * const { task } = await module.get(TasksService).submit({ message: 'Hi', agent_role: 'poet' });
 * await close();
 */
export interface TestApp {
  /** The application of Nest, for its other providers. */
  readonly module: TestingModule;
  /** Runs the agents. */
  readonly runner: AgentRunnerService;
  /** Ends the runs and removes the database. */
  close(): Promise<void>;
}

/**
 * Creates an application for tests. It logs nothing, and `close` removes its database. Needs the package
 * `@nestjs/testing`.
 *
 * @throws Error that lists the faults of the agents and options, or says that the package is missing.
 *
 * @example
 * import { createTestApp, ScriptedModel } from 'rookery/testing';
 *
 * const app = await createTestApp({ model: new ScriptedModel('Hello.'), providers: [PoetAgent] });
 * const { reply } = await app.runner.run({ message: 'Hi', agent_role: 'poet' });
 * await app.close();
 */
export async function createTestApp({ providers, ...options }: TestAppOptions): Promise<TestApp> {
  // Imported here, so that `ScriptedModel` can be used without this package.
  const { Test } = await importOptional('@nestjs/testing', 'createTestApp', () => import('@nestjs/testing'));
  const { databaseUrl, drop } = await createMigratedFile('test');
  const module = await Test.createTestingModule({
    imports: [AgentModule.forRoot({ databaseUrl, ...options, http: false })],
    providers: [...providers],
  }).compile();
  module.useLogger(false);
  const close = async (): Promise<void> => {
    await module.close();
    await drop();
  };
  try {
    await module.init();
  } catch (failure) {
    // Open resources would keep the test process alive.
    await close().catch(() => undefined);
    throw failure;
  }
  return { module, runner: module.get(AgentRunnerService), close };
}
