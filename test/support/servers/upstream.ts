import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';
import { parseObject, type Json } from '../json.js';
import { LoopbackServer } from './loopback.server.js';
import { chatCompletions, responses, type Reply, type Wire } from './openai.wire.js';
import type { Plan, ReplyPlan, SendPlan } from './upstream.plan.js';

export type ModelApi = 'chat' | 'responses';

/** A request as received. */
export interface Received {
  api: ModelApi;
  path: string;
  headers: IncomingHttpHeaders;
  body: Json;
  /** The messages to the model, instructions first, as role `system`. */
  messages: { role: string; content: string }[];
  receivedAt: number;
  /** The caller's port: equal for requests over one connection. */
  port: number | undefined;
  /** When the caller closed the socket before the answer had ended. */
  abandonedAt?: number;
}

export const INPUT_TOKENS = 11;

/** A model provider on loopback that speaks Chat Completions and Responses, and follows a test's plans. */
export class Upstream extends LoopbackServer {
  readonly requests: Received[] = [];
  private readonly planned: Plan[] = [];
  private readonly byMessage = new Map<string, Plan>();
  private defaultPlan: Plan = { does: 'reply' };

  static async start(): Promise<Upstream> {
    return await new Upstream().listen();
  }

  get url(): string {
    return this.origin;
  }

  /** Sets the plans of the next requests, one each. */
  next(...plans: Plan[]): void {
    this.planned.push(...plans);
  }

  /** Sets the plan of every request that has no other. */
  always(plan: Plan): void {
    this.defaultPlan = plan;
  }

  /** Sets the plan of all requests with that last message. */
  when(message: string, plan: Plan): void {
    this.byMessage.set(message, plan);
  }

  /** Forgets all plans and all requests. */
  clear(): void {
    this.requests.length = 0;
    this.planned.length = 0;
    this.byMessage.clear();
    this.defaultPlan = { does: 'reply' };
  }

  /** Returns the first request with that last message. */
  asked(message: string): Received | undefined {
    return this.allAsked(message)[0];
  }

  /** Returns every request with that last message: more than one after a retry. */
  allAsked(message: string): Received[] {
    return this.requests.filter((request) => lastMessage(request) === message);
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const api = apiOf(request);
    const body = parseObject(await textOf(request));
    if (!api) {
      refuse(response, 404, { error: { message: `No such path: ${request.url}` } });
      return;
    }
    const wire = api === 'chat' ? chatCompletions : responses;
    const received: Received = {
      api,
      path: request.url ?? '',
      headers: request.headers,
      body,
      messages: wire.messages(body),
      receivedAt: Date.now(),
      port: request.socket.remotePort,
    };
    this.requests.push(received);
    const exchange = new Exchange(received, wire, response);
    await exchange.carryOut(this.byMessage.get(lastMessage(received)) ?? this.planned.shift() ?? this.defaultPlan);
  }
}

/** One request and its answer. */
class Exchange {
  private hangsUp = false;

  constructor(
    private readonly received: Received,
    private readonly wire: Wire,
    private readonly response: ServerResponse,
  ) {
    response.on('close', () => {
      if (!response.writableFinished && !this.hangsUp) received.abandonedAt = Date.now();
    });
  }

  private get isStreamed(): boolean {
    return this.received.body.stream === true;
  }

