import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { context, propagation, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { until } from '../../../test/support/until.js';
import { readEnvironment } from '../settings/environment.reader.js';
import { startTracing } from './tracing.js';
import { TracingShutdown } from './tracing.shutdown.js';

const CALLERS = '0af7651916cd43dd8448eb211c80319c';
/** A trace id that the ratio sampler of the SDK counts in the lower half. */
const ANOTHER = `${'0'.repeat(31)}1`;
const NO_COLLECTOR = 'http://127.0.0.1:9';

const servers: Server[] = [];
let endTracing: (() => Promise<void>) | undefined;

afterEach(async () => {
  trace.disable();
  context.disable();
  propagation.disable();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await endTracing?.().catch(() => undefined);
});

function begin(endpoint: string, variables: Readonly<Record<string, string>> = {}): void {
  endTracing = startTracing(endpoint, readEnvironment(variables), '1', pino({ level: 'silent' }));
}

describe('the end of tracing', () => {
  it('waits at most five seconds for a collector that never answers', async () => {
    const unanswered: ServerResponse[] = [];
    const mute = createServer((_, response) => unanswered.push(response));
    servers.push(mute.listen(0, '127.0.0.1'));
    await once(mute, 'listening');
    const address = mute.address();
    begin(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    trace.getTracer('test').startSpan('the last one').end();

    const startedMs = performance.now();
    const end = new TracingShutdown(endTracing ?? (() => Promise.resolve()));
    const ended = end.onApplicationShutdown();
    await until('it is sent', () => unanswered.length === 1);
    await ended;
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(4900);
    expect(tookMs).toBeLessThan(9000);
    // Lets the export finish.
    for (const response of unanswered) response.end();
    await endTracing?.();
  });

  it('does not wait for a collector that rejects spans', async () => {
    const refusing = createServer((_, response) => response.writeHead(400).end());
    servers.push(refusing.listen(0, '127.0.0.1'));
    await once(refusing, 'listening');
    const address = refusing.address();
    begin(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    trace.getTracer('test').startSpan('the last one').end();
    const startedMs = performance.now();
    await new TracingShutdown(endTracing ?? (() => Promise.resolve())).onApplicationShutdown();
    expect(performance.now() - startedMs).toBeLessThan(4900);
  });
});

describe('a trace', () => {
  const isRecorded = (traceId: string, flags?: '00' | '01'): boolean => {
    const headers = flags && { traceparent: `00-${traceId}-b7ad6b7169203331-${flags}` };
    const parent = propagation.extract(context.active(), headers ?? {});
    const span = trace.getTracer('test').startSpan('request', {}, parent);
    if (headers) expect(span.spanContext().traceId).toBe(traceId);
    const child = trace.getTracer('test').startSpan('run', {}, trace.setSpan(parent, span));
    expect(child.isRecording()).toBe(span.isRecording());
    return span.isRecording();
  };

  it.each([
    { sampler: 'parentbased_traceidratio', ratio: 0, yes: true, no: false, own: false },
    { sampler: 'parentbased_traceidratio', ratio: 1, yes: true, no: false, own: true },
    { sampler: 'traceidratio', ratio: 0, yes: false, no: false, own: false },
    { sampler: 'traceidratio', ratio: 1, yes: true, no: true, own: true },
    { sampler: 'parentbased_always_on', ratio: 0, yes: true, no: false, own: true },
    { sampler: 'parentbased_always_off', ratio: 1, yes: true, no: false, own: false },
    { sampler: 'always_on', ratio: 0, yes: true, no: true, own: true },
    { sampler: 'always_off', ratio: 1, yes: false, no: false, own: false },
  ] as const)(
    'is recorded or not by $sampler with $ratio, depending on its caller',
    ({ sampler, ratio, yes, no, own }) => {
      begin(NO_COLLECTOR, { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: String(ratio) });
      expect([isRecorded(CALLERS, '01'), isRecorded(CALLERS, '00'), isRecorded(CALLERS)]).toEqual([yes, no, own]);
    },
  );

  it('is recorded by traceidratio regardless of the sampling flag of the caller', () => {
    begin(NO_COLLECTOR, { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' });
    expect([isRecorded(ANOTHER, '00'), isRecorded(ANOTHER, '01')]).toEqual([true, true]);
    const last = `${'0'.repeat(24)}ffffffff`;
    expect([isRecorded(last, '00'), isRecorded(last, '01')]).toEqual([false, false]);
  });
});
