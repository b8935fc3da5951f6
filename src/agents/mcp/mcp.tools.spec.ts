import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentWith,
  callTool,
  connected,
  endAll,
  ends,
  events,
  startApp,
  toolNames,
  toolResults,
} from '../../../test/support/servers/mcp.app.js';
import { McpUpstream } from '../../../test/support/servers/mcp.upstream.js';
import { Upstream } from '../../../test/support/servers/upstream.js';
import { until } from '../../../test/support/until.js';
import type { McpHttpServer, McpServerOptions } from '../../index.js';
import { createTestApp } from '../../testing/index.js';
import { AgentRegistry } from '../agent.registry.js';

const SCRIPT = join(import.meta.dirname, '../../../test/support/servers/mcp.server.mjs');

let upstream: McpUpstream;

beforeEach(async () => {
  upstream = await new McpUpstream().start();
  ends.push(() => upstream.kill());
});

afterEach(endAll);

function files(options: Partial<McpHttpServer> = {}): McpHttpServer {
  return { name: 'files', url: upstream.url, ...options };
}

function child(...args: string[]) {
  return { name: 'child', command: process.execPath, args: [SCRIPT, ...args] };
}

function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}

describe('the tools of an MCP server', () => {
  it('are shown to the model with their schemas, and called over streamable HTTP', async () => {
    const headers = { authorization: 'Bearer 1234' };
    const app = await startApp([files({ headers })], [{ tool: 'files_echo', arguments: { text: 'hi' } }], 'Done.');
    await connected(app, 'files_echo');
    const all = await events(app);
    expect(app.model.requests[0]?.tools).toContainEqual({
      name: 'files_echo',
      description: 'Says it again',
      isStrict: false,
      parameters: expect.objectContaining({
        type: 'object',
        properties: { text: { type: 'string', maxLength: 20 } },
        required: ['text'],
      }),
    });
    expect(upstream.calls).toEqual([{ tool: 'echo', input: { text: 'hi' } }]);
    expect(upstream.headers.every(({ authorization }) => authorization === headers.authorization)).toBe(true);
    expect(toolResults(app)).toEqual(['echo: hi']);
    expect(all).toContainEqual(expect.objectContaining({ type: 'tool.completed', output: 'echo: hi' }));
  });

  it.each(['chat' as const, 'responses' as const])('are sent without strict mode over %s', async (api) => {
    const provider = await Upstream.start();
    ends.push(() => provider.close());
    const model = { baseUrl: `${provider.url}/v1`, apiKey: 'k', api };
    const app = await createTestApp({ model, providers: [agentWith([files()])] });
    ends.push(() => app.close());
    await connected(app, 'files_echo');
    await events(app);
    const sent = JSON.stringify(provider.requests[0]?.body);
    expect(sent.match(/"strict":true/g)).toHaveLength(1);
    expect(sent.match(/"strict":false/g)).toHaveLength(toolNames(app).length - 1);
  });

  it('are called over stdio of a child, which gets only the given environment and PATH', async () => {
    const server = { ...child(), env: { GREETING: 'hello' } };
    const calls = [{ tool: 'child_echo', arguments: { text: 'hi' } }, { tool: 'child_env' }];
    const app = await startApp([server], calls, 'Done.');
    await connected(app, 'child_echo');
    await events(app);
    const [echo, env = ''] = toolResults(app);
    expect(echo).toBe('hi');
    expect(JSON.parse(env)).toEqual({ GREETING: 'hello', PATH: process.env['PATH'] });
  });

  it('answer as text: text, else structured content, with descriptions of other content, and errors', async () => {
    const calls = ['files_figures', 'files_picture', 'files_fail'].map((tool) => ({ tool }));
    const app = await startApp([files()], calls, 'Done.');
    await connected(app, 'files_fail');
    const all = await events(app);
    expect(toolResults(app)).toEqual([
      '{"total":7}',
      'Two things:\n[image: image/png, 5 bytes, not shown]\n[resource file:///a.txt: text/plain]\nwithin',
      'Error: No such file.',
    ]);
    expect(all).toContainEqual(expect.objectContaining({ type: 'tool.completed', error: 'No such file.' }));
  });

  it('refuse arguments that are not an object, and leave other checks to the server', async () => {
    const calls = ['[1]', '"text"', '{"text":', { text: 'x'.repeat(21) }].map((input) => ({
      tool: 'files_echo',
      arguments: input,
    }));
    const app = await startApp([files()], calls, 'Done.');
    await connected(app, 'files_echo');
    await events(app);
    const [list, text, broken, judged] = toolResults(app);
    expect([list, text, broken]).toEqual([
      'Error: It must be an object.',
      'Error: It must be an object.',
      'Error: The arguments are not JSON. They begin with: {"text":',
    ]);
    expect(judged).toContain('Invalid arguments');
    expect(upstream.calls).toEqual([]);
  });

  it('are neither offered nor called if they are not on the allow-list', async () => {
    const calls = [{ tool: 'files_echo', arguments: { text: 'hi' } }, { tool: 'files_figures' }];
    const app = await startApp([files({ tools: ['figures', 'typo'] })], calls, 'Done.');
    await connected(app, 'files_figures');
    await events(app);
    expect(app.model.requests[0]?.tools.map(({ name }) => name)).toEqual(['files_own', 'files_figures']);
    expect(toolResults(app)[0]).toContain('No tool "files_echo"');
    expect(toolResults(app)[1]).toBe('{"total":7}');
    expect(upstream.calls).toEqual([]);
    expect(app.warnings.lines).toMatchObject([{ faults: ['The server has no tool typo.'] }]);
  });

  it('are omitted and logged if their name is in use or too long', async () => {
    upstream.extraTools.push('own', 'x'.repeat(59), 'fs.read', 'fs_read');
    const app = await startApp([files()], [{ tool: 'files_own' }], 'Done.');
    await connected(app, 'files_fs_read');
    await events(app);
    expect(toolResults(app)).toEqual(['its own']);
    const faults = [
      `The tool ${'x'.repeat(59)} cannot be offered: its name is longer than 64 characters with that of the server.`,
      'Another tool has the name files_own.',
      'Another tool has the name files_fs_read.',
    ];
    expect(app.warnings.lines).toMatchObject([{ role: 'assistant', mcp_server: 'files', faults }]);
  });

  it('wait for an approval if one is required', async () => {
    const app = await startApp([files({ needsApproval: ['echo'] })]);
    await connected(app, 'files_echo');
    const { tools } = app.module.get(AgentRegistry).get('assistant');
    expect(tools.get('files_echo')?.needsApproval).toBe(true);
    expect(tools.get('files_fail')?.needsApproval).toBe(false);
  });

  it('need the approval under each name that the model may read as that of the list', async () => {
    upstream.extraTools.push('fs.read');
    const app = await startApp([files({ needsApproval: ['fs_read'] })]);
    await connected(app, 'files_fs_read');

    expect(app.module.get(AgentRegistry).get('assistant').tools.get('files_fs_read')?.needsApproval).toBe(true);
    expect(app.warnings.lines).toEqual([]);
  });

  it.each<[boolean | undefined, boolean]>([
    [undefined, false],
    [false, false],
    [true, true],
  ])('are repeatable only with trustAnnotations: %s', async (trustAnnotations, isIdempotent) => {
    const app = await startApp([files(trustAnnotations === undefined ? {} : { trustAnnotations })]);
    await connected(app, 'files_hinted');
    const { tools } = app.module.get(AgentRegistry).get('assistant');
    expect(tools.get('files_hinted')?.isIdempotent).toBe(isIdempotent);
    expect(tools.get('files_echo')?.isIdempotent).toBe(false);
  });

  it('follow the list of the server as it changes', async () => {
    const app = await startApp([files()], [{ tool: 'files_late', arguments: { text: 'hi' } }], 'Done.');
    await connected(app, 'files_echo');
    upstream.add('late');
    await connected(app, 'files_late');
    await events(app);
    expect(toolResults(app)).toEqual(['late: hi']);
  });
});

