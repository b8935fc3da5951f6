import { readFile } from 'node:fs/promises';
import { openKeys } from '../../src/keys/open.keys.js';
import { METRIC } from '../../src/telemetry/semantic.names.js';
import { send } from '../support/clients/client.js';
import { object, objects, string } from '../support/json.js';
import { OtlpCollector, type WireSpan } from '../support/servers/otlp.collector.js';
import {
  API_KEY,
  modelAt,
  removeServices,
  startService,
  type ServiceProcess,
  startProcess,
} from '../support/service/service.js';
import { TestSocket } from '../support/clients/socket.js';
import { streamAll } from '../support/clients/sse.js';
import { until } from '../support/until.js';
import { INPUT_TOKENS, Upstream } from '../support/servers/upstream.js';

const CHAT = 'POST /api/v1/agent/chat';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const SECRET_WORDS = 'my number is 4711';
const ASKS_TOOL = {
  does: 'reply',
  toolCalls: [{ id: 'call_1', name: 'calculate', arguments: '{"expression":"2 + 2"}' }],
} as const;

const collector = await OtlpCollector.start();
const upstream = await Upstream.start();
const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=s%20ecret' };
const captured = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true', OTEL_TRACES_SAMPLER: 'traceidratio' };
const [traced, open] = await Promise.all([
  startProcess({ ...modelAt(upstream), MODEL_API: 'chat', AUTH_MODE: 'api-key', ...otlp }),
  startService({ ...modelAt(upstream), MODEL_API: 'chat' }),
]);
const door = await openKeys(traced.databaseUrl);
const callerKey = await keyOf('chat', 'tasks');

afterAll(async () => {
  await door.close();
  await removeServices();
});

