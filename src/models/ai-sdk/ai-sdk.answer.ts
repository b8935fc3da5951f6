import { randomUUID } from 'node:crypto';
import type { SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { AgentError } from '../../errors/agent.error.js';
import { isString } from '../../json/json.object.js';
import { jsonOrText } from '../../json/json.text.js';
import type { ModelReasoning, ModelReply, ModelRequest, ModelRoute, ModelUsage } from '../language.model.js';
import { fieldsOf, isCount, toCount } from '../openai/provider.answer.js';
import { BrokenAnswer, brokenAnswerError, contentFilterError } from '../openai/provider.failure.js';
import { toReasoning } from '../provider.data.js';
import { estimateUsage } from '../token.estimate.js';
import { mayBeRounded } from '../tool.arguments.js';
import type { StreamPart } from './ai-sdk.port.js';
import { type AnswerPart, providerDataOf } from './ai-sdk.turn.js';

type Content = Extract<StreamPart, { type: 'tool-call' | 'tool-result' | 'tool-approval-request' | 'custom' }>;
type CallContent = Extract<Content, { type: 'tool-call' }>;
/** How an answer ended. */
type AnswerEnd = Extract<StreamPart, { type: 'finish' }>;

/** A text that still arrives. */
interface Block {
  readonly type: 'text' | 'reasoning';
  text: string;
  metadata: SharedV4ProviderMetadata | undefined;
  /** `taken`: it is reasoning, and a caller has it. */
  state: 'open' | 'ended' | 'taken';
}

interface BlockDelta {
  readonly id: string;
  readonly delta?: string;
  readonly providerMetadata?: SharedV4ProviderMetadata;
}

/** Collects the parts of one answer, in the order in which they arrive. */
export class AnswerReader {
  readonly #parts: (Block | AnswerPart)[] = [];
  readonly #blocks = new Map<string, Block>();
  readonly #callIds = new Set<string>();
  #end: AnswerEnd | undefined;
  /** Some reasoning has ended that nobody has taken. */
  #hasEndedReasoning = false;
  /** Until the provider names another one, that of the route. */
  #model: string;

  /** @param source of the provider's data. */
  constructor(
    private readonly request: ModelRequest,
    private readonly route: ModelRoute,
    private readonly source: string,
  ) {
    this.#model = route.model;
    for (const message of request.messages) {
      if (message.role !== 'assistant') continue;
      for (const { callId } of message.toolCalls ?? []) this.#callIds.add(callId);
    }
  }

  /** Reads a part of a stream. Returns the text that it adds to the answer. */
  read(part: StreamPart): string {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start': {
        const type = part.type === 'text-start' ? 'text' : 'reasoning';
        this.#blocks.set(`${type} ${part.id}`, this.#open(type, '', part.providerMetadata));
        return '';
      }
      case 'text-delta':
      case 'text-end':
        return this.#extend('text', part);
      case 'reasoning-delta':
      case 'reasoning-end':
        this.#extend('reasoning', part);
        if (part.type === 'reasoning-end') this.#endReasoning(part.id);
        return '';
      case 'tool-call':
      case 'tool-result':
      case 'tool-approval-request':
      case 'custom':
        this.#add(part);
        return '';
      case 'response-metadata':
        this.#model = part.modelId ?? this.#model;
        return '';
      case 'finish':
        this.#end = part;
        return '';
      default:
        return '';
    }
  }

  /** The text so far of the first part of the reasoning, until it ends. Empty before and after it. */
  get thinking(): string {
    const first = this.#parts.find((part) => part.type === 'reasoning');
    return first !== undefined && 'state' in first && first.state === 'open' ? first.text : '';
  }

  /** The parts of the reasoning that have ended since the last call; after the end of the answer, all others. */
  takeReasoning(): ModelReasoning[] {
    if (!this.#hasEndedReasoning && this.#end === undefined) return [];
    this.#hasEndedReasoning = false;
    return this.#parts.flatMap((part) => {
      if (!('state' in part) || part.type !== 'reasoning') return [];
      if (part.state === 'taken' || (part.state === 'open' && this.#end === undefined)) return [];
      part.state = 'taken';
      return toPart(part).flatMap((each) => (each.type === 'reasoning' ? [this.#toReasoning(each)] : []));
    });
  }

  /** The complete answer. @throws AgentError if it is not complete. */
  finish(): ModelReply {
    if (this.#end === undefined) throw brokenAnswerError();
    const { finishReason, usage } = this.#end;
    assertComplete(finishReason);
    const parts = this.#parts.flatMap((part) => ('metadata' in part ? toPart(part) : [part]));
    const toolCalls = parts.flatMap((part) => (part.type === 'call' ? [part.call] : []));
    // Calls that never arrived, or that the provider has not made itself.
    if (finishReason.unified === 'tool-calls' && toolCalls.length === 0) throw brokenAnswerError(finishReason.unified);
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const providerData = providerDataOf(this.source, parts, this.route);
    const thoughts = parts.filter((part) => part.type === 'reasoning');
    const written = thoughts.map((part) => part.text).join('') + text;
    const reasoning = thoughts.map((part) => this.#toReasoning(part));
    return {
      text,
      toolCalls,
      model: this.#model,
      usage: usageOf(usage) ?? estimateUsage(this.request, written),
      isTruncated: finishReason.unified === 'length',
      ...(providerData && { providerData }),
      ...(reasoning.length > 0 && { reasoning }),
    };
  }

  #toReasoning({ text, providerOptions }: Extract<AnswerPart, { type: 'reasoning' }>): ModelReasoning {
    return toReasoning(text, this.source, optionsOf(providerOptions));
  }

  #endReasoning(id: string): void {
    this.#hasEndedReasoning = true;
    const block = this.#blocks.get(`reasoning ${id}`);
    if (block?.state === 'open') block.state = 'ended';
  }

  #open(type: Block['type'], text: string, metadata: SharedV4ProviderMetadata | undefined): Block {
    const block: Block = { type, text, metadata, state: 'open' };
    this.#parts.push(block);
    return block;
  }

  #extend(type: Block['type'], { id, delta = '', providerMetadata }: BlockDelta): string {
    const key = `${type} ${id}`;
    const known = this.#blocks.get(key);
    // Texts that arrive alternately stay in the order in which the caller reads them.
    const isLast = known !== undefined && this.#parts.findLast((part) => part.type === type) === known;
    const block = isLast || (known && delta === '') ? known : this.#open(type, '', undefined);
    this.#blocks.set(key, block);
    block.text += delta;
    block.metadata = providerMetadata ?? block.metadata;
    return delta;
  }

  #add(part: Content): void {
    switch (part.type) {
      case 'tool-call':
        this.#parts.push(part.providerExecuted === true ? toProviderCall(part) : this.#toOwnCall(part));
        return;
      case 'tool-result': {
        if (part.preliminary === true) return;
        const { toolCallId, toolName, result: value, isError, providerMetadata } = part;
        const output = { type: isError === true ? 'error-json' : 'json', value } as const;
        this.#parts.push({ type: 'tool-result', toolCallId, toolName, output, ...optionsOf(providerMetadata) });
        return;
      }
      case 'custom':
        this.#parts.push({ type: 'custom', kind: part.kind, ...optionsOf(part.providerMetadata) });
        return;
      case 'tool-approval-request': {
        const detail = 'The model provider waits for the approval of a tool of its own, which is not supported.';
        throw new AgentError('model_error', { detail });
      }
    }
  }

  /** The result of a call names its id, so each call has one of its own. */
  #toOwnCall({ toolCallId, toolName: name, input, providerMetadata }: CallContent): AnswerPart {
    const callId = toolCallId && !this.#callIds.has(toolCallId) ? toolCallId : `call-${randomUUID()}`;
    this.#callIds.add(callId);
    const text = argumentsOf(input);
    const call = { callId, name, arguments: text, ...(mayBeRounded(text) && { isInexact: true }) };
    return { type: 'call', call, ...optionsOf(providerMetadata) };
  }
}

