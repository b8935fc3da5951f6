import { AgentError } from '../../errors/agent.error.js';
import { deltaOf, type StoredEvent } from '../../runs/events/run.events.js';
import type { RunOutcome } from '../../runs/events/run.outcome.js';
import { openAIErrorOf, openAIStatusOf } from '../openai.error.js';
import { completionUsageOf, headOf, toolCallOf } from './completion.object.js';

/** How a streamed completion ends. */
export type CompletionEnd = { readonly outcome: RunOutcome } | { readonly failure: AgentError };

/** Translates the events of a run to the chunks of a completion, as server-sent events. */
export class CompletionChunks {
  readonly #head: string;
  #isAfterTool = false;
  #hasText = false;

  /** @param hasUsage whether a last chunk has the usage. All others then have the usage null. */
  constructor(
    runId: string,
    model: string,
    private readonly hasUsage: boolean,
  ) {
    const usage = hasUsage ? { usage: null } : {};
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
    if (event.type === 'tool.started') this.#isAfterTool = this.#hasText;
    const delta = deltaOf(event);
    if (delta === undefined) return '';
    const content = this.#isAfterTool ? `"\\n\\n${delta.slice(1)}` : delta;
    this.#isAfterTool = false;
    this.#hasText = true;
    return this.#chunk(`{"content":${content}}`);
  }

  end(end: CompletionEnd): string {
    if ('failure' in end) {
      const { failure } = end;
      return eventOf(JSON.stringify(openAIErrorOf(failure, openAIStatusOf(failure.status, failure))));
    }
    const { finish_reason, usage, pending_calls = [] } = end.outcome;
    const calls = pending_calls.map((call, index) => Object.assign(toolCallOf(call), { index }));
    const called = calls.length === 0 ? '' : this.#chunk(JSON.stringify({ tool_calls: calls }));
    const last = called + this.#chunk('{}', `"${finish_reason}"`);
    return `${last}${this.hasUsage ? this.#usage(usage) : ''}${eventOf('[DONE]')}`;
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
