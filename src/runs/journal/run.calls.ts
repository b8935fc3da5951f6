import { isObject } from '../../json/json.object.js';
import { tryParseExactJson } from '../../json/exact.json.js';
import type { ModelToolCall } from '../../models/language.model.js';
import { ERROR_PREFIX } from '../../models/tool.result.js';
import { objectText } from '../../models/tool.arguments.js';
import { cutToCharacters } from '../../models/whole.characters.js';
import { MAX_CRASHES } from '../recovery/process.death.js';
import { BY_INDEX } from './step.path.js';
import type { ToolResult } from './run.journal.js';
import type { ToolCallRecord } from '../events/run.outcome.js';

/** Limits of the calls in an outcome; the events of the run contain them in full. */
const MAX_CALLS = 1000;
const MAX_OUTPUT_CHARS = 16 * 1024;

/** The tool calls of a run, including those of agents that it asked. */
export class RunCalls {
  readonly #records = new Map<string, ToolCallRecord>();
  /** By tool: turns with deaths since a call of the tool last succeeded. Calls of one turn die together. */
  readonly #deadTurns = new Map<string, Set<string>>();
  /** By tool: deaths that its calls provably caused. */
  readonly #provenDeaths = new Map<string, number>();

  /** @param step the place of the call in the run. */
  add(step: string, call: ModelToolCall, { content, isError = false, durationMs = 0, deaths = 0 }: ToolResult): void {
    if (deaths > 0) this.#noteDeaths(step.slice(0, step.lastIndexOf('.')), call.name, deaths);
    else if (!isError) this.#deadTurns.delete(call.name);
    this.#records.set(step, {
      call_id: call.callId,
      tool: call.name,
      arguments: parseArguments(call),
      ...(isError
        ? { error: truncate(content.slice(ERROR_PREFIX.length), MAX_OUTPUT_CHARS) }
        : { output: truncate(content, MAX_OUTPUT_CHARS) }),
      duration_ms: durationMs,
    });
  }

  /** Deaths that calls of the tool provably caused; 0 if none is proven. */
  provenDeathsOf(tool: string): number {
    return this.#provenDeaths.get(tool) ?? 0;
  }

  /** Deaths of unknown cause in calls of the tool since it last succeeded; 0 if the cause is proven. */
  unexplainedDeathsOf(tool: string): number {
    return this.#provenDeaths.has(tool) ? 0 : (this.#deadTurns.get(tool)?.size ?? 0);
  }

  #noteDeaths(turn: string, tool: string, deaths: number): void {
    if (deaths >= MAX_CRASHES) this.#provenDeaths.set(tool, Math.max(deaths, this.provenDeathsOf(tool)));
    this.#deadTurns.set(tool, (this.#deadTurns.get(tool) ?? new Set<string>()).add(turn));
  }

  /** Lists the calls in the order in which the model requested them. */
  list(): readonly ToolCallRecord[] {
    const sorted = [...this.#records].toSorted(([one], [other]) => BY_INDEX.compare(one, other));
    return sorted.slice(0, MAX_CALLS).map(([, record]) => record);
  }
}

function parseArguments({ arguments: text }: ModelToolCall): object | string {
  const value = tryParseExactJson(objectText(text) ?? '');
  return isObject(value) ? value : truncate(text, MAX_OUTPUT_CHARS);
}

/** Cuts a text that is too long, and says so in it. */
export function truncate(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text.toWellFormed();
  const shown = cutToCharacters(text, maxChars);
  return `${shown}\n[cut: ${text.length - shown.length} more characters]`;
}