  async carryOut(plan: Plan): Promise<void> {
    switch (plan.does) {
      case 'reply':
        return this.reply(plan);
      case 'refuse':
        return refuse(
          this.response,
          plan.status,
          plan.body ?? { error: plan.error ?? errorOf(plan.status) },
          plan.headers,
        );
      case 'refuse temperature':
        return 'temperature' in this.received.body
          ? refuse(this.response, 400, { error: TEMPERATURE_REFUSED })
          : this.reply({ does: 'reply' });
      case 'refuse parameter':
        return plan.parameter in this.received.body
          ? refuse(this.response, 400, { error: plan.error })
          : this.reply({ does: 'reply' });
      case 'answer with body':
        if (!this.isStreamed) return this.sendJson(plan.body);
        this.response.writeHead(200, SSE_HEADERS);
        this.response.end(plan.events?.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
        return;
      case 'send':
        return this.send(plan);
      case 'decide':
        return this.carryOut(plan.by(this.received.body));
      case 'reset':
        this.hangsUp = true;
        this.response.socket?.resetAndDestroy();
        return;
      case 'stay silent':
        return;
      case 'answer html':
        this.response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome!</body></html>');
        return;
      case 'answer wrong json':
        return this.sendJson({ object: 'list', data: [] });
      case 'cut':
        await this.begin(plan.afterDeltas);
        return this.hangUp();
      case 'end unfinished':
        if (!this.isStreamed) return this.sendJson(this.wire.unfinished(this.replyOf({ does: 'reply' })));
        await this.begin(Infinity);
        this.response.end();
        return;
      case 'fail midway':
        if (!this.isStreamed) return this.sendJson(this.wire.failed(this.replyOf({ does: 'reply' })));
        await this.begin(2);
        this.response.end(this.frames({ does: 'reply' }).failure);
        return;
    }
  }

  private async reply(plan: ReplyPlan): Promise<void> {
    if (!this.isStreamed) {
      await plan.hold?.until;
      const reply = this.replyOf(plan);
      await pause((plan.firstDeltaMs ?? 0) + (plan.betweenDeltasMs ?? 0) * reply.deltas.length);
      this.sendJson(this.wire.whole(reply));
      return;
    }
    this.response.writeHead(200, SSE_HEADERS);
    const { opening, deltas, closing } = this.frames(plan);
    const { afterThoughts = 0, afterDeltas, until } = plan.hold ?? {};
    const held = afterThoughts === 0 ? 0 : opening.findIndex((frame) => THOUGHT.test(frame)) + afterThoughts;
    await this.write(opening.slice(0, held).join(''), plan);
    if (held > 0) await until;
    if (plan.breaksOff) return this.hangUp();
    await this.write(opening.slice(held).join(''), plan);
    if (plan.firstDeltaMs) await pause(plan.firstDeltaMs);
    for (const [index, delta] of deltas.entries()) {
      if (index === afterDeltas) await until;
      if (index > 0 && plan.betweenDeltasMs) await pause(plan.betweenDeltasMs);
      if (this.response.destroyed) return;
      await this.write(delta, plan);
    }
    if (afterDeltas !== undefined && afterDeltas >= deltas.length) await until;
    await this.write(closing.join(''), plan);
    this.response.end();
  }

  private async send({ texts, contentType, headers, ending = 'end' }: SendPlan): Promise<void> {
    const type = contentType ?? (this.isStreamed ? SSE_HEADERS : JSON_HEADERS)['content-type'];
    this.response.writeHead(200, { 'content-type': type, ...headers });
    this.response.flushHeaders();
    for (const text of texts) {
      this.response.write(text);
      await nextTick();
    }
    if (ending === 'end') this.response.end();
    if (ending === 'destroy') this.hangUp();
  }

  /** Sends the beginning of a reply: that many deltas of a stream, or half of a JSON body. */
  private async begin(deltaCount: number): Promise<void> {
    if (this.isStreamed) {
      this.response.writeHead(200, SSE_HEADERS);
      const { opening, deltas } = this.frames({ does: 'reply' });
      for (const frame of [...opening, ...deltas.slice(0, deltaCount)]) await this.write(frame, {});
    } else {
      const whole = JSON.stringify(this.wire.whole(this.replyOf({ does: 'reply' })));
      this.response.writeHead(200, JSON_HEADERS).write(whole.slice(0, whole.length / 2));
    }
    await nextTick();
  }

  private async write(frames: string, { pieceBytes, crlf }: Pick<ReplyPlan, 'pieceBytes' | 'crlf'>): Promise<void> {
    const bytes = Buffer.from(crlf ? `: a comment\n\n${frames}`.replaceAll('\n', '\r\n') : frames);
    const size = pieceBytes || bytes.length;
    for (let from = 0; from < bytes.length; from += size) {
      this.response.write(bytes.subarray(from, from + size));
      await nextTick();
    }
  }

  private sendJson(body: Json): void {
    this.response.writeHead(200, JSON_HEADERS).end(JSON.stringify(body));
  }

  private hangUp(): void {
    this.hangsUp = true;
    this.response.destroy();
  }

  private frames(plan: ReplyPlan) {
    return this.wire.frames(this.replyOf(plan), this.received.body);
  }

  private replyOf({ text, toolCalls = [], finish = 'stop', withoutUsage, ...thoughts }: ReplyPlan): Reply {
    const asked = this.received.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const said = text ?? (toolCalls.length > 0 ? '' : `Echo: ${asked}`);
    const deltas = said.match(/\S+\s*|\s+/gu) ?? [];
    const model = String(this.received.body.model);
    const usage = withoutUsage ? undefined : { inputTokens: INPUT_TOKENS, outputTokens: deltas.length };
    const { reasoning, encrypted } = thoughts;
    return { model, deltas, reasoning, encrypted, toolCalls, finish, usage };
  }
}

/** A piece of the reasoning in a frame. */
const THOUGHT = /reasoning_content|reasoning_summary_text/;
const JSON_HEADERS = { 'content-type': 'application/json' };
const SSE_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

const TEMPERATURE_REFUSED = {
  message: "Unsupported parameter: 'temperature' is not supported with this model.",
  type: 'invalid_request_error',
  param: 'temperature',
  code: 'unsupported_parameter',
};

function apiOf({ method, url = '' }: IncomingMessage): ModelApi | undefined {
  const [path] = url.split('?');
  if (method === 'POST' && path === '/v1/chat/completions') return 'chat';
  if (method === 'POST' && path === '/v1/responses') return 'responses';
  return undefined;
}

function lastMessage({ messages }: Received): string {
  return messages.at(-1)?.content ?? '';
}

/** Keeps no process alive. */
function pause(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}

function errorOf(status: number): Json {
  return { message: `Provider error ${status}`, type: 'provider_error', param: null, code: null };
}

function refuse(response: ServerResponse, status: number, body: Json, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...JSON_HEADERS, ...headers }).end(JSON.stringify(body));
}
