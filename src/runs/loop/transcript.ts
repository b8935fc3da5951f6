import { readStoredJson } from '../../json/stored.json.js';
import { AgentError } from '../../errors/agent.error.js';
import type {
  ModelMessage,
  ModelReasoning,
  ModelReply,
  ModelToolCall,
  ModelUsage,
} from '../../models/language.model.js';
import { isMessageParts, isProviderData, isStoredReasoning, isToolCalls } from '../../models/stored.reply.js';
import { estimateMessage, estimateTokens } from '../../models/token.estimate.js';
import { NO_USAGE, sumOf } from '../../usage/token.usage.js';
import type { MessageRow, Turn } from '../../sessions/message.row.js';

/** Characters of a tool result that stay if the conversation is too long for the model. */
const CUT_LENGTH = 2000;
/** Follows the beginning of a result. */
export const LEFT_OUT = '… [The rest of this result is left out.]';
/** Marks a message of the developer in `messages.tool`. */
export const DEVELOPER = 'developer';
const MAX_CUT_LENGTH = CUT_LENGTH + LEFT_OUT.length;

/** The id of the message that the model has written in a turn. @param turn from 1 */
export function replyIdOf(runId: string, turn: number): string {
  return `${runId}-t${turn}`;
}

/** How the model has come to a reply. */
interface ReplyOrigin {
  /** The number of the turn, from 1. */
  readonly turn: number;
  /** The reasoning that is stored with it. */
  readonly reasoning: readonly ModelReasoning[];
}

/** The messages of one run, for the model and for the session. */
export class Transcript {
  #messages: ModelMessage[];
  /** The replies of the model in this run. Their reasoning is for the session: models get the data of the provider. */
  readonly #replies = new Map<ModelMessage, ReplyOrigin>();
  #historyLength = 0;
  #usage = NO_USAGE;
  #isRepairRequested = false;

  /**
   * @param input the messages with which the run begins.
   * @param parent the transcript of the parent agent, which also counts the usage of this one.
   */
  constructor(
    private readonly input: readonly ModelMessage[],
    private readonly parent?: Transcript,
  ) {
    this.#messages = [...input];
  }

  /** The newest message of the user in the input of this run; empty without one. */
  get question(): string {
    return this.input.findLast(({ role }) => role === 'user')?.content ?? '';
  }

  /** Puts earlier runs before this one: a summary of the oldest turns, then the newest turns. */
  prependHistory(summary: readonly ModelMessage[], turns: readonly Turn[]): void {
    const earlier = [...summary, ...turns.flat().map(fromRow)];
    this.#messages = [...earlier, ...this.#messages];
    this.#historyLength += earlier.length;
  }

  /** All messages including those of earlier runs, oldest first. */
  get messages(): readonly ModelMessage[] {
    return this.#messages;
  }

  /** Usage of all model calls of this agent and of the agents that it asked. */
  get usage(): Required<ModelUsage> {
    return this.#usage;
  }

  addReply({ text, toolCalls = [], usage, providerData }: ModelReply, origin: ReplyOrigin): void {
    this.addUsage(usage);
    const message: ModelMessage = {
      role: 'assistant',
      content: text,
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
      ...(providerData ? { providerData } : {}),
    };
    this.#messages.push(message);
    this.#replies.set(message, origin);
  }

  /** Cuts the tool results of this run; without long ones, forgets the older half of the earlier runs. */
  shorten(): boolean {
    return this.#cutResults() || this.#dropOlderHalf();
  }

  /** Returns false if no result is long. */
  #cutResults(): boolean {
    const isLong = ({ role, content }: ModelMessage, index: number): boolean =>
      index >= this.#historyLength && role === 'tool' && content.length > MAX_CUT_LENGTH;
    if (!this.#messages.some(isLong)) return false;
    this.#messages = this.#messages.map((message, index) => (isLong(message, index) ? cut(message) : message));
    return true;
  }

  /** Forgets about half of the earlier runs, the oldest ones. Returns false if it has none. */
  #dropOlderHalf(): boolean {
    if (this.#historyLength === 0) return false;
    const sizes = this.#messages.slice(0, this.#historyLength).map(estimateMessage);
    let left = sizes.reduce((sum, size) => sum + size, 0) / 2;
    const half = sizes.findIndex((size) => (left -= size) <= 0) + 1;
    // A result must not lose its call, in this run neither.
    const isContinued = this.#messages[this.#historyLength]?.role === 'tool';
    const lastTurn = this.#messages.findLastIndex(({ role }, index) => role === 'user' && index < this.#historyLength);
    const most = isContinued ? lastTurn : this.#historyLength;
    const next = this.#messages.findIndex(({ role }, index) => index >= half && role === 'user');
    const dropped = next === -1 ? most : Math.min(next, most);
    if (dropped <= 0) return false;
    this.#messages = this.#messages.slice(dropped);
    this.#historyLength -= dropped;
    return true;
  }

