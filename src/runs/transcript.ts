import { AgentError } from '../errors/agent.error.js';
import type { ModelMessage, ModelReply, ModelToolCall, ModelUsage } from '../models/language.model.js';
import type { MessagePart } from '../models/message.parts.js';
import { estimateMessage, estimateTokens } from '../models/token.estimate.js';
import type { MessageRow, Turn } from '../sessions/sessions.repository.js';

/** What is said in one run: as the model reads on, and as the session will keep it. */
export class Transcript {
  #messages: ModelMessage[];
  #earlier = 0;
  #usage: Required<ModelUsage> = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
  #isMended = false;

  constructor(
    /** What this run was asked. */
    readonly question: string,
    /** Of the agent that asks this one: what is used here is used there too. */
    private readonly asker?: Transcript,
    parts?: readonly MessagePart[],
  ) {
    this.#messages = [{ role: 'user', content: question, ...(parts ? { parts } : {}) }];
  }

  /** Puts what was said in earlier runs before what this one says: the oldest turns in short, then the newest. */
  recall(summary: readonly ModelMessage[], turns: readonly Turn[]): void {
    const earlier = [...summary, ...turns.flat().map(fromRow)];
    this.#messages = [...earlier, ...this.#messages];
    this.#earlier += earlier.length;
  }

  /** Oldest first, with what was said in earlier runs. */
  get messages(): readonly ModelMessage[] {
    return this.#messages;
  }

  /** Of all model calls of the run. */
  get usage(): Required<ModelUsage> {
    return this.#usage;
  }

  addReply({ text, toolCalls = [], usage }: ModelReply): void {
    this.addUsage(usage);
    this.#messages.push({ role: 'assistant', content: text, ...(toolCalls.length > 0 ? { toolCalls } : {}) });
  }

  /**
   * Asks the model once to answer again in the right shape.
   *
   * @throws AgentError `model_output_invalid` the second time.
   */
  askToMend(fault: string): void {
    if (this.#isMended) throw new AgentError('model_output_invalid');
    this.#isMended = true;
    this.#messages.push({ role: 'user', content: `That does not have the shape that was asked for: ${fault}` });
  }

  /** What was used, by this agent or on behalf of it. */
  addUsage(usage: ModelUsage): void {
    const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = this.#usage;
    this.#usage = {
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
      cachedTokens: cachedTokens + (usage.cachedTokens ?? 0),
      reasoningTokens: reasoningTokens + (usage.reasoningTokens ?? 0),
    };
    this.asker?.addUsage(usage);
  }

  addResult({ callId, name }: ModelToolCall, content: string): void {
    this.#messages.push({ role: 'tool', callId, tool: name, content });
  }

  /** What this run has said, as rows that follow `position`. */
  rows(at: Pick<MessageRow, 'tenant' | 'session_id' | 'run_id' | 'position' | 'created_at'>): MessageRow[] {
    return this.#messages.slice(this.#earlier).map((message, index) =>
      Object.assign(toColumns(message), at, {
        position: at.position + index,
        message_id: `${at.run_id}-${index}`,
      }),
    );
  }
}

type Columns = Pick<MessageRow, 'role' | 'content' | 'parts' | 'tool' | 'call_id' | 'tool_calls' | 'tokens'>;

function toColumns(message: ModelMessage): Columns {
  const { role, content } = message;
  const calls = message.role === 'assistant' && message.toolCalls ? JSON.stringify(message.toolCalls) : null;
  const result =
    message.role === 'tool' ? { tool: message.tool, call_id: message.callId } : { tool: null, call_id: null };
  const parts = message.role === 'user' && message.parts ? JSON.stringify(message.parts) : null;
  const tokens = estimateMessage(message) + (calls === null ? 0 : estimateTokens(calls));
  return { role, content, parts, ...result, tool_calls: calls, tokens };
}

function fromRow({ role, content, parts, tool, call_id, tool_calls }: MessageRow): ModelMessage {
  if (role === 'tool') return { role, content, tool: tool ?? '', callId: call_id ?? '' };
  if (role === 'user') return parts === null ? { role, content } : { role, content, parts: JSON.parse(parts) };
  if (tool_calls === null) return { role, content };
  const toolCalls: ModelToolCall[] = JSON.parse(tool_calls);
  return { role, content, toolCalls };
}
