import type { Provider, Type } from '@nestjs/common';
import { CpuBudget } from '../../tools/cpu.budget.js';
import { DocumentIndex } from '../../tools/document.index.js';
import { JavaScriptSandbox } from '../../tools/javascript.sandbox.js';
import type { Environment } from '../settings/environment.js';
import { AssistantAgent } from './assistant.agent.js';
import { CoderAgent } from './coder.agent.js';
import { ResearcherAgent } from './researcher.agent.js';

/** The agents that the service brings, unless the operator switches them off. */
export function builtInAgents({ areBuiltInAgentsOffered }: Environment): readonly Type<object>[] {
  return areBuiltInAgentsOffered ? [AssistantAgent, ResearcherAgent, CoderAgent] : [];
}

/** The providers of these agents, with what they inject. */
export function builtInProviders(environment: Environment): Provider[] {
  const agents = builtInAgents(environment);
  if (agents.length === 0) return [];
  return [
    ...agents,
    { provide: JavaScriptSandbox, useFactory: () => sandboxOf(environment) },
    { provide: DocumentIndex, useFactory: () => DocumentIndex.open(environment.DOCS_DIR) },
  ];
}

function sandboxOf({ SANDBOX_WORKERS, SANDBOX_CPU_SECONDS }: Environment): JavaScriptSandbox {
  return new JavaScriptSandbox(SANDBOX_WORKERS, new CpuBudget(SANDBOX_CPU_SECONDS || Infinity));
}