  /**
   * Asks the model once to repair an answer that does not match the output schema.
   *
   * @throws AgentError `model_output_invalid` the second time.
   */
  requestRepair(fault: string): void {
    if (this.#isRepairRequested) throw new AgentError('model_output_invalid');
    this.#isRepairRequested = true;
    this.#messages.push({ role: 'user', content: `The answer does not match the output schema: ${fault}` });
  }

  /** Adds the usage of this agent, or of an agent that it asked. */
  addUsage(usage: ModelUsage): void {
    this.#usage = sumOf(this.#usage, usage);
    this.parent?.addUsage(usage);
  }

  addResult({ callId, name }: ModelToolCall, content: string): void {
    this.#messages.push({ role: 'tool', callId, tool: name, content });
  }

  /** The messages of this run as rows, from `position` on. */
  rows(at: Pick<MessageRow, 'tenant' | 'session_id' | 'run_id' | 'position' | 'created_at'>): MessageRow[] {
    return this.#messages.slice(this.#historyLength).map((message, index) => {
      const reply = this.#replies.get(message);
      return Object.assign(toColumns(message, reply?.reasoning), at, {
        position: at.position + index,
        message_id: reply ? replyIdOf(at.run_id, reply.turn) : `${at.run_id}-${index}`,
      });
    });
  }
}

function cut(result: ModelMessage): ModelMessage {
  return { ...result, content: result.content.slice(0, CUT_LENGTH).toWellFormed() + LEFT_OUT };
}

type Columns = Pick<
  MessageRow,
  'role' | 'content' | 'parts' | 'tool' | 'call_id' | 'tool_calls' | 'provider_data' | 'reasoning' | 'tokens'
>;

function toColumns(message: ModelMessage, replied?: readonly ModelReasoning[]): Columns {
  const { role, content } = message;
  const answer = message.role === 'assistant' ? message : undefined;
  const calls = answer?.toolCalls ? JSON.stringify(answer.toolCalls) : null;
  const providerData = answer?.providerData ? JSON.stringify(answer.providerData) : null;
  const reasoning = storedReasoning(replied ?? answer?.reasoning ?? []);
  const result =
    message.role === 'tool'
      ? { tool: message.tool, call_id: message.callId }
      : { tool: role === 'developer' ? DEVELOPER : null, call_id: null };
  const parts = message.role === 'user' && message.parts ? JSON.stringify(message.parts) : null;
  const tokens = estimateMessage(message) + (calls === null ? 0 : estimateTokens(calls));
  // Older replicas know no developers: they read a message of the user.
  const storedRole = role === 'developer' ? 'user' : role;
  const data = { tool_calls: calls, provider_data: providerData, reasoning };
  return { role: storedRole, content, parts, ...result, ...data, tokens };
}

function storedReasoning(reasoning: readonly ModelReasoning[]): string | null {
  if (reasoning.length === 0) return null;
  return JSON.stringify(reasoning.map(({ text, providerData }, part) => ({ part, text, providerData })));
}

function fromRow(row: MessageRow): ModelMessage {
  const { role, content, parts, tool, call_id, tool_calls, provider_data } = row;
  if (role === 'tool') return { role, content, tool: tool ?? '', callId: call_id ?? '' };
  if (role === 'user') {
    if (tool === DEVELOPER) return { role: 'developer', content };
    if (parts === null) return { role, content };
    return { role, content, parts: readStoredJson(parts, 'messages.parts', isMessageParts) };
  }
  return {
    role,
    content,
    ...(tool_calls === null ? {} : { toolCalls: readStoredJson(tool_calls, 'messages.tool_calls', isToolCalls) }),
    ...(provider_data === null
      ? {}
      : { providerData: readStoredJson(provider_data, 'messages.provider_data', isProviderData) }),
    ...returnedReasoning(row),
  };
}

/** The reasoning that a client has sent with the message, or of which a part was deleted. Other replies have all data. */
function returnedReasoning({ provider_data, reasoning }: MessageRow): { readonly reasoning?: ModelReasoning[] } {
  if (provider_data !== null || reasoning === null) return {};
  const parts = readStoredJson(reasoning, 'messages.reasoning', isStoredReasoning);
  const returned = parts.flatMap(({ text, providerData }) => (providerData ? [{ text, providerData }] : []));
  return returned.length === 0 ? {} : { reasoning: returned };
}
