import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelToolCall,
} from '../models/language.model.js';

/** A tool call of a script. The model adds its id and serializes its arguments. */
export interface ScriptedCall {
  /** The name of the tool, as the model reads it. */
  readonly tool: string;
  /** An object is sent as JSON. A string is sent unchanged, even if it is not JSON. Default: an empty object. */
  readonly arguments?: object | string;
}

/** One turn of the model: a text, tool calls, or a function of the request that returns either. */
export type ScriptedTurn =
  string | readonly ScriptedCall[] | ((request: ModelRequest) => string | readonly ScriptedCall[]);

/**
 * A model for tests. It returns the turns of its script in order and records the requests. It throws an Error if the
 * script has no further turn.
 *
 * @example
 * import { ScriptedModel } from 'rookery/testing';
 *
 * const model = new ScriptedModel(
 *   [{ tool: 'forecast', arguments: { city: 'Oslo' } }],
 *   ({ messages }) => `It said: ${messages.at(-1)?.content}`,
 * );
 */
export class ScriptedModel extends LanguageModel {
  /** The recorded requests, oldest first. */
  readonly requests: ModelRequest[] = [];
  readonly #turns: ScriptedTurn[];

  /**
   * Creates a model with a script.
   *
   * @param turns one turn for each model call.
   */
  constructor(...turns: ScriptedTurn[]) {
    super();
    this.#turns = turns;
  }

  /** Always true: the script answers, and records what a request has. */
  override supports(): boolean {
    return true;
  }

  /** Always `scripted`. */
  nameFor(): string {
    return 'scripted';
  }

  async reply(request: ModelRequest, { signal }: ModelCall): Promise<ModelReply> {
    signal.throwIfAborted();
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

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const reply = await this.reply(request, call);
    for (const text of reply.text.match(/\S+\s*/g) ?? []) yield { type: 'delta', text };
    yield { type: 'reply', reply };
  }
}

function toToolCall({ tool, arguments: input = {} }: ScriptedCall, callId: string): ModelToolCall {
  return { callId, name: tool, arguments: typeof input === 'string' ? input : JSON.stringify(input) };
}
