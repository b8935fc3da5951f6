import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { RookeryClient, RookeryError } from '../../src/client/index.js';
import { Agent, KeysService, Tool } from '../../src/index.js';
import { openKeys } from '../../src/keys/open.keys.js';
import { ScriptedModel } from '../../src/testing/index.js';
import { inPage, itInChromium } from '../support/clients/chromium.js';
import { ApiHost } from '../support/service/api.host.js';
import { startPair, startService, removeServices, type Pair } from '../support/service/service.js';
import { CLOSED_PORT } from '../support/servers/free.port.js';
import { TcpProxy } from '../support/servers/tcp.proxy.js';
import { Databases } from '../support/storage/databases.js';
import { stores } from '../support/storage/stores.js';
import { until } from '../support/until.js';

const IMPORTS = { 'rookery/client': '/client/index.js', 'eventsource-parser': '/parser/index.js' };
const PAGE = `<!doctype html><title>Client</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;
const FOLDERS = { client: '../../dist/client/', parser: '../../node_modules/eventsource-parser/dist/' } as const;

const pages = createServer(({ url = '/' }, response) => {
  const [, folder, file = ''] = /^\/(client|parser)\/([\w.-]+\.js)$/.exec(url) ?? [];
  const type = folder === undefined ? 'text/html' : 'text/javascript';
  response.writeHead(200, { 'Content-Type': type });
  if (folder === 'client' || folder === 'parser')
    response.end(readFileSync(new URL(FOLDERS[folder] + file, import.meta.url)));
  else response.end(PAGE);
});

let origin: string;
let pair: Pair;
let client: RookeryClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${portOf(pages)}`;
  pair = await startPair('chat', { CORS_ORIGINS: origin });
  client = new RookeryClient({ baseUrl: pair.service.url });
});

afterAll(async () => {
  await removeServices();
  pages.closeAllConnections();
  pages.close();
});

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: { by: 'another' } })
  pay(): string {
    return 'paid';
  }
}

describe.each(stores)('the client, with a tool that needs the approval of another person, on $name', (store) => {
  const databases = new Databases(store);
  let host: ApiHost;

  beforeAll(async () => {
    const model = new ScriptedModel([{ tool: 'pay' }], 'Done.', [{ tool: 'pay' }], 'Done.');
    host = await ApiHost.start('api-key', { model, databaseUrl: await databases.newUrl() }, [PayingAgent]);
  });
  afterAll(async () => {
    await host.close();
    await databases.remove();
  });

  async function clientFor(...scopes: ('chat' | 'tasks' | 'approvals')[]): Promise<RookeryClient> {
    const { key } = await host.app.get(KeysService).create({ name: 'test', tenant: 'acme', scopes }, 'test');
    return new RookeryClient({ baseUrl: host.url, apiKey: key });
  }

  it('shows who may decide in each place, and throws approval_by_requester', async () => {
    const [requester, colleague] = [await clientFor('chat', 'tasks'), await clientFor('chat', 'approvals')];
    const refusal = { status: 403, code: 'approval_by_requester' };
    const types: string[] = [];
    for await (const event of requester.stream({ message: 'pay' })) {
      types.push(event.type);
      if (event.type !== 'approval.required') continue;
      const { run_id, approval_id, by } = event;
      expect(by).toBe('another');
      expect((await Array.fromAsync(colleague.approvals.list()))[0]).toMatchObject({ approval_id, by });
      expect((await requester.runs.get(run_id)).pending_approvals).toMatchObject([{ approval_id, by }]);
      const decision = { decision: 'approve' } as const;
      await expect(requester.runs.decide(run_id, approval_id, decision)).rejects.toMatchObject(refusal);
      expect(await colleague.runs.decide(run_id, approval_id, decision)).toMatchObject({ run_id });
    }
    expect(types.at(-1)).toBe('run.completed');

    const { task_id } = await requester.tasks.create({ message: 'pay' });
    const approval = await until(
      'the task waits',
      async () => (await requester.tasks.get(task_id)).pending_approvals?.[0],
    );
    expect(approval.by).toBe('another');
    const rejecting = requester.tasks.decide(task_id, approval.approval_id, { decision: 'reject' });
    await expect(rejecting).rejects.toMatchObject(refusal);
  });
});