describe('spans', () => {
  it('form a tree from the request to the tool, and reach the provider', async () => {
    upstream.next(ASKS_TOOL);
    const headers = { ...bearer(callerKey), traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': 'traced' };
    const { status } = await send(traced, CHAT, { headers, body: { message: SECRET_WORDS } });
    expect(status).toBe(200);

    const spans = await spansOf(TRACE, 5);
    const server = named(spans, CHAT);
    const agent = named(spans, 'invoke_agent assistant');
    expect(server).toMatchObject({ parentId: CALLER, kind: 2, isError: false });
    expect(agent.parentId).toBe(server.spanId);
    const chats = spans.filter(({ name }) => name === 'chat gpt-4o');
    expect(chats.map(({ parentId, kind }) => [parentId, kind])).toEqual([
      [agent.spanId, 3],
      [agent.spanId, 3],
    ]);
    expect(named(spans, 'execute_tool calculate').parentId).toBe(agent.spanId);

    expect(server.attributes.get('http.route')).toBe('/api/v1/agent/chat');
    expect(server.attributes.get('http.response.status_code')).toBe(200);
    expect(agent.attributes.get('gen_ai.operation.name')).toBe('invoke_agent');
    expect(agent.attributes.get('gen_ai.usage.input_tokens')).toBe(2 * INPUT_TOKENS);
    expect(collector.resource.get('service.name')).toBe('rookery');
    expect(collector.headers[0]).toMatchObject({ 'x-collector-key': 's ecret' });

    const asked = upstream.requests.filter(({ headers: { traceparent } }) => String(traceparent).includes(TRACE));
    expect(asked.map(({ headers: sent }) => sent.traceparent)).toEqual(
      chats.map(({ spanId }) => `00-${TRACE}-${spanId}-01`),
    );
  });

  it('are referenced in the log', async () => {
    const lines = await until('the lines', () => traced.logsOf('traced').length >= 2 && traced.logsOf('traced'));
    const spans = await spansOf(TRACE, 5);
    const idOf = (msg: string) => lines.find((line) => line.msg === msg);
    expect(idOf('request')).toMatchObject({ trace_id: TRACE, span_id: named(spans, CHAT).spanId });
    expect(idOf('run finished')).toMatchObject({
      trace_id: TRACE,
      span_id: named(spans, 'invoke_agent assistant').spanId,
    });
  });

  it('continue in the process that runs a task, and fail with it', async () => {
    const trace = '1'.repeat(32);
    upstream.next({ does: 'refuse', status: 400 });
    const headers = { ...bearer(callerKey), traceparent: `00-${trace}-${CALLER}-01` };
    const { body } = await send(traced, 'POST /api/v1/agent/tasks', { headers, body: { message: SECRET_WORDS } });
    const spans = await spansOf(trace, 3);
    const agent = named(spans, 'invoke_agent assistant');
    expect(agent.attributes.get('rookery.run.id')).toBe(body.task_id);
    expect(agent.parentId).toBe(named(spans, 'POST /api/v1/agent/tasks').spanId);
    expect([agent.isError, agent.attributes.get('error.type')]).toEqual([true, 'model_error']);
  });

  it('end with their stream', async () => {
    const trace = '2'.repeat(32);
    const headers = { ...bearer(callerKey), traceparent: `00-${trace}-${CALLER}-01` };
    await streamAll(traced, { message: SECRET_WORDS }, { headers });
    const spans = await spansOf(trace, 3);
    const agent = named(spans, 'invoke_agent assistant');
    expect(agent.parentId).toBe(named(spans, 'POST /api/v1/agent/chat/stream').spanId);
    expect(named(spans, 'chat gpt-4o').parentId).toBe(agent.spanId);
  });

  it('are in the trace of the upgrade for chats of a WebSocket', async () => {
    const trace = '4'.repeat(32);
    const headers = { ...bearer(callerKey), traceparent: `00-${trace}-${CALLER}-01` };
    const socket = await TestSocket.open(traced, { headers });
    for (const id of ['one', 'two']) {
      socket.send({ type: 'chat', id, request: { message: SECRET_WORDS } });
      await socket.frame(id, 'run.completed');
    }
    socket.ws.close();
    const spans = await spansOf(trace, 5);
    const upgrade = named(spans, 'GET /api/v1/agent/ws');
    expect(upgrade.attributes.get('http.response.status_code')).toBe(101);
    const agents = spans.filter(({ name }) => name === 'invoke_agent assistant');
    expect(agents.map(({ parentId }) => parentId)).toEqual([upgrade.spanId, upgrade.spanId]);
    const parents = spans.filter(({ name }) => name === 'chat gpt-4o').map(({ parentId }) => parentId);
    expect(new Set(parents)).toEqual(new Set(agents.map(({ spanId }) => spanId)));
  });

  it('omit a path that is not a route', async () => {
    const trace = '5'.repeat(32);
    const headers = { ...bearer(callerKey), traceparent: `00-${trace}-${CALLER}-01` };
    await send(traced, 'GET /the/secret', { headers });
    const [span] = await spansOf(trace, 1);
    expect([span?.name, span?.attributes.get('http.response.status_code'), span?.isError]).toEqual(['GET', 404, false]);
    expect(span?.attributes.has('http.route')).toBe(false);
  });

  it('contain no messages and no secrets', () => {
    const sent = Buffer.concat(collector.bodies).toString('latin1');
    expect(sent).toContain('invoke_agent');
    for (const secret of [SECRET_WORDS, '2 + 2', API_KEY, callerKey, 'Echo:', '/the/secret'])
      expect(sent).not.toContain(secret);
  });

  it('are not sampled if the caller opts out', async () => {
    const trace = '3'.repeat(32);
    const headers = { ...bearer(callerKey), traceparent: `00-${trace}-${CALLER}-00` };
    await send(traced, CHAT, { headers, body: { message: 'quiet' } });
    expect(upstream.requests.at(-1)?.headers.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
    expect(collector.spans.filter(({ traceId }) => traceId === trace)).toEqual([]);
  });

  it('are not recorded without a collector', async () => {
    await send(open, CHAT, { headers: { traceparent: `00-${TRACE}-${CALLER}-01` }, body: { message: 'hi' } });
    expect(upstream.requests.at(-1)?.headers.traceparent).toBeUndefined();
  });
});

describe('GET /metrics', () => {
  it('reports requests, runs, model calls and tools', async () => {
    upstream.next(ASKS_TOOL);
    await send(open, CHAT, { body: { message: 'hello' } });
    await streamAll(open, { message: 'hello' });
    upstream.next({ does: 'refuse', status: 400 });
    await send(open, CHAT, { body: { message: 'hello' } });
    for (const path of ['/a', '/b', '/c']) await send(open, `GET ${path}`);
    const { headers, text } = await send(open, 'GET /metrics');

    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(valueOf(text, 'rookery_runs_total{role="assistant",status="completed",error=""}')).toBe(3);
    expect(valueOf(text, 'rookery_runs_total{role="assistant",status="failed",error="model_error"}')).toBe(1);
    expect(valueOf(text, 'rookery_runs_active{kind="chat"}')).toBe(0);
    const chat = 'method="POST",route="/api/v1/agent/chat"';
    expect(valueOf(text, `rookery_http_request_duration_seconds_count{${chat},status="2xx"}`)).toBe(2);
    expect(valueOf(text, `rookery_http_request_duration_seconds_count{${chat},status="5xx"}`)).toBe(1);
    const unknown = 'method="GET",route="other",status="4xx"';
    expect(valueOf(text, `rookery_http_request_duration_seconds_count{${unknown}}`)).toBe(3);
    expect(valueOf(text, 'rookery_tool_call_duration_seconds_count{tool="calculate",error=""}')).toBe(1);
    const tokens = /^rookery_model_tokens_total\{role="assistant",model="[^"]+",direction="input"\} (\d+)$/m.exec(text);
    expect(Number(tokens?.[1])).toBe(4 * INPUT_TOKENS);
    expect(valueOf(text, 'rookery_model_time_to_first_delta_seconds_count{model="gpt-4o"}')).toBe(1);
    expect(valueOf(text, 'rookery_tasks_queued')).toBe(0);
    expect(valueOf(text, 'rookery_webhooks_pending')).toBe(0);
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds ');
  });

  it('has every metric that the dashboard shows', async () => {
    const { text } = await send(open, 'GET /metrics');
    const types = new Map(Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type]) => [name, type]));
    const names = new Set(
      [...types].flatMap(([name, type]) =>
        type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
      ),
    );
    const dashboard: unknown = JSON.parse(await readFile('docs/grafana/rookery.json', 'utf8'));
    const expressions = objects(object(dashboard).panels)
      .filter((panel) => panel.type !== 'row')
      .map((panel) => objects(panel.targets).map(({ expr }) => string(expr)));
    expect(expressions.length).toBeGreaterThan(10);
    for (const ofPanel of expressions) {
      const shown = ofPanel.join(' ').match(/\b(rookery|nodejs|process)_\w+/g) ?? [];
      expect(shown).not.toEqual([]);
      expect(shown.filter((name) => !names.has(name))).toEqual([]);
    }
  });

  it('has every metric of the documentation, with its labels, and no other', async () => {
    const page = await readFile('docs/observability.md', 'utf8');
    const rows = Array.from(page.matchAll(/^\| `(rookery_\w+)` *\|([^|]*)\|/gm), ([, name = '', labels = '']) => {
      return [name, labels.split(',').flatMap((label) => label.trim() || [])] as const;
    });
    expect(rows.map(([name]) => name).toSorted()).toEqual(Object.values(METRIC).toSorted());

    const { text } = await send(open, 'GET /metrics');
    for (const [name] of rows) expect(text).toContain(`# TYPE ${name} `);
    const documented = new Map(rows);
    for (const [, name = '', labels = ''] of text.matchAll(/^(rookery_\w+?)(?:_bucket|_sum|_count)?\{(.*)\} /gm)) {
      const shown = Array.from(labels.matchAll(/(\w+)="/g), ([, label]) => label).filter((label) => label !== 'le');
      expect([name, shown]).toEqual([name, documented.get(name)]);
    }
  });

  it('requires its scope with authentication', async () => {
    const statusOf = async (headers = {}) => (await send(traced, 'GET /metrics', { headers })).status;
    expect(await statusOf()).toBe(401);
    expect(await statusOf(bearer(callerKey))).toBe(403);
    expect(await statusOf(bearer(await keyOf('metrics')))).toBe(200);
  });
});

describe('a service that ends', () => {
  it('sends the remaining spans', async () => {
    const trace = '6'.repeat(32);
    const headers = { ...bearer(callerKey), traceparent: `00-${trace}-${CALLER}-01` };
    await send(traced, CHAT, { headers, body: { message: 'the last one' } });
    expect(await endOf(traced)).toBe(0);
    const spans = collector.spans.filter(({ traceId }) => traceId === trace);
    // A late answer makes the exporter send a span twice.
    expect(new Set(spans.map(({ name }) => name))).toEqual(new Set([CHAT, 'invoke_agent assistant', 'chat gpt-4o']));
  });

  it("sends messages if configured, regardless of the caller's sampling flag", async () => {
    const capturing = await startProcess({ ...modelAt(upstream), MODEL_API: 'chat', ...otlp, ...captured });
    const trace = '7'.repeat(32);
    const headers = { traceparent: `00-${trace}-${CALLER}-00` };
    await send(capturing, CHAT, { headers, body: { message: SECRET_WORDS } });
    const chat = named(await spansOf(trace, 3), 'chat gpt-4o');
    expect(chat.attributes.get('gen_ai.input.messages')).toContain(SECRET_WORDS);
    expect(chat.attributes.get('gen_ai.output.messages')).toContain(`Echo: ${SECRET_WORDS}`);

    collector.isMute = true;
    await send(capturing, CHAT, { body: { message: 'nobody hears of it' } });
    expect(await endOf(capturing)).toBe(0);
  });
});

/** Has no time limit: the machine may be busy. */
async function endOf(service: ServiceProcess): Promise<number | null> {
  service.signal('SIGTERM');
  return await service.exited;
}

async function keyOf(...scopes: ('chat' | 'tasks' | 'metrics')[]): Promise<string> {
  const { key } = await door.keys.create({ name: 'test', tenant: 'acme', scopes }, 'test');
  return key;
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

function spansOf(trace: string, count: number): Promise<WireSpan[]> {
  return until('the spans have arrived', () => {
    const spans = collector.spans.filter(({ traceId }) => traceId === trace);
    return spans.length >= count && spans;
  });
}

function named(spans: readonly WireSpan[], name: string): WireSpan {
  const [span, ...others] = spans.filter((each) => each.name === name);
  if (!span || others.length > 0)
    throw new Error(`Expected exactly one ${name} among ${spans.map((each) => each.name).join(', ')}`);
  return span;
}

function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}