/** @throws AgentError if the provider did not finish its answer. */
function assertComplete({ unified, raw }: AnswerEnd['finishReason']): void {
  if (unified === 'content-filter') throw contentFilterError(new BrokenAnswer(unified));
  // Some packages end a broken stream so.
  if (unified === 'interrupted') throw brokenAnswerError();
  if (unified === 'stop' || unified === 'length' || unified === 'tool-calls') return;
  throw brokenAnswerError(raw ?? unified);
}

function toPart({ type, text, metadata }: Block): AnswerPart[] {
  return text === '' && metadata === undefined ? [] : [{ type, text, ...optionsOf(metadata) }];
}

function toProviderCall({ toolCallId, toolName, input, providerMetadata }: CallContent): AnswerPart {
  return {
    type: 'tool-call',
    toolCallId,
    toolName,
    input: jsonOrText(argumentsOf(input)),
    providerExecuted: true,
    ...optionsOf(providerMetadata),
  };
}

/** Some providers send the object itself, and nothing for a tool without arguments. */
function argumentsOf(input: unknown): string {
  const text = isString(input) ? input : JSON.stringify(input ?? {});
  return text.trim() === '' ? '{}' : text;
}

function optionsOf(providerOptions: SharedV4ProviderMetadata | undefined): Pick<AnswerPart, 'providerOptions'> {
  return providerOptions === undefined ? {} : { providerOptions };
}

/** Undefined if the provider did not count. */
function usageOf(usage: unknown): ModelUsage | undefined {
  const { inputTokens, outputTokens } = fieldsOf(usage);
  const [input, output] = [fieldsOf(inputTokens), fieldsOf(outputTokens)];
  if (!isCount(input.total) || !isCount(output.total)) return undefined;
  return {
    inputTokens: input.total,
    outputTokens: output.total,
    cachedTokens: toCount(input.cacheRead),
    reasoningTokens: toCount(output.reasoning),
  };
}
