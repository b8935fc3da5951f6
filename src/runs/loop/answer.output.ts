import { InvalidValue, type ValueSchema } from '../../agents/schemas/value.schema.js';
import { AgentError } from '../../errors/agent.error.js';
import { InexactNumber, parseExactJson } from '../../json/exact.json.js';
import type { ModelReply } from '../../models/language.model.js';
import { outageIn } from '../../storage/database.unavailable.js';
import type { ActiveAgent } from '../run.js';

/** An agent that answers, and the one that has asked it. */
interface AnsweringAgent extends ActiveAgent {
  readonly parent?: ActiveAgent;
}

/** The output schema: the caller's for the run's own answer, else the agent's. */
export function outputOf({ run, agent, parent }: AnsweringAgent): ValueSchema | undefined {
  return parent === undefined ? (run.outputOptions.output ?? agent.output) : agent.output;
}

/** Parses the answer. Returns its value, or why it does not match the output schema. */
export async function parseAnswer(
  execution: AnsweringAgent,
  { text }: ModelReply,
): Promise<{ readonly parsed?: unknown; readonly fault?: string }> {
  const { signal } = execution.run;
  const output = outputOf(execution);
  if (output === undefined) return {};
  try {
    return { parsed: await output.parse(parseExactJson(withoutFence(text)), signal) };
  } catch (error) {
    // The model cannot repair a lost database.
    if (error instanceof AgentError || outageIn(error)) throw error;
    signal.throwIfAborted();
    const isExplained = error instanceof InvalidValue || error instanceof InexactNumber;
    return { fault: isExplained ? error.message : 'It is not valid JSON.' };
  }
}

/** Models that are only asked for JSON in words often write it as a block of Markdown. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  const begin = trimmed.indexOf('\n');
  const isFenced = trimmed.startsWith('```') && trimmed.endsWith('```') && begin > 0 && begin < trimmed.length - 3;
  return isFenced ? trimmed.slice(begin, -3) : text;
}
