import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { AgentModule } from '../agent.module.js';
import type { AgentModuleOptions } from '../agent.options.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';

/** What a test wants of its application. */
export interface TestAppOptions extends AgentModuleOptions {
  /** The agents under test, and what they have injected. */
  readonly providers: readonly Provider[];
}

/** Agents without HTTP, on a database of their own. */
export interface TestApp {
  readonly module: TestingModule;
  readonly runner: AgentRunnerService;
  /** Ends the runs and removes the database. */
  close(): Promise<void>;
}

/**
 * An application for tests, silent and with a database that is removed with it.
 *
 * @example
 * const app = await createTestApp({ model: new ScriptedModel('Hello.'), providers: [PoetAgent] });
 * const { reply } = await app.runner.run({ message: 'Hi', agent_role: 'poet' });
 * await app.close();
 */
export async function createTestApp({ providers, ...options }: TestAppOptions): Promise<TestApp> {
  // Only here, so that a script for a model can be had without it.
  const { Test } = await import('@nestjs/testing');
  const folder = await mkdtemp(join(tmpdir(), 'rookery-test-'));
  const databaseUrl = `file:${join(folder, 'rookery.db')}`;
  const module = await Test.createTestingModule({
    imports: [AgentModule.forRoot({ databaseUrl, ...options, http: false })],
    providers: [...providers],
  }).compile();
  module.useLogger(false);
  const close = async (): Promise<void> => {
    await module.close();
    await rm(folder, { recursive: true });
  };
  try {
    await module.init();
  } catch (failure) {
    // What was opened for it would keep the process of the test alive.
    await close().catch(() => undefined);
    throw failure;
  }
  return { module, runner: module.get(AgentRunnerService), close };
}
