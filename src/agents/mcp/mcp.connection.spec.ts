import {
  callTool,
  connected,
  endAll,
  ends,
  events,
  startApp,
  toolNames,
  toolResults,
  type McpApp,
} from '../../../test/support/servers/mcp.app.js';
import { McpScripted } from '../../../test/support/servers/mcp.scripted.js';
import { until } from '../../../test/support/until.js';
import type { ToolDefinition } from '../tool.definition.js';
import { AgentRegistry } from '../agent.registry.js';

const { jest } = import.meta;

const ECHO = { name: 'echo', inputSchema: { type: 'object' } };
/** The pause between two reads of a list. */
const REFRESH_PAUSE_MS = 300;
const CALL = [{ tool: 'files_echo' }];

let server: McpScripted;

beforeEach(async () => {
  server = await new McpScripted().start();
  server.tools = [ECHO];
  ends.push(() => server.kill());
});

afterEach(endAll);

function files() {
  return { name: 'files', url: server.url };
}

function definition({ module }: McpApp): ToolDefinition | undefined {
  return module.get(AgentRegistry).get('assistant').tools.get('files_echo');
}

/** How often the list may be read again since then. */
function pausesSince(beganMs: number): number {
  return Math.floor((performance.now() - beganMs) / REFRESH_PAUSE_MS);
}

/** Watches whether the tool is offered. Returns the answers so far. */
function watch(app: McpApp): boolean[] {
  const seen: boolean[] = [];
  const timer = setInterval(() => seen.push(toolNames(app).includes('files_echo')), 1);
  ends.push(() => clearInterval(timer));
  return seen;
}

describe('a server that forgets sessions', () => {
  it.each([
    { status: 404, body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}' },
    { status: 404, body: '' },
    {
      status: 400,
      body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}',
    },
  ])('gets a new one after $status, and the call is made once more', async (unknown) => {
    server.unknown = unknown;
    const app = await startApp([files()], CALL, 'Done.');
    await connected(app, 'files_echo');
    const before = definition(app);
    const seen = watch(app);
    server.forget();
    await events(app);
    expect(toolResults(app)).toEqual(['called echo']);
    const sessions = server.requests('tools/call').map(({ session }) => session);
    expect(new Set(sessions).size).toBe(2);
    expect(definition(app)).toBe(before);
    expect(seen).not.toContain(false);
    expect(app.warnings.lines).toEqual([]);
  });

  it('gets one new session for concurrent calls', async () => {
    const app = await startApp([files()], [...CALL, ...CALL, ...CALL, ...CALL], 'Done.');
    await connected(app, 'files_echo');
    server.forget();
    await events(app);
    expect(toolResults(app)).toEqual(Array.from({ length: 4 }, () => 'called echo'));
    expect(server.requests('initialize')).toHaveLength(2);
  });

  it('is reported to the model if it forgets the new one too', async () => {
    const app = await startApp([files()], CALL, 'Done.');
    await connected(app, 'files_echo');
    server.result = (method) => {
      if (method === 'tools/list') setImmediate(() => server.forget());
      return undefined;
    };
    server.forget();
    await events(app);
    expect(toolResults(app)).toEqual(['Error: files is not reachable.']);
    expect(server.requests('initialize').length).toBeLessThanOrEqual(2);
  });

  it('gets its new tools with the new session', async () => {
    const app = await startApp([files()], CALL, 'Done.');
    await connected(app, 'files_echo');
    server.tools = [ECHO, { ...ECHO, name: 'late' }];
    server.forget();
    await events(app);
    await connected(app, 'files_late');
  });
});

describe('a server that restarts', () => {
  it('keeps its tools meanwhile, and a call is refused with the reason', async () => {
    const app = await startApp([files()], CALL, 'Done.', CALL, 'Done.');
    await connected(app, 'files_echo');
    const before = definition(app);
    const seen = watch(app);
    server.kill();
    await until('the loss is logged', () => app.warnings.lines.length === 1);
    await events(app);
    expect(toolResults(app)).toEqual(['Error: files is not reachable.']);
    await server.start();
    await until('it has a new session', () => server.requests('tools/list').length === 2);
    await events(app);
    expect(toolResults(app)).toEqual(['called echo']);
    expect(seen).not.toContain(false);
    expect(definition(app)).toBe(before);
    expect(app.warnings.lines).toHaveLength(1);
  });

  it('loses its tools if it stays away', async () => {
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    server.kill();
    await until('its tools are missing', () => toolNames(app).length === 1);
    await server.start();
    await connected(app, 'files_echo');
  });
});

