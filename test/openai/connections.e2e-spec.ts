import OpenAI from 'openai';
import type { ResponsesServerEvent } from 'openai/resources/responses/responses';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { openKeys } from '../../src/keys/open.keys.js';
import { object, objects, string } from '../support/json.js';
import { removeServices, startPair } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const TERMINAL = /^(?:response\.(?:completed|failed|incomplete)|error)$/;
const TOOL = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } } as const;
/** The ids of some providers are long. */
const CALL = { id: 'x'.repeat(500), name: 'get_weather', arguments: '{"city":"Oslo"}' };

const { service, upstream } = await startPair('chat', { AUTH_MODE: 'api-key', SESSION_POLICY: 'queue' });
const opened = await openKeys(service.databaseUrl);
const { key } = await opened.keys.create({ name: 'k', tenant: 'acme', scopes: ['chat', 'tasks'] }, 'test');
const client = new OpenAI({ apiKey: key, baseURL: `${service.url}/v1`, maxRetries: 0 });
const model = 'assistant';
const sockets: ResponsesWS[] = [];

beforeEach(() => upstream.clear());

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  await opened.close();
  await removeServices();
});

/** The messages of all requests to the model, without its instructions. */
const asked = (): readonly (readonly string[])[] =>
  upstream.requests.map(({ messages }) => messages.slice(1).map(({ content }) => content));

describe('responses that continue the same one at once', () => {
  it('do not wait for each other, and see nothing of each other', async () => {
    const first = await client.responses.create({ model, input: 'one' });
    upstream.clear();
    const gate = new Gate();
    const hold = { afterDeltas: 1, until: gate.opened };
    upstream.next({ does: 'reply', hold }, { does: 'reply', hold }, { does: 'reply', hold });
    const previous_response_id = first.id;
    const all = ['a', 'b', 'c'].map((input) => client.responses.create({ model, input, previous_response_id }));
    await until('the model is asked for all', () => upstream.requests.length === 3);
    gate.open();
    const ids = (await Promise.all(all)).map(({ id }) => id);
    const expected = ['a', 'b', 'c'].map((input) => ['one', 'Echo: one', input]);
    expect(asked()).toHaveLength(3);
    expect(asked()).toEqual(expect.arrayContaining(expected));
    for (const id of ids) {
      await client.responses.create({ model, input: 'next', previous_response_id: id });
      expect(asked().at(-1)).toHaveLength(5);
    }
  });
});

/** A connection of OpenAI's client on which each turn is answered before the next one. */
function connect() {
  const socket = new ResponsesWS(client);
  sockets.push(socket);
  const events: ResponsesServerEvent[] = [];
  const failures: Error[] = [];
  socket.on('event', (event) => events.push(event));
  // Without a listener an error would end the process.
  socket.on('error', (failure) => failures.push(failure));
  const turn = async (fields: object): Promise<ResponsesServerEvent[]> => {
    events.length = 0;
    socket.send({ type: 'response.create', model, ...fields });
    await until('the response ends', () => events.some(({ type }) => TERMINAL.test(type)));
    return [...events];
  };
  return { socket, turn, failures };
}

const responseOf = (events: readonly ResponsesServerEvent[]) => object(object(events.at(-1)).response);

describe("OpenAI's client of the WebSocket", () => {
  it('streams responses, and continues them', async () => {
    const { turn, failures } = connect();
    const first = await turn({ input: 'one two', store: false });
    const deltas = first.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
    expect(deltas.join('')).toBe('Echo: one two');
    expect(responseOf(first)).toMatchObject({ status: 'completed', store: false });
    upstream.next({ does: 'reply', toolCalls: [CALL] });
    const second = await turn({
      input: 'And the weather?',
      previous_response_id: responseOf(first).id,
      store: false,
      tools: [TOOL],
    });
    const [call] = objects(responseOf(second).output);
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather' });
    const output = { type: 'function_call_output', call_id: call?.call_id, output: '7 degrees' };
    const third = await turn({ previous_response_id: responseOf(second).id, input: [output] });
    expect(asked().at(-1)).toEqual(['one two', 'Echo: one two', 'And the weather?', '', '7 degrees']);
    const stored = await client.responses.retrieve(string(responseOf(third).id));
    expect(stored).toMatchObject({ status: 'completed', store: true });
    expect(failures).toEqual([]);
  });

  it('prepares a request without asking the model, and continues it', async () => {
    const { turn, failures } = connect();
    const input = [{ role: 'developer', content: 'Be short.' }];
    const first = await turn({ input, generate: false, store: false, tools: [TOOL] });
    expect(first.map(({ type }) => type)).toEqual(['response.created', 'response.in_progress', 'response.completed']);
    expect(responseOf(first)).toMatchObject({
      status: 'completed',
      output: [],
      usage: { total_tokens: 0 },
      store: false,
      tools: [{ name: 'get_weather' }],
    });
    expect(upstream.requests).toEqual([]);
    const second = await turn({ input: 'one', previous_response_id: responseOf(first).id, store: false });
    expect(asked().at(-1)).toEqual(['Be short.', 'one']);
    // The same input as before is not sent again.
    const third = await turn({ input: 'two', previous_response_id: responseOf(second).id, generate: false });
    const fourth = await turn({ input: [], previous_response_id: responseOf(third).id, store: false });
    expect(responseOf(fourth)).toMatchObject({ status: 'completed' });
    expect(asked().at(-1)).toEqual(['Be short.', 'one', 'Echo: one', 'two']);
    await expect(client.responses.retrieve(string(responseOf(third).id))).rejects.toMatchObject({ status: 404 });
    const refused = await turn({ input: 'x', generate: false, model: 'gpt-9' });
    expect(refused).toMatchObject([{ type: 'error', status: 404, error: { code: 'model_not_found' } }]);
    expect(failures).toHaveLength(1);
  });

  it('reports an error, and stays open', async () => {
    const { turn, failures } = connect();
    const refused = await turn({ input: 'x', previous_response_id: 'resp_unknown' });
    expect(refused).toMatchObject([{ type: 'error', status: 400, error: { code: 'previous_response_not_found' } }]);
    expect(failures).toMatchObject([{ error: { type: 'error', error: { code: 'previous_response_not_found' } } }]);
    expect(responseOf(await turn({ input: 'x' }))).toMatchObject({ status: 'completed' });
  });

  it('is refused without credentials', async () => {
    const socket = new ResponsesWS(new OpenAI({ apiKey: 'nonsense', baseURL: `${service.url}/v1` }));
    const { promise, resolve } = Promise.withResolvers<Error>();
    socket.on('error', resolve);
    expect((await promise).message).toContain('401');
  });

  it('sees no turn that was added after the stored response which it continues', async () => {
    const { turn } = connect();
    const first = await client.responses.create({ model, input: 'one' });
    const second = await turn({ input: 'two', previous_response_id: first.id, store: false });
    await client.responses.create({ model, input: 'sibling', previous_response_id: first.id });
    await turn({ input: 'three', previous_response_id: responseOf(second).id, store: false });
    expect(asked().at(-1)).toEqual(['one', 'Echo: one', 'two', 'Echo: two', 'three']);
  });
});
