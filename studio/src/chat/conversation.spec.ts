import { jest } from '@jest/globals';
import { RookeryClient } from 'rookery/client';
import { Conversation } from './conversation';

const SESSION = { type: 'run.started', session_id: 's-1', run_id: 'r-1', agent_role: 'a', model: 'm' };
const RESPONSE = { session_id: 's-1', run_id: 'r-1', output: 'Done.', tool_calls: [], usage: { total_tokens: 1 } };

/** A stream that the test writes. */
class Stream {
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly response = new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
    }),
  );

  send(sequence: number, event: object): void {
    const data = JSON.stringify({ run_id: 'r-1', sequence, ...event });
    this.#controller?.enqueue(new TextEncoder().encode(`id: ${sequence}\ndata: ${data}\n\n`));
  }

  /** Ends an answer of one body. */
  sendText(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text));
    this.#controller?.close();
  }

  break(): void {
    this.#controller?.error(new TypeError('terminated'));
  }
}

let sent: string[];
let bodies: unknown[];
let answers: (Response | Error)[];
let conversation: Conversation;
const names = ['sessionStorage', 'window'] as const;
const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));

beforeEach(() => {
  // Streams need the others.
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
    removeItem: (key: string) => stored.delete(key),
  };
  const values = { sessionStorage: storage, window: new EventTarget() };
  for (const name of names) Object.defineProperty(globalThis, name, { value: values[name], configurable: true });
  sent = [];
  bodies = [];
  answers = [];
  const client = new RookeryClient({
    baseUrl: 'http://rookery.test',
    maxRetries: 0,
    fetch: async (input, init) => {
      const { method, url } = new Request(input, { ...init, signal: null });
      sent.push(`${method} ${new URL(url).pathname}`);
      if (typeof init?.body === 'string') bodies.push(JSON.parse(init.body));
      const answer = answers.shift() ?? new Response(null, { status: 404 });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  conversation = new Conversation(client, () => undefined);
});

afterEach(() => {
  conversation.close();
  jest.useRealTimers();
  names.forEach((name, index) => {
    const descriptor = before[index];
    if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, descriptor);
  });
});

/** Lets time pass, and what was sent arrive. */
async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  await jest.advanceTimersByTimeAsync(0);
}

const CHAT = 'POST /api/v2/agent/chat';
const EVENTS = 'GET /api/v2/agent/runs/r-1/events';

function begin(): Stream {
  const stream = new Stream();
  answers.push(stream.response);
  return stream;
}

