import type { LoggerService, Type } from '@nestjs/common';
import { AgentRegistry } from '../../../src/agents/agent.registry.js';
import { Role } from '../../../src/runs/api/roles.dto.js';
import { Agent, type McpServerOptions, type RunEvent, Tool } from '../../../src/index.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../../src/testing/index.js';
import { until } from '../until.js';

const LONG_MS = 15_000;

/** The work that ends a test, in the order of the beginnings. */
export const ends: (() => Promise<unknown> | void)[] = [];

/** Ends everything that a test began. */
export async function endAll(): Promise<void> {
  for (const end of ends.splice(0).toReversed()) await end();
}

/** Collects the warnings in the log. */
class Warnings implements LoggerService {
  readonly lines: unknown[] = [];
  log(): void {}
  error(): void {}
  warn(line: unknown): void {
    this.lines.push(line);
  }
}

/** An application with an agent that uses MCP servers. */
export interface McpApp extends TestApp {
  readonly model: ScriptedModel;
  readonly warnings: Warnings;
}

/** An agent with a tool of its own, `files_own`. */
export function agentWith(mcp: readonly McpServerOptions[]): Type {
  @Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', mcp })
  class AssistantAgent {
    @Tool({ description: 'Its own', name: 'files_own' })
    own(): string {
      return 'its own';
    }
  }
  return AssistantAgent;
}

/** Starts an application with these servers, whose model plays these turns. */
export async function startApp(mcp: readonly McpServerOptions[], ...turns: ScriptedTurn[]): Promise<McpApp> {
  const model = new ScriptedModel(...turns);
  const app = await createTestApp({ model, providers: [agentWith(mcp)] });
  const warnings = new Warnings();
  app.module.useLogger(warnings);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close());
  ends.push(close);
  return { ...app, close, model, warnings };
}

/** The tools that the agent offers. */
export function toolNames({ module }: TestApp): string[] {
  return Role.from(module.get(AgentRegistry).get('assistant'), 'm').tools;
}

/** Resolves when the tools are offered. */
export async function connected(app: TestApp, ...tools: string[]): Promise<void> {
  const isThere = (): boolean => tools.every((tool) => toolNames(app).includes(tool));
  await until(`${tools.join()} offered`, isThere, LONG_MS);
}

/** The tool results in the last request to the model. */
export function toolResults({ model }: McpApp): string[] {
  const messages = model.requests.at(-1)?.messages ?? [];
  return messages.flatMap(({ role, content }) => (role === 'tool' ? [content] : []));
}

/** Runs the agent once. Returns the events of the run, which completes. */
export async function events({ runner }: TestApp): Promise<RunEvent[]> {
  const all = await Array.fromAsync(runner.stream({ message: 'Go' }));
  expect(all.at(-1)?.type).toBe('run.completed');
  return all;
}

/** Calls a tool of the agent without a model. @throws as the tool. */
export async function callTool({ module }: TestApp, name: string): Promise<unknown> {
  const principal = { tenant: 'default', id: 'ann', scopes: [] };
  const ids = { runId: 'run', sessionId: 's', callId: 'c', idempotencyKey: 'run:step' };
  const tool = module.get(AgentRegistry).get('assistant').tools.get(name);
  return await tool?.call({}, { signal: new AbortController().signal, principal, ...ids });
}
