import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const TURN_MS = 120;
const EFFECT_MS = 100;
/** The tool calls of each turn of a task; the last turn is the text. */
const TURNS: readonly (readonly string[])[] = [['pay', 'note'], ['pay'], []];
/** The prefix of a task's message; any other message is answered at once. */
export const TASK = 'task ';
/** The prefix of tasks whose caller has too small a budget for them. */
export const LIMITED = `${TASK}limited `;
export const LAST_TURN = TURNS.length - 1;

const USAGE = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
/** The provider's charge for a call that it answers. */
export const TOKENS_PER_CALL = USAGE.total_tokens;

/** The text of every turn. */
const WORDS = ['Let ', 'me ', 'see. '];
export const REPLY = WORDS.join('');

interface ChatMessage {
  readonly role: string;
  readonly content: string | null;
}

interface Effect {
  readonly kind: string;
  count: number;
}

/** The simulated provider of all tasks, and the record of their tools' effects. It outlives the processes. */
export class Ledger {
  /** The turns that each task has requested, in order. */
  readonly asked = new Map<string, number[]>();
  /** The effects by idempotency key. */
  readonly effects = new Map<string, Effect>();
  /** How many tool results reported an unknown outcome to a model. */
  unknown = 0;
  /** Whether the provider answers every call with 503. */
  isDown = false;
  /** The tokens of the calls that were answered, by task. */
  readonly #billed = new Map<string, number>();
  /** The most tokens that the calls may cost, by task: an aborted call is charged by an estimate. */
  readonly #highest = new Map<string, number>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.keepAliveTimeout = 300_000;
  }

  static async start(): Promise<Ledger> {
    const ledger = new Ledger();
    await new Promise<void>((resolve) => ledger.#server.listen(0, '127.0.0.1', resolve));
    return ledger;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The ledger does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Returns the tokens of all answered calls of these tasks. */
  billOf(messages: readonly string[]): number {
    return total(this.#billed, messages);
  }

  /** Returns the most tokens that the calls of these tasks may cost, aborted ones included. */
  highestBillOf(messages: readonly string[]): number {
    return total(this.#highest, messages);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request).catch(() => undefined);
    if (body === undefined) return;
    if (request.url === '/effects') await this.#recordEffect(body, response);
    else await this.#think(body, response);
  }

  async #recordEffect(body: string, response: ServerResponse): Promise<void> {
    const { key, kind }: { key: string; kind: string } = JSON.parse(body);
    const effect = this.effects.get(key) ?? { kind, count: 0 };
    effect.count++;
    this.effects.set(key, effect);
    await sleep(EFFECT_MS);
    response.end('done');
  }

  async #think(body: string, response: ServerResponse): Promise<void> {
    if (this.isDown) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"Overloaded."}}');
      return;
    }
    const { messages, stream }: { messages: ChatMessage[]; stream?: boolean } = JSON.parse(body);
    if (stream !== true) {
      response.setHeader('content-type', 'application/json').end(jsonReply(REPLY));
      return;
    }
    const task = messages.find(({ role }) => role === 'user')?.content ?? '';
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    const isTask = task.startsWith(TASK);
    if (isTask) this.asked.set(task, [...(this.asked.get(task) ?? []), turn]);
    // No token has less than one character.
    add(this.#highest, task, TOKENS_PER_CALL + body.length);
    if (messages.at(-1)?.content?.includes('unknown') === true) this.unknown++;
    const calls = isTask ? (TURNS[turn] ?? []) : [];
    response.setHeader('content-type', 'text/event-stream');
    for (const word of WORDS) {
      response.write(chunk({ content: word }));
      await sleep(TURN_MS / WORDS.length);
    }
    if (calls.length > 0) response.write(chunk({ tool_calls: calls.map(toolCall) }));
    if (response.destroyed) return;
    add(this.#billed, task, TOKENS_PER_CALL);
    response.end(`${chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')}${usageChunk()}data: [DONE]\n\n`);
  }
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

function total(sums: ReadonlyMap<string, number>, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (sums.get(name) ?? 0), 0);
}

function toolCall(name: string, index: number): object {
  // All calls have the same id: a provider may do so, and the service must still distinguish the calls.
  return { index, id: 'call', type: 'function', function: { name, arguments: '{"amount":1}' } };
}

function jsonReply(content: string): string {
  const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' };
  return JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'ledger', choices: [choice] });
}

const CHUNK = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'ledger' };

function chunk(delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

function usageChunk(): string {
  return `data: ${JSON.stringify({ ...CHUNK, choices: [], usage: USAGE })}\n\n`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const piece of request) chunks.push(piece);
  return Buffer.concat(chunks).toString();
}