describe('the client of an operator', () => {
  it('manages keys, releases and switches, reads health, and exports, erases and verifies', async () => {
    const service = await startService({ AUTH_MODE: 'api-key' });
    const opened = await openKeys(service.databaseUrl);
    const { key: apiKey } = await opened.keys.create({ name: 'op', tenant: 'acme', scopes: ['admin'] }, 'test');
    await opened.close();
    const operator = new RookeryClient({ baseUrl: service.url, apiKey });

    const made = await operator.keys.create({ name: 'desk', tenant: 'acme', scopes: ['chat'] });
    const ada = new RookeryClient({ baseUrl: service.url, apiKey: made.key, endUser: 'ada' });
    const { session_id } = await ada.chat({ message: 'hello' });
    expect(await operator.keys.update(made.key_id, { name: 'help desk' })).toMatchObject({ name: 'help desk' });
    const rotated = await operator.keys.rotate(made.key_id, { overlap_seconds: 0 });
    expect(rotated.key).not.toBe(made.key);
    await expect(ada.roles()).rejects.toMatchObject({ code: 'unauthenticated' });
    await operator.keys.revoke(made.key_id);
    const revoked = (await Array.fromAsync(operator.keys.list({ pageSize: 1 }))).map((key) => key.revoked_at);
    expect(revoked).toEqual([expect.any(String), undefined]);

    expect(await operator.releases.list()).toEqual({ items: [], flags: 'none' });
    const stop = { kind: 'role', name: 'coder', stopped: true, reason: 'Enough.' } as const;
    expect(await operator.switches.set(stop)).toMatchObject([{ name: 'coder', reason: 'Enough.' }]);
    expect(await operator.switches.set({ ...stop, stopped: false })).toEqual(await operator.switches.list());
    expect(await operator.readiness()).toEqual({ status: 'ok', database: 'ok', runs: 'accepted' });
    expect(await operator.metrics()).toContain('nodejs_eventloop_lag_seconds');

    const types = ({ type }: { type: string }) => type;
    const exported = (await Array.fromAsync(operator.sessions.export(session_id))).map(types);
    expect([exported[0], exported.at(-1)]).toEqual(['export', 'end']);
    expect((await Array.fromAsync(operator.endUsers.export('ada'))).map(types).at(-1)).toBe('end');
    expect(await operator.endUsers.erase('ada')).toEqual({ sessions: 1, messages: 2, runs: 1 });
    const created = await Array.fromAsync(operator.audit.list({ action: 'key.created' }));
    expect(created).toHaveLength(2);
    const report = await operator.audit.verify();
    expect(report).toEqual({ entries: report.entries, head: { sequence: report.entries, hash: expect.any(String) } });
    expect(report.entries).toBeGreaterThan(5);
  });
});

