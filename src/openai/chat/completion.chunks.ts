import { AgentError } from '../../errors/agent.error.js';
import { deltaOf, type StoredEvent } from '../../runs/events/run.events.js';
import type { RunOutcome } from '../../runs/events/run.outcome.js';
import { COMPLETIONS_PARAMS, openAIErrorOf, openAIStatusOf } from '../openai.error.js';
import { completionUsageOf, headOf, toolCallOf } from './completion.object.js';

/** How a streamed completion ends. */
export type CompletionEnd = { readonly outcome: RunOutcome } | { readonly failure: AgentError };

/** Options of the chunks. */
interface ChunkOptions {
  /** Whether a last chunk has the usage. All others then have the usage null. */
  readonly hasUsage: boolean;
  /** Whether the text comes only at the end: an answer that does not match its schema is written again. */
  readonly isHeld: boolean;
}

/** Translates the events of a run to the chunks of a completion, as server-sent events. */
export class CompletionChunks {
  readonly #head: string;
  #isAfterTool = false;
  #hasText = false;

  constructor(
    runId: string,
    model: string,
    private readonly options: ChunkOptions,
  ) {
    const usage = options.hasUsage ? { usage: null } : {};
    const head = {
      ...headOf(runId, model, 'chat.completion.chunk'),
      service_tier: 'default',
      system_fingerprint: null,
    };
    this.#head = JSON.stringify({ ...head, ...usage }).slice(0, -1);
  }

  start(): string {
    return this.#chunk('{"role":"assistant","content":"","refusal":null}');
  }

  next(event: StoredEvent): string {
    // The text before and after a tool are paragraphs.
    if (event.type === 'tool.started' || event.type === 'tool.completed') this.#isAfterTool = this.#hasText;
    const delta = deltaOf(event);
    if (delta === undefined || this.options.isHeld) return '';
    const content = this.#isAfterTool ? `"\\n\\n${delta.slice(1)}` : delta;
    this.#isAfterTool = false;
    this.#hasText = true;
    return this.#chunk(`{"content":${content}}`);
  }

  end(end: CompletionEnd): string {
    if ('failure' in end) {
      const { failure } = end;
      return eventOf(
        JSON.stringify(openAIErrorOf(failure, openAIStatusOf(failure.status, failure), COMPLETIONS_PARAMS)),
      );
    }
    const { output, finish_reason, usage, pending_calls = [] } = end.outcome;
    const text = this.options.isHeld && output !== '' ? this.#chunk(JSON.stringify({ content: output })) : '';
    const calls = pending_calls.map((call, index) => Object.assign(toolCallOf(call), { index }));
    const called = calls.length === 0 ? '' : this.#chunk(JSON.stringify({ tool_calls: calls }));
    const last = text + called + this.#chunk('{}', `"${finish_reason}"`);
    return `${last}${this.options.hasUsage ? this.#usage(usage) : ''}${eventOf('[DONE]')}`;
  }

  #chunk(delta: string, reason = 'null'): string {
    return eventOf(`${this.#head},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]}`);
  }

  #usage(usage: RunOutcome['usage']): string {
    const head = this.#head.replace(/,"usage":null$/, '');
    return eventOf(`${head},"choices":[],"usage":${JSON.stringify(completionUsageOf(usage))}}`);
  }
}

function eventOf(data: string): string {
  return `data: ${data}\n\n`;
}
