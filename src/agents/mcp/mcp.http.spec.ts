import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { inspect } from 'node:util';
import { connected, endAll, ends, startApp } from '../../../test/support/servers/mcp.app.js';
import { McpScripted } from '../../../test/support/servers/mcp.scripted.js';
import { until } from '../../../test/support/until.js';
import type { Principal, ToolContext } from '../../index.js';
import { AgentRegistry } from '../agent.registry.js';

type App = Awaited<ReturnType<typeof startApp>>;

/** Keeps the headers of the requests, by method, and may send a call elsewhere. */
class HeaderServer extends McpScripted {
  readonly seen: { readonly method: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** The address that calls are redirected to. */
  elsewhere: string | undefined;
  /** Whether the next call gets no answer. */
  isSilent = false;

  protected override async handle(request: IncomingMessage, response: ServerResponse, session?: string): Promise<void> {
    const before = this.received.length;
    const isCall = request.headers['x-user'] !== undefined;
    if (this.elsewhere !== undefined && isCall) {
      response.writeHead(307, { location: this.elsewhere }).end();
      return;
    }
    if (this.isSilent && isCall) {
      this.isSilent = false;
      return;
    }
    await super.handle(request, response, session);
    const method = this.received[before]?.method ?? request.method ?? '';
    this.seen.push({ method, headers: request.headers });
  }
}

let server: HeaderServer;

beforeEach(async () => {
  server = new HeaderServer();
  await server.start();
  server.tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
  ends.push(() => server.kill());
});

afterEach(endAll);

const fixed = { authorization: 'Bearer fixed', 'x-app': 'rookery' };

function startWith(callHeaders: (context: ToolContext) => Record<string, string> | Promise<Record<string, string>>) {
  return startApp([{ name: 'files', url: server.url, headers: fixed, callHeaders }]);
}

async function callAs(app: App, id: string, signal = new AbortController().signal): Promise<unknown> {
  const principal: Principal = { tenant: 'acme', id };
  const ids = { runId: 'run', sessionId: 's', callId: 'c', idempotencyKey: `run:${id}` };
  const tool = app.module.get(AgentRegistry).get('assistant').tools.get('files_echo');
  return await tool?.call({}, { signal, principal, ...ids });
}

function headersOf(method: string): IncomingHttpHeaders[] {
  return server.seen.filter((each) => each.method === method).map(({ headers }) => headers);
}

describe('the headers of a call of an MCP tool', () => {
  it('are made for its principal, and reach no other request', async () => {
    const app = await startWith(async ({ principal }) => ({
      authorization: `Bearer for ${principal.id}`,
      'x-user': principal.id,
    }));
    await connected(app, 'files_echo');
    await Promise.all(['ann', 'bob'].map((id) => callAs(app, id)));

    const calls = headersOf('tools/call').map(({ authorization, 'x-app': by }) => `${String(by)}: ${authorization}`);
    expect(calls.toSorted((one, other) => one.localeCompare(other))).toEqual([
      'rookery: Bearer for ann',
      'rookery: Bearer for bob',
    ]);
    for (const method of ['initialize', 'tools/list', 'GET']) {
      expect(headersOf(method)).toMatchObject([{ authorization: 'Bearer fixed' }]);
      expect(headersOf(method)[0]).not.toHaveProperty('x-user');
    }
  });

  it('are sent when an answer is resumed, too', async () => {
    server.isResumed = true;
    const app = await startWith(({ principal }) => ({ 'x-user': principal.id }));
    await connected(app, 'files_echo');

    expect(await callAs(app, 'ann')).toBe('called echo');
    expect(headersOf('GET').map((headers) => headers['x-user'])).toContain('ann');
  });

  it('are sent with the cancellation of the call, too', async () => {
    const app = await startWith(({ principal }) => ({ authorization: `Bearer for ${principal.id}`, 'x-user': 'yes' }));
    await connected(app, 'files_echo');
    server.isSilent = true;
    const controller = new AbortController();
    const call = callAs(app, 'ann', controller.signal).catch((failure: unknown) => failure);
    await until('it is called', () => !server.isSilent);
    controller.abort(new Error('enough'));
    expect(await call).toBeInstanceOf(Error);
    await until('it is cancelled', () => headersOf('notifications/cancelled').length > 0);
    expect(headersOf('notifications/cancelled')).toMatchObject([{ authorization: 'Bearer for ann' }]);
  });

  it('do not follow a redirect to another origin', async () => {
    const asked: unknown[] = [];
    const other = createServer((request, response) => {
      asked.push(request.headers);
      response.end();
    });
    server.elsewhere = `${await originOf(other)}/mcp`;
    const app = await startWith(({ principal }) => ({ 'x-user': principal.id }));
    await connected(app, 'files_echo');

    await expect(callAs(app, 'ann')).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it('are not in the error if they cannot be sent', async () => {
    const app = await startWith(() => ({ authorization: 'Bearer hunter2\nhunter2' }));
    await connected(app, 'files_echo');
    const failure: unknown = await callAs(app, 'ann').catch((error: unknown) => error);
    expect(String(failure)).toContain('"files" cannot be sent');
    expect(inspect(failure, { depth: 9 })).not.toContain('hunter2');
  });

  it('fail the call alone if they cannot be made', async () => {
    const app = await startWith(({ principal }) => {
      if (principal.id === 'bob') throw new Error('no token for bob');
      return { 'x-user': principal.id };
    });
    await connected(app, 'files_echo');

    await expect(callAs(app, 'bob')).rejects.toThrow('no token for bob');
    expect(await callAs(app, 'ann')).toBe('called echo');
    expect(headersOf('tools/call')).toHaveLength(1);
  });
});

async function originOf(http: Server): Promise<string> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  ends.push(() => void http.close());
  const address = http.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}