describe('the client, with a service', () => {
  it('follows a stream again in version 2', async () => {
    let runId = '';
    for await (const event of client.streamV2({ input: 'hello' })) runId = event.run_id;
    const last = (await Array.fromAsync(client.runs.eventsV2(runId, { after: 1 }))).at(-1);
    expect(last).toMatchObject({ type: 'run.completed', response: { run_id: runId, output: expect.any(String) } });
  });

  it('chats in both versions, and reads the messages', async () => {
    const answer = await client.chat({ message: 'hello', session_id: 'c-1' });
    const second = await client.chatV2({ input: 'hello again', session_id: 'c-1' });

    expect(answer.session_id).toBe('c-1');
    expect(second.usage.total_tokens).toBeGreaterThan(0);
    const contents: string[] = [];
    for await (const { content } of client.sessions.messages('c-1', { pageSize: 1 })) contents.push(content);
    expect(contents).toEqual([second.output, 'hello again', answer.reply, 'hello']);
    expect((await client.sessions.get('c-1')).message_count).toBe(4);
    expect((await client.sessions.getV2('c-1')).message_count).toBe(4);
    await client.sessions.delete('c-1');
    await expect(client.sessions.get('c-1')).rejects.toMatchObject({ status: 404, code: 'session_not_found' });
    expect((await client.roles()).map(({ role }) => role)).toContain('assistant');
    expect((await client.usage()).items.length).toBeGreaterThan(0);
  });

  it('returns the errors of the service', async () => {
    const thrown = await client.chat({ message: 'a', temperature: 5 }).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(RookeryError);
    expect(thrown).toMatchObject({
      status: 422,
      code: 'validation_failed',
      errors: [{ field: 'temperature' }],
      requestId: expect.any(String),
    });
  });

  it('streams each event once over a connection that is cut', async () => {
    const wire = await TcpProxy.to(Number(new URL(pair.service.url).port));
    const paths: string[] = [];
    const over = new RookeryClient({
      baseUrl: `http://127.0.0.1:${wire.port}`,
      fetch: (input, init) => {
        paths.push(new URL(new Request(input).url).pathname.replace(/[^/]+(?=\/events)/, 'ID'));
        return fetch(input, init);
      },
    });
    const seen: number[] = [];
    let [text, last] = ['', ''];

    for await (const event of over.stream({ message: 'hello' })) {
      seen.push(event.sequence);
      if (event.type === 'message.delta') text += event.delta;
      if (event.type === 'run.completed') last = event.response.reply;
      // A client may reconnect at once.
      if (event.sequence <= 2) {
        wire.cut();
        wire.mend();
      }
    }

    await wire.close();
    expect(paths).toEqual(expect.arrayContaining(['/api/v1/agent/chat/stream', '/api/v1/agent/runs/ID/events']));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(text).toBe(last);
  });

  it('creates a task once for one key, and waits for it', async () => {
    const first = await client.tasks.create({ message: 'hello' }, { idempotencyKey: 'k-1' });
    const again = await client.tasks.create({ message: 'hello' }, { idempotencyKey: 'k-1' });

    const done = await client.waitForTask(first.task_id);

    expect(again.task_id).toBe(first.task_id);
    expect(done).toMatchObject({ status: 'completed', result: { run_id: first.task_id } });
    await expect(client.tasks.cancel(first.task_id)).rejects.toMatchObject({ code: 'task_already_finished' });
    expect(await Array.fromAsync(client.webhooks.list({ status: 'given_up' }))).toEqual([]);
    await expect(client.webhooks.redeliver(first.task_id)).rejects.toMatchObject({ code: 'validation_failed' });
    const listed: string[] = [];
    for await (const { task_id: id } of client.tasks.list({ status: 'completed' })) listed.push(id);
    expect(listed).toContain(first.task_id);
  });

  it('names the address and the cause of a service that is down, for chats and streams', async () => {
    const baseUrl = `http://127.0.0.1:${CLOSED_PORT}`;
    const away = new RookeryClient({ baseUrl, maxRetries: 1 });
    const failure = { code: 'network_error', detail: `No answer from ${baseUrl}: fetch failed (ECONNREFUSED).` };

    await expect(away.chat({ message: 'hello' })).rejects.toMatchObject(failure);
    await expect(Array.fromAsync(away.stream({ message: 'hello' }))).rejects.toMatchObject(failure);
    await expect(Array.fromAsync(away.tasks.events('t-1', { after: 3 }))).rejects.toMatchObject(failure);
  });

  itInChromium('works in a page of another origin', async () => {
    await inPage(async (page) => {
      await page.goto(origin);
      const results: unknown = await page.evaluate(
        `(async () => {
          const { RookeryClient } = await import('rookery/client');
          const client = new RookeryClient({ baseUrl: ${JSON.stringify(pair.service.url)} });
          const { reply } = await client.chat({ message: 'hello' });
          const types = [];
          for await (const { type } of client.stream({ message: 'hello' })) types.push(type);
          const error = await client.tasks.get('none').catch((thrown) => thrown);
          return { reply, first: types[0], last: types.at(-1), code: error.code, hasId: error.requestId.length > 0 };
        })()`,
      );

      expect(results).toEqual({
        reply: expect.stringMatching(/./),
        first: 'run.started',
        last: 'run.completed',
        code: 'task_not_found',
        hasId: true,
      });
    });
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server of the pages does not listen.');
  return address.port;
}
