import type { RunRequest } from '../events/run.events.js';

/** The parts of requests that replicas of level 0 ignore. */
const SINCE_LEVEL_1 = [
  'tools',
  'tool_results',
  'abandon_calls',
  'messages',
  'fork_from',
  'instructions',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'max_tool_calls',
  'top_p',
  'reasoning_effort',
] as const satisfies readonly (keyof RunRequest)[];

/** The lowest level of a replica that reads all parts of the request. */
export function levelOf(request: RunRequest): number {
  return SINCE_LEVEL_1.some((name) => request[name] !== undefined) ? 1 : 0;
}
