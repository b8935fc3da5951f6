import type { AgentError } from '../../errors/agent.error.js';
import type { PendingCall } from '../../runs/request/caller.tools.js';
import { deltaOf, type StoredEvent } from '../../runs/events/run.events.js';
import type { RunFact } from '../../runs/events/run.facts.js';
import { replyIdOf } from '../../runs/loop/transcript.js';
import { callIdOf, textIdOf } from '../item.ids.js';
import {
  type FunctionCallItem,
  type ItemStatus,
  type MessageItem,
  messageOf,
  type OutputItem,
  outputText,
  withoutEncrypted,
} from './output.items.js';
import { ReasoningItems, type Thought } from './reasoning.items.js';
import type { ReasoningView } from './reasoning.seal.js';
import { type ResponseEcho, type ResponseObject, responseOf, type ResponseState } from './response.object.js';

/** An event of a streamed response. */
export interface ResponseEvent {
  readonly type: string;
  /** 0, 1, 2 … */
  readonly sequence: number;
  /** The event as JSON, in one line. */
  readonly data: string;
}

/** How a run ended. */
export interface RunEndState extends Omit<ResponseState, 'output'> {
  /** The answer of the run. Default: the text of its events. */
  readonly text?: string | undefined;
  /** The calls that wait for results of the client. Default: none. */
  readonly calls?: readonly PendingCall[] | undefined;
  /** The failure, for callers that get no response then. */
  readonly failure?: AgentError;
}

/** The model writes other text after these. A call that is refused has no `tool.started`. */
const ENDS_TEXT: ReadonlySet<string> = new Set(['tool.started', 'tool.completed', 'handoff']);

/** The message that the model writes. */
interface OpenMessage {
  readonly id: string;
  readonly index: number;
  /** The JSON of an event with a delta, up to the text. */
  readonly deltaHead: string;
  /** Its text as JSON, without quotes. */
  json: string;
}

/**
 * Translates the events of a run to those of a response. Ids and numbers depend on the events alone, so any replica
 * continues a stream where another one has left it.
 */
export class ResponseFold {
  #sequence = 0;
  #index = 0;
  #message: OpenMessage | undefined;
  #output: OutputItem[] = [];
  /** The turn that goes on. Its items have ids of its message. */
  #turn = 1;
  /** The last turn with calls that has ended, and the length of the output then. */
  #ended = 0;
  #standing = 0;
  /** The answer has ended. If the model writes more, it did not match its schema. */
  #isAnswered = false;
  /** Parts of the reasoning that ended after the message of their turn had begun. */
  #late: Thought[] = [];
  readonly #thoughts: ReasoningItems;
  #events: ResponseEvent[] = [];
  #response: ResponseObject;
  #failure: AgentError | undefined;

  constructor(
    private readonly runId: string,
    private readonly echo: ResponseEcho,
    private readonly reasoning?: ReasoningView,
  ) {
    const stream = { add: this.#add.bind(this), nextIndex: () => this.#index++ };
    this.#thoughts = new ReasoningItems(runId, stream, reasoning);
    this.#response = this.#build({ status: echo.background ? 'queued' : 'in_progress' });
  }

  /** True if the run outlives its readers, so that they can come back. */
  get isResumable(): boolean {
    return this.echo.background;
  }

  /** Why the run failed or was cancelled, after `end`. */
  get failure(): AgentError | undefined {
    return this.#failure;
  }

  /** The response so far; after `end`, the whole one. */
  get response(): ResponseObject {
    return this.#response;
  }

  /** The items for a later input, with all that the model needs. */
  get items(): readonly OutputItem[] {
    return this.#output;
  }

  /** The events before those of the run. */
  start(): readonly ResponseEvent[] {
    // Both events have the same response.
    const response = JSON.stringify(this.#response);
    for (const type of ['response.created', this.echo.background ? 'response.queued' : 'response.in_progress']) {
      const sequence = this.#sequence++;
      const data = `{"type":"${type}","response":${response},"sequence_number":${sequence}}`;
      this.#events.push({ type, sequence, data });
    }
    return this.#taken();
  }

  /** The events of a batch of the run's events. The last one of a run is passed to `end` after it. */
  next(batch: readonly StoredEvent[]): readonly ResponseEvent[] {
    for (const event of batch) {
      if (event.facts !== undefined) for (const fact of event.facts) this.#addFact(fact);
      const delta = deltaOf(event);
      if (delta !== undefined) this.#addDelta(delta);
      else if (event.type === 'run.started' && this.echo.background) this.#begin();
      else if (event.type === 'run.restarted') this.#restart();
      else if (ENDS_TEXT.has(event.type)) this.#endText();
    }
    return this.#taken();
  }

  /** The last event. */
  end(end: RunEndState): readonly ResponseEvent[] {
    const isComplete = end.status === 'completed';
    this.#failure = end.failure;
    const { calls = [], text } = end;
    if (text !== undefined && calls.length === 0) this.#replaceText(text);
    const phase = calls.length > 0 ? 'commentary' : 'final_answer';
    this.#closeMessage(isComplete ? 'completed' : 'incomplete', isComplete ? phase : undefined);
    for (const call of calls) this.#addCall(call);
    this.#response = this.#build(end);
    const type = isComplete || end.status === 'incomplete' ? `response.${end.status}` : 'response.failed';
    this.#add(type, { response: this.#response });
    return this.#taken();
  }

  #build(state: RunEndState): ResponseObject {
    const isWhole = this.reasoning?.isEncryptedShown === true;
    const output = isWhole ? this.#output : this.#output.map(withoutEncrypted);
    return responseOf(this.runId, this.echo, { ...state, output });
  }

  #begin(): void {
    this.#response = this.#build({ status: 'in_progress' });
    this.#add('response.in_progress', { response: this.#response });
  }

