import type { AgentDefinition } from '../../agents/agent.definition.js';
import type { CallerSettings } from '../request/caller.settings.js';
import type { ActiveAgent } from '../run.js';
import type { Transcript } from './transcript.js';

/** A run that is ready to execute, with the agent that works on it. */
export interface AgentExecution extends ActiveAgent {
  /** The agent that speaks now; a handoff changes it. */
  agent: AgentDefinition;
  /** The agents that have led the conversation, oldest first. */
  readonly handoffChain: AgentDefinition[];
  readonly transcript: Transcript;
  /** The texts of the caller that guardrails check. */
  readonly checkedText: string;
  /** Set by the caller; undefined: each agent's own. */
  readonly temperature: number | undefined;
  /** Set by the caller; undefined: nothing. Agents that are asked have none. */
  readonly settings: CallerSettings | undefined;
  /** The turn that runs, from 1. */
  turn: number;
  /** Calls of tools so far, without refused ones. */
  callCount: number;
  /** The parent agent, which waits for the answer of this one. */
  readonly parent?: AgentExecution;
  /** Prefix of its turns in the journal: '' for the run's own, `2.0/` for an agent asked at step `2.0`. */
  readonly stepPrefix: string;
}