describe('an MCP server that fails', () => {
  it('is reported to the model, loses its tools, and gets them back without a restart', async () => {
    const echo = [{ tool: 'files_echo', arguments: { text: 'hi' } }];
    const app = await startApp([files()], [{ tool: 'files_die' }], echo, 'Done.', echo, 'Done.');
    await connected(app, 'files_die');
    await events(app);
    expect(toolResults(app)).toEqual(['Error: files is not reachable.', 'Error: files is not reachable.']);
    await until('its tools are missing', () => toolNames(app).length === 1);

    await upstream.start();
    await connected(app, 'files_echo');
    await events(app);
    expect(toolResults(app)).toEqual(['echo: hi']);
    expect(app.warnings.lines).toHaveLength(1);
  });

  it('is restarted if its process crashed, and the end of its stderr is logged', async () => {
    const pid = [{ tool: 'child_pid' }];
    const app = await startApp([child()], pid, [{ tool: 'child_crash' }], 'Done.', pid, 'Done.');
    await connected(app, 'child_crash');
    await events(app);
    const [first, crashed] = toolResults(app);
    expect(crashed).toBe('Error: child is not reachable.');
    expect(app.warnings.lines).toMatchObject([{ mcp_server: 'child', stderr: 'out of luck\n' }]);
    await until('it is restarted', () => callTool(app, 'child_pid').catch(() => undefined));
    await events(app);
    expect(Number(toolResults(app)[0])).toBeGreaterThan(0);
    expect(toolResults(app)[0]).not.toBe(first);
  });

  it('is detected without a call', async () => {
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    upstream.kill();
    await until('its tools are missing', () => toolNames(app).length === 1);
    await until('it is logged', () => app.warnings.lines.length === 1);
  });

  it('is retried after one second, then two, and logged once', async () => {
    const triedAt: number[] = [];
    const refusing = createHttpServer((_, response) => {
      triedAt.push(performance.now());
      response.writeHead(503).end();
    });
    await listening(refusing);
    const app = await startApp([files({ url: `http://127.0.0.1:${portOf(refusing)}/mcp` })]);
    await until('it is tried three times', () => triedAt.length === 3);
    const [first = 0, second = 0, third = 0] = triedAt;
    expect(second - first).toBeGreaterThan(700);
    expect(third - second).toBeGreaterThan(1500);
    expect(app.warnings.lines).toHaveLength(1);
  });

  it('delays neither the start, nor answers, nor the shutdown if it never answers', async () => {
    const silent = await listening(createServer((socket) => void sockets.add(socket)));
    const sockets = new Set<Socket>();
    ends.push(() => sockets.forEach((socket) => socket.destroy()));
    const begun = performance.now();
    const app = await startApp([files({ url: `http://127.0.0.1:${portOf(silent)}/mcp` })], 'Done.');
    await events(app);
    await until('it is called', () => sockets.size > 0);
    await app.close();
    expect(performance.now() - begun).toBeLessThan(8000);
  });

  it('times out on a slow call, and the run continues', async () => {
    const app = await startApp([files({ timeoutMs: 1000 })], [{ tool: 'files_slow' }], 'Done.');
    await connected(app, 'files_slow');
    await events(app);
    expect(toolResults(app)).toEqual(['Error: files_slow took longer than 1000 ms.']);
    await until('the server is notified', () => upstream.cancelled === 1);
    expect(toolNames(app)).toContain('files_slow');
  });

  it('gets no headers after a redirect to another origin', async () => {
    const asked: unknown[] = [];
    const other = createHttpServer((request, response) => {
      asked.push(request.headers);
      response.end();
    });
    await listening(other);
    let redirected = 0;
    const redirecting = createHttpServer((_, response) => {
      redirected++;
      response.writeHead(307, { location: `http://127.0.0.1:${portOf(other)}/mcp` }).end();
    });
    await listening(redirecting);
    const url = `http://127.0.0.1:${portOf(redirecting)}/mcp`;
    const app = await startApp([files({ url, headers: { authorization: 'secret' } })]);
    await until('the refusal is logged', () => app.warnings.lines.length === 1);
    expect(redirected).toBeGreaterThan(0);
    expect(asked).toEqual([]);
  });

  it('is logged if its command does not exist', async () => {
    const app = await startApp([{ name: 'child', command: '/no/such/command' }], 'Done.');
    await until('it is logged', () => app.warnings.lines.length === 1);
    expect(app.warnings.lines).toMatchObject([{ mcp_server: 'child', cause: { code: 'ENOENT' } }]);
    await events(app);
  });

  it('stops the start if its options are invalid', async () => {
    const faulty: McpServerOptions[] = [
      { name: 'no name', url: 'ftp://x' },
      { name: 'ask', url: 'http://user:secret@x/' },
      { name: 'twice', command: ' ' },
      { name: 'twice', url: 'http://x/', headers: { 'a b': 'c' }, timeoutMs: 0 },
    ];
    await expect(startApp(faulty)).rejects.toThrow(
      [
        '- AssistantAgent: MCP server "no name": its name must be 1–32 of A–Z a–z 0–9 _ -.',
        '- AssistantAgent: MCP server "no name": its url must be an http or https URL.',
        '- AssistantAgent: MCP server "ask": its name must not begin with the word "ask" or "transfer".',
        '- AssistantAgent: MCP server "ask": its url must not contain credentials: use headers.',
        '- AssistantAgent: MCP server "twice": its command is empty.',
        '- AssistantAgent: MCP server "twice": is declared twice.',
        '- AssistantAgent: MCP server "twice": timeoutMs must be from 1 to 2147483647.',
        '- AssistantAgent: MCP server "twice": its headers are not valid.',
      ].join('\n'),
    );
  });
});