describe('a conversation', () => {
  it('renders a hundred deltas a second at most twenty times', async () => {
    let renders = 0;
    await conversation.open(undefined);
    conversation.subscribe(() => {
      renders += 1;
    });
    const stream = begin();
    conversation.send({ input: 'Count' });
    await pass(0);
    stream.send(1, SESSION);
    await pass(100);
    renders = 0;
    for (let n = 2; n < 102; n += 1) {
      stream.send(n, { type: 'message.delta', delta: 'word ' });
      await pass(10);
    }
    expect(renders).toBeGreaterThan(10);
    expect(renders).toBeLessThanOrEqual(20);
    const [turn] = conversation.state.turns;
    expect(turn?.parts).toEqual([{ kind: 'text', text: 'word '.repeat(100) }]);
  });

  it('follows its run while a proxy answers for a service that restarts', async () => {
    await conversation.open(undefined);
    const stream = begin();
    conversation.send({ input: 'Count' });
    await pass(0);
    stream.send(1, SESSION);
    stream.send(2, { type: 'message.delta', delta: 'one ' });
    await pass(0);
    const rest = new Stream();
    answers.push(
      new Response('Bad gateway', { status: 502 }),
      new Response('Bad gateway', { status: 503 }),
      rest.response,
    );
    stream.break();
    await pass(3000);
    expect(conversation.state.turns[0]?.status).toBe('reconnecting');
    await pass(5000);
    rest.send(3, { type: 'message.delta', delta: 'two' });
    rest.send(4, { type: 'run.completed', response: RESPONSE });
    await pass(100);
    expect(conversation.state.turns[0]).toMatchObject({ status: 'completed', parts: [{ text: 'one two' }] });
    expect(sent.filter((call) => call === CHAT)).toHaveLength(1);
    expect(sessionStorage.getItem('rookery.studio.active')).toBeNull();
  });

  it('fails with the first answer of a service that is away, so that the person may ask again', async () => {
    await conversation.open(undefined);
    answers.push(new Response('Bad gateway', { status: 502 }));
    conversation.send({ input: 'Count' });
    await pass(100);
    expect(conversation.state.turns[0]?.status).toBe('failed');
  });

  it('stops a run that has not begun as soon as it begins', async () => {
    await conversation.open(undefined);
    const stream = begin();
    conversation.send({ input: 'Count' });
    await pass(0);
    await conversation.stop();
    expect(sent).toEqual([CHAT]);
    answers.push(Response.json({ run_id: 'r-1', status: 'cancelled' }));
    stream.send(1, SESSION);
    await pass(0);
    expect(sent).toEqual([CHAT, 'POST /api/v1/agent/runs/r-1/cancel']);
  });

  it('sends a request once if the page opens its session again', async () => {
    await conversation.open(undefined);
    const stream = begin();
    conversation.send({ input: 'Count' });
    await conversation.open(undefined);
    await pass(0);
    stream.send(1, SESSION);
    await pass(100);
    await conversation.open('s-1');
    expect(sent).toEqual([CHAT]);
    expect(conversation.state.turns).toHaveLength(1);
  });

  it('drops the history of another session that arrives late', async () => {
    const late = new Stream();
    const page = (content: string) => ({
      items: [{ message_id: content, run_id: 'r', role: 'user', content, created_at: '' }],
      next_cursor: null,
    });
    answers.push(late.response, Response.json({ session_id: 's-1' }));
    const first = conversation.open('s-1');
    await pass(0);
    answers.push(Response.json(page('of two')), Response.json({ session_id: 's-2' }));
    await conversation.open('s-2');
    late.sendText(JSON.stringify(page('of one')));
    await first;
    expect(conversation.state.history.map(({ content }) => content)).toEqual(['of two']);
  });

  it('brings the results of all open calls together, with the tools of before', async () => {
    await conversation.open(undefined);
    const stream = begin();
    const tools = [{ name: 'look' }];
    conversation.send({ input: 'Look', tools, temperature: 1 });
    await pass(0);
    stream.send(1, SESSION);
    const pending_calls = [
      { call_id: 'c-1', tool: 'look', arguments: '{"at":1}' },
      { call_id: 'c-2', tool: 'look', arguments: 'no JSON' },
    ];
    const response = { ...RESPONSE, output: '', finish_reason: 'tool_calls', pending_calls };
    stream.send(2, { type: 'run.completed', response });
    await pass(100);
    const next = begin();
    conversation.answer([{ call_id: 'c-1', output: 'seen' }], true);
    await pass(0);
    expect(bodies.at(-1)).toEqual({
      session_id: 's-1',
      tools,
      temperature: 1,
      tool_results: [{ call_id: 'c-1', output: 'seen' }],
      abandon_calls: true,
    });
    expect(conversation.state.turns[1]?.parts).toMatchObject([
      { kind: 'tool', tool: 'look', arguments: { at: 1 }, output: 'seen' },
      { kind: 'tool', tool: 'look', arguments: 'no JSON', error: expect.stringContaining('No result') },
    ]);
    next.send(1, SESSION);
    await pass(100);
    conversation.close();
    begin();
    await conversation.open('s-1');
    expect(conversation.state.turns[0]?.parts).toMatchObject([{ tool: 'c-1', output: 'seen' }]);
  });

  it('gives the open calls up if a message is sent', async () => {
    const pending_calls = [{ call_id: 'c-1', tool: 'look', arguments: '{}' }];
    answers.push(
      Response.json({ items: [], next_cursor: null }),
      Response.json({ session_id: 's-1', agent_role: 'a', pending_calls }),
    );
    await conversation.open('s-1');
    begin();
    conversation.send({ input: 'Forget it' });
    await pass(0);
    expect(bodies.at(-1)).toEqual({ input: 'Forget it', session_id: 's-1', abandon_calls: true });
  });

  it('begins a fork with what it inherits, and answers there', async () => {
    await conversation.open(undefined);
    const stream = begin();
    conversation.send({ input: 'One' });
    await pass(0);
    stream.send(1, SESSION);
    stream.send(2, { type: 'run.completed', response: RESPONSE });
    await pass(100);
    begin().send(1, { ...SESSION, run_id: 'r-2' });
    conversation.send({ input: 'Two' });
    await pass(100);
    const [, second] = conversation.state.turns;
    const fork = second && conversation.forkOfTurn(second, 'Other');
    if (fork === undefined) throw new Error('The turn cannot be forked.');
    begin();
    conversation.fork(fork);
    await pass(0);
    expect(bodies.at(-1)).toEqual({ input: 'Other', fork_from: 'r-1', abandon_calls: true });
    expect(conversation.state).toMatchObject({ sessionId: undefined, source: 's-1' });
    expect(conversation.state.turns.map(({ request }) => request.input)).toEqual(['One', 'Other']);
  });

  it.each([
    ['has begun', [SESSION]],
    ['has not begun', []],
  ])('shows what a fork inherits after a reload, if its run %s', async (_, events) => {
    const message = (run_id: string) => ({ message_id: run_id, run_id, role: 'user', content: run_id, created_at: '' });
    await conversation.open(undefined);
    const stream = begin();
    const kept = { history: [], isWhole: true, turns: [] };
    conversation.fork({ request: { input: 'Other', fork_from: 'r-2', abandon_calls: true }, kept, source: 's-0' });
    await pass(0);
    events.forEach((event, index) => stream.send(index + 1, event));
    await pass(100);
    const { sessionId } = conversation.state;
    conversation.close();
    begin();
    // A session without messages does not exist yet.
    if (sessionId !== undefined) answers.push(new Response(null, { status: 404 }), new Response(null, { status: 404 }));
    answers.push(
      Response.json({ run_id: 'r-2', kind: 'stream', session_id: 's-0' }),
      Response.json({ items: ['r-3', 'r-2', 'r-1'].map(message), next_cursor: null }),
    );
    await conversation.open(sessionId);
    expect(conversation.state).toMatchObject({ source: 's-0', isWhole: true, hasOlder: false, isLoading: false });
    expect(conversation.state.history.map(({ content }) => content)).toEqual(['r-1', 'r-2']);
    expect(conversation.state.turns.map(({ request }) => request.input)).toEqual(['Other']);
  });

  it('rejoins its run after a reload, also if its pictures were too large to store', async () => {
    await conversation.open(undefined);
    const stream = begin();
    const picture = { type: 'image_url', url: `data:image/png;base64,${'A'.repeat(600_000)}` } as const;
    conversation.send({ input: [{ type: 'text', text: 'Look' }, picture] });
    await pass(0);
    stream.send(1, SESSION);
    await pass(100);
    conversation.close();
    begin();
    answers.push(Response.json({ items: [], next_cursor: null }), Response.json({ session_id: 's-1' }));
    await conversation.open('s-1');
    expect(sent.slice(1)).toContain(EVENTS);
    expect(conversation.state.turns[0]?.request.input).toBe('Look');
  });
});