  /** Another attempt goes on with the turn that has not ended. */
  #restart(): void {
    this.#turn = this.#ended + 1;
    this.#voidTurn();
  }

  #addFact(fact: RunFact): void {
    // A later attempt repeats the facts of the turns that have ended.
    if (fact.turn <= this.#ended) return;
    this.#turn = fact.turn;
    if (fact.type !== 'turn.completed') {
      if (this.#isAnswered) this.#voidTurn();
      const isLate = this.#message !== undefined;
      if (fact.type === 'reasoning.delta') {
        if (!isLate) this.#thoughts.addDelta(fact);
      } else if (isLate) this.#late.push(fact);
      else this.#output.push(this.#thoughts.end(fact));
      return;
    }
    const { text = '', calls, turn } = fact;
    if (text !== '' && (this.#isAnswered || this.#message === undefined)) this.#addDelta(JSON.stringify(text));
    this.#turn = turn + 1;
    this.#isAnswered = calls === 0;
    if (this.#isAnswered) return;
    this.#ended = turn;
    this.#endTurn();
  }

  /** @param json the text as JSON, with quotes. */
  #addDelta(json: string): void {
    if (this.#isAnswered) this.#voidTurn();
    this.#message ??= this.#openMessage();
    this.#message.json += json.slice(1, -1);
    const sequence = this.#sequence++;
    // Most events are of this type, so their JSON is not built from objects.
    const data = `${this.#message.deltaHead}${json},"logprobs":[],"sequence_number":${sequence}}`;
    this.#events.push({ type: 'response.output_text.delta', sequence, data });
  }

  #openMessage(): OpenMessage {
    this.#thoughts.void();
    const index = this.#index++;
    const id = textIdOf(replyIdOf(this.runId, this.#turn));
    this.#add('response.output_item.added', { output_index: index, item: messageOf(id, 'in_progress', []) });
    this.#add('response.content_part.added', {
      item_id: id,
      output_index: index,
      content_index: 0,
      part: outputText(''),
    });
    const at = JSON.stringify({
      type: 'response.output_text.delta',
      item_id: id,
      output_index: index,
      content_index: 0,
    });
    return { id, index, deltaHead: `${at.slice(0, -1)},"delta":`, json: '' };
  }

  /** The model has called tools. Without facts, nothing else tells that its turn has ended. */
  #endText(): void {
    if (this.#message !== undefined) this.#turn++;
    this.#endTurn();
  }

  /** The model has called tools: what it has written stays. */
  #endTurn(): void {
    this.#closeMessage('completed', 'commentary');
    this.#standing = this.#output.length;
  }

  #closeMessage(status: ItemStatus, phase: MessageItem['phase']): void {
    if (this.#message !== undefined) {
      const item = this.#endMessage(this.#message, status, phase);
      this.#message = undefined;
      this.#output.push(item);
    }
    this.#thoughts.void();
    for (const fact of this.#late.splice(0)) this.#output.push(this.#thoughts.end(fact));
  }

  /** An answer that did not match its schema is written again: the events have both, the run has the last one. */
  #replaceText(text: string): void {
    if (this.#message !== undefined && textOf(this.#message) === text) return;
    if (this.#isAnswered) this.#turn--;
    this.#isAnswered = false;
    this.#voidMessage();
    if (text !== '') this.#addDelta(JSON.stringify(text));
  }

  /** The turn that has begun is void, with its reasoning. The output leaves out its items. */
  #voidTurn(): void {
    this.#isAnswered = false;
    this.#thoughts.voidTurn();
    this.#voidMessage();
    this.#late = [];
    this.#output.length = this.#standing;
  }

  /** The text of an attempt that broke off is void. The output leaves out its item. */
  #voidMessage(): void {
    if (this.#message !== undefined) this.#endMessage(this.#message, 'incomplete', undefined);
    this.#message = undefined;
  }

  #endMessage(message: OpenMessage, status: ItemStatus, phase: MessageItem['phase']): MessageItem {
    const { id, index } = message;
    const text = textOf(message);
    const at = { item_id: id, output_index: index, content_index: 0 };
    const item = messageOf(id, status, [outputText(text)], phase);
    this.#add('response.output_text.done', { ...at, text, logprobs: [] });
    this.#add('response.content_part.done', { ...at, part: outputText(text) });
    this.#add('response.output_item.done', { output_index: index, item });
    return item;
  }

  #addCall({ call_id, tool: name, arguments: text }: PendingCall): void {
    const index = this.#index++;
    const id = callIdOf(replyIdOf(this.runId, this.#ended || this.#turn), call_id);
    const item: FunctionCallItem = { type: 'function_call', id, call_id, name, arguments: text, status: 'completed' };
    const at = { item_id: id, output_index: index };
    const added: FunctionCallItem = { ...item, arguments: '', status: 'in_progress' };
    this.#add('response.output_item.added', { output_index: index, item: added });
    this.#add('response.function_call_arguments.delta', { ...at, delta: text });
    this.#add('response.function_call_arguments.done', { ...at, name, arguments: text });
    this.#add('response.output_item.done', { output_index: index, item });
    this.#output.push(item);
  }

  #add(type: string, fields: object): void {
    const sequence = this.#sequence++;
    this.#events.push({ type, sequence, data: JSON.stringify({ type, ...fields, sequence_number: sequence }) });
  }

  #taken(): readonly ResponseEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function textOf({ json }: OpenMessage): string {
  return String(JSON.parse(`"${json}"`));
}
