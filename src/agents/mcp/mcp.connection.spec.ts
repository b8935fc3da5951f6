import {
  callTool,
  connected,
  endAll,
  ends,
  events,
  startApp,
  toolResults,
} from '../../../test/support/servers/mcp.app.js';
import { McpScripted } from '../../../test/support/servers/mcp.scripted.js';
import { until } from '../../../test/support/until.js';

const { jest } = import.meta;

const ECHO = { name: 'echo', inputSchema: { type: 'object' } };
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

describe('a call', () => {
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