describe('a change of the list', () => {
  it('rebuilds nothing if the list is the same', async () => {
    const app = await startApp([{ ...files(), allowChanges: true }]);
    await connected(app, 'files_echo');
    const before = definition(app);
    server.send({ method: 'notifications/tools/list_changed' });
    await until('it is read again', () => server.requests('tools/list').length === 2);
    server.tools = [ECHO, { ...ECHO, name: 'late' }];
    server.send({ method: 'notifications/tools/list_changed' });
    await connected(app, 'files_late');
    expect(before).toBeDefined();
    server.tools = [{ ...ECHO, description: 'new' }];
    server.send({ method: 'notifications/tools/list_changed' });
    await until('it is rebuilt', () => definition(app)?.description === 'new');
  });

  it('leads to two requests if it is announced many times at once', async () => {
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    await until('its stream is open', () => server.opened === 1);
    server.tools = [ECHO, { ...ECHO, name: 'late' }];
    const beganMs = performance.now();
    for (let index = 0; index < 50; index++) server.send({ method: 'notifications/tools/list_changed' });
    await connected(app, 'files_late');
    for (let call = 0; call < 3; call++) await callTool(app, 'files_echo');
    expect(server.requests('tools/list').length).toBeLessThanOrEqual(1 + 2 + pausesSince(beganMs));
  });

  it('is read while the server announces it without a pause', async () => {
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    const timer = setInterval(() => server.send({ method: 'notifications/tools/list_changed' }), 20);
    ends.push(() => clearInterval(timer));
    server.tools = [ECHO, { ...ECHO, name: 'late' }];
    await connected(app, 'files_late');
  });

  it('is not read without a pause, although each list announces another one', async () => {
    const announce = (): void => server.send({ method: 'notifications/tools/list_changed' });
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    await until('its stream is open', () => server.opened === 1);
    server.result = (method) => (method === 'tools/list' ? announce() : undefined);
    const beganMs = performance.now();
    announce();
    for (let call = 0; call < 20; call++) await callTool(app, 'files_echo');
    expect(server.requests('tools/list').length).toBeLessThanOrEqual(1 + 2 + pausesSince(beganMs));
  });

  it('repeats no warning if the list is the same', async () => {
    server.tools = [ECHO, { name: 'odd' }];
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    const before = definition(app);
    server.send({ method: 'notifications/tools/list_changed' });
    await until('it is read again', () => server.requests('tools/list').length === 2);
    // The answer is read before the answer to a later request.
    await callTool(app, 'files_echo');
    expect(app.warnings.lines).toHaveLength(1);
    expect(definition(app)).toBe(before);
  });
});

describe('the stream of a session', () => {
  const notify = (chars: number): void =>
    server.send({ method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(chars) } });

  it('has no limit, unlike each of its events', async () => {
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    await until('it is open', () => server.opened === 1);
    for (let index = 0; index < 3; index++) notify(4 * 1024 * 1024);
    server.tools = [ECHO, { ...ECHO, name: 'late' }];
    server.send({ method: 'notifications/tools/list_changed' });
    await connected(app, 'files_late');
    expect(server.opened).toBe(1);
    notify(10 * 1024 * 1024);
    await until('it is opened again', () => server.opened === 2);
  });
});

describe('a call', () => {
  it('passes its idempotency key on', async () => {
    const app = await startApp([files()], CALL, 'Done.');
    await connected(app, 'files_echo');
    await callTool(app, 'files_echo');
    expect(server.requests('tools/call')[0]?.params['_meta']).toEqual({ 'rookery/idempotencyKey': 'run:step' });
    await events(app);
    const meta = server.requests('tools/call')[1]?.params['_meta'];
    expect(meta).toEqual({ 'rookery/idempotencyKey': expect.stringMatching(/^[0-9a-f-]{36}:./) });
  });

  it('fails if its stream breaks off, and the server stays connected', async () => {
    server.isStream = true;
    server.isBroken = true;
    const app = await startApp([{ ...files(), timeoutMs: 60_000 }], CALL, 'Done.');
    await connected(app, 'files_echo');
    await events(app);
    expect(toolResults(app)).toEqual(['Error: files_echo failed.']);
    expect(app.warnings.lines).toMatchObject([{ tool: 'files_echo', msg: 'a tool failed' }]);
  });

  it('is not cancelled after its stream has ended', async () => {
    server.isStream = true;
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
    ends.push(() => void jest.useRealTimers());
    for (let call = 0; call < 3; call++) {
      await callTool(app, 'files_echo');
      await new Promise(setImmediate);
      jest.advanceTimersByTime(1000);
    }
    expect(server.requests('notifications/cancelled')).toEqual([]);
  });

  it('survives notifications and requests that the client does not support', async () => {
    server.before = [
      { method: 'notifications/message', params: { level: 'info', data: 'x' } },
      { method: 'notifications/progress', params: { progressToken: 99, progress: 1 } },
      { method: 'notifications/unknown', params: {} },
      { id: 1, method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } },
      { id: 2, method: 'roots/list' },
      { id: 3, method: 'elicitation/create', params: { message: 'x', requestedSchema: {} } },
    ];
    const app = await startApp([files()], CALL, 'Done.');
    await connected(app, 'files_echo');
    await events(app);
    expect(toolResults(app)).toEqual(['called echo']);
    await until('the client refuses the requests', () => server.answers.length === 3);
    expect(server.answers).toMatchObject([1, 2, 3].map((id) => ({ id, error: { code: -32601 } })));
    expect(app.warnings.lines).toEqual([]);
  });

  it('survives a server that answers a ping with content', async () => {
    server.before = [{ method: 'notifications/progress', params: { progressToken: 99, progress: 1 } }];
    server.result = (method) => (method === 'ping' ? { status: 'ok' } : undefined);
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    await callTool(app, 'files_echo');
    await until('it is pinged', () => server.requests('ping').length > 0);
    expect(await callTool(app, 'files_echo')).toBe('called echo');
    expect(await callTool(app, 'files_echo')).toBe('called echo');
    expect(app.warnings.lines).toEqual([]);
  });

  it.each([false, true])(
    'fails before its time limit if the answer is not a result: as a stream, %s',
    async (isStream) => {
      server.isStream = isStream;
      server.result = (method) => (method === 'tools/call' ? 'null' : undefined);
      const app = await startApp([{ ...files(), timeoutMs: 60_000 }], CALL, 'Done.');
      await connected(app, 'files_echo');
      await events(app);
      expect(toolResults(app)).toEqual(['Error: files_echo failed.']);
    },
  );
});
