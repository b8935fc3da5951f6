import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelToolCall,
} from '../models/language.model.js';

/** A tool call as a script has it; its id and the form of its arguments are filled in. */
export interface ScriptedCall {
  readonly tool: string;
  /** An object is sent as JSON; a text as it is, however broken. */
  readonly arguments?: object | string;
}

/** One turn of the model: its text, the tools it calls, or what it makes of the request. */
export type ScriptedTurn =
  string | readonly ScriptedCall[] | ((request: ModelRequest) => string | readonly ScriptedCall[]);

/**
 * A model for tests: it gives the turns of its script in order and keeps what it was asked.
 *
 * @example
 * const model = new ScriptedModel([{ tool: 'forecast', arguments: { city: 'Oslo' } }], 'It will rain.');
 */
export class ScriptedModel extends LanguageModel {
  /** What it was asked, oldest first. */
  readonly requests: ModelRequest[] = [];
  readonly #turns: ScriptedTurn[];

  constructor(...turns: ScriptedTurn[]) {
    super();
    this.#turns = turns;
  }

  nameFor(): string {
    return 'scripted';
  }

  async reply(request: ModelRequest, { signal }: ModelCall): Promise<ModelReply> {
    signal.throwIfAborted();
    return this.#next(request);
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const reply = await this.reply(request, call);
    for (const text of reply.text.match(/\S+\s*/g) ?? []) yield { type: 'delta', text };
    yield { type: 'reply', reply };
  }

  #next(request: ModelRequest): ModelReply {
    const index = this.requests.push({ ...request, messages: [...request.messages] });
    const turn = this.#turns.shift();
    if (turn === undefined) throw new Error(`The script has no turn ${index}.`);
    const given = typeof turn === 'function' ? turn(request) : turn;
    const isText = typeof given === 'string';
    return {
      text: isText ? given : '',
      toolCalls: isText ? [] : given.map((call, place) => toToolCall(call, `call-${index}-${place}`)),
      model: 'scripted',
      usage: { inputTokens: 10, outputTokens: 5 },
      isTruncated: false,
    };
  }
}

function toToolCall({ tool, arguments: input = {} }: ScriptedCall, callId: string): ModelToolCall {
  return { callId, name: tool, arguments: typeof input === 'string' ? input : JSON.stringify(input) };
}
