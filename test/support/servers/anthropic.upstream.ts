import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { objects, parseObject, string, type Json } from '../json.js';
import { LoopbackServer } from './loopback.server.js';

/** A block of an answer as Anthropic's Messages API has it. */
export type Block =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'text'; text: string }
  /** A text is the JSON of the input as the model wrote it. */
  | { type: 'tool_use'; id: string; name: string; input: Json | string };

/** The provider's reaction to a request. */
export type AnthropicPlan =
  | { does: 'reply'; blocks: readonly Block[]; stop?: string }
  /** Answers with that status and error. */
  | { does: 'refuse'; status: number; type: string; message?: string; headers?: Record<string, string> }
  /** 200 with a stream whose first event is that error. */
  | { does: 'fail in stream'; type: string }
  /** Destroys the connection after the first half of the answer. */
  | { does: 'cut'; blocks: readonly Block[] };

const USAGE = { input_tokens: 5, cache_read_input_tokens: 3, cache_creation_input_tokens: 0, output_tokens: 7 };

/** Anthropic on loopback. It streams its answers and follows a test's plans, one for each request. */
export class AnthropicUpstream extends LoopbackServer {
  readonly requests: { body: Json; key: unknown }[] = [];
  private readonly planned: AnthropicPlan[] = [];

  static async start(): Promise<AnthropicUpstream> {
    return await new AnthropicUpstream().listen();
  }

  get url(): string {
    return `${this.origin}/v1`;
  }

  next(...plans: AnthropicPlan[]): void {
    this.planned.push(...plans);
  }

  clear(): void {
    this.requests.length = 0;
    this.planned.length = 0;
  }

  /** The blocks of the assistant's messages of a request, oldest first. */
  sentBlocks(index: number): Json[] {
    const messages = objects(this.requests[index]?.body.messages);
    return messages.flatMap(({ role, content }) => (role === 'assistant' ? objects(content) : []));
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parseObject(await textOf(request));
    this.requests.push({ body, key: request.headers['x-api-key'] });
    const plan = this.planned.shift() ?? { does: 'reply', blocks: [{ type: 'text', text: 'Hello.' }] };
    if (plan.does === 'refuse') {
      response.writeHead(plan.status, { 'content-type': 'application/json', ...plan.headers });
      response.end(JSON.stringify(errorOf(plan.type, plan.message)));
      return;
    }
    const model = string(body.model);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (plan.does === 'fail in stream') response.end(frame(errorOf(plan.type)));
    else sendStream(response, model, plan);
  }
}

function sendStream(response: ServerResponse, model: string, plan: Extract<AnthropicPlan, { blocks: object }>): void {
  const message = { id: 'msg-1', type: 'message', role: 'assistant', content: [], stop_reason: null };
  const usage = { ...USAGE, output_tokens: 1 };
  const begin = frame({ type: 'message_start', message: { ...message, model: `${model}-2026`, usage } });
  const blocks = plan.blocks.map(framesOf);
  if (plan.does === 'cut') {
    cut(response, begin + blocks.join(''));
    return;
  }
  const stop_reason = plan.stop ?? stopOf(plan.blocks);
  const delta = { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 7 } };
  response.end(begin + blocks.join('') + frame(delta) + frame({ type: 'message_stop' }));
}

function framesOf(block: Block, index: number): string {
  const delta = (fields: Json): string => frame({ type: 'content_block_delta', index, delta: fields });
  const framed = (start: Json, ...deltas: Json[]): string =>
    frame({ type: 'content_block_start', index, content_block: { type: block.type, ...start } }) +
    deltas.map(delta).join('') +
    frame({ type: 'content_block_stop', index });
  switch (block.type) {
    case 'thinking': {
      const { thinking, signature } = block;
      const deltas = [
        { type: 'thinking_delta', thinking },
        { type: 'signature_delta', signature },
      ];
      return framed({ thinking: '', signature: '' }, ...deltas);
    }
    case 'text':
      return framed({ text: '' }, ...(block.text.match(/\S+\s*/g) ?? []).map((text) => ({ type: 'text_delta', text })));
    case 'tool_use': {
      const json = typeof block.input === 'string' ? block.input : JSON.stringify(block.input);
      const deltas = (json.match(/.{1,8}/gs) ?? []).map((partial_json) => ({ type: 'input_json_delta', partial_json }));
      return framed({ id: block.id, name: block.name, input: {} }, ...deltas);
    }
  }
}

function stopOf(blocks: readonly Block[]): string {
  return blocks.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
}

function errorOf(type: string, message = `The provider says ${type}.`): Json {
  return { type: 'error', error: { type, message } };
}

function frame(event: Json): string {
  return `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Sends the text and breaks off. */
function cut(response: ServerResponse, text: string): void {
  response.write(text, () => setImmediate(() => response.destroy()));
}