describe('a call of an MCP tool', () => {
  it('is cancelled at the server with the run', async () => {
    const app = await startApp([files()], [{ tool: 'files_slow' }], 'Done.');
    await connected(app, 'files_slow');
    const controller = new AbortController();
    const run = app.runner.run({ message: 'Go' }, { signal: controller.signal });
    const failure = run.catch((error: unknown) => error);
    await until('the call runs', () => upstream.calls.length === 1);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'client_closed_request' });
    await until('the server is notified', () => upstream.cancelled === 1);
    await until('its socket is closed', () => upstream.openPosts === 0);
    expect(toolNames(app)).toContain('files_slow');
  });
});

describe('the shutdown', () => {
  it('ends the children, and the sessions over HTTP', async () => {
    const app = await startApp([child(), files()], [{ tool: 'child_pid' }], 'Done.');
    await connected(app, 'child_pid', 'files_echo');
    await events(app);
    const pid = Number(toolResults(app)[0]);
    expect(isGone(pid)).toBe(false);
    expect(upstream.sessionCount).toBe(1);
    await app.close();
    expect(isGone(pid)).toBe(true);
    expect(upstream.sessionCount).toBe(0);
  });

  it('ends a child that hangs, and its grandchildren', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-mcp-'));
    ends.push(() => rm(folder, { recursive: true }));
    const pidFile = join(folder, 'pids');
    const app = await startApp([{ ...child('deaf'), env: { PID_FILE: pidFile } }]);
    const written = await until('the child runs', () => readFile(pidFile, 'utf8').catch(() => undefined));
    const pids = written.split(' ').map(Number);
    expect(pids.map(isGone)).toEqual([false, false]);
    await app.close();
    await until('both have ended', () => pids.every(isGone));
  });
});

async function listening<T extends Server>(server: T): Promise<T> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => void server.close());
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
