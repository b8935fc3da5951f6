import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { keepQuiet } from '../../../test/support/quiet.js';
import { SpanRecorder } from '../../../test/support/span.recorder.js';
import { until } from '../../../test/support/until.js';
import { status, WEBHOOK_SECRET, WebhookReceiver } from '../../../test/support/servers/webhook.receiver.js';
import { Agent, TasksService } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

const recorder = SpanRecorder.install();
keepQuiet();
let app: TestApp;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  app = await createTestApp({
    model: new ScriptedModel('Done.', 'Done.'),
    providers: [AssistantAgent],
    webhooks: { secret: WEBHOOK_SECRET, allowPrivate: true },
  });
});

afterAll(() => Promise.all([app.close(), receiver.close()]));

describe('a webhook', () => {
  it('carries the trace of the submission, with a span for each attempt', async () => {
    receiver.next(status(500));
    const tasks = app.module.get(TasksService);
    const submit = trace.getTracer('host').startSpan('POST /tasks');
    const webhook_url = `http://127.0.0.1:${receiver.port}/told?secret=of-mine`;
    const { task } = await context.with(trace.setSpan(context.active(), submit), () =>
      tasks.submit({ message: 'hello', webhook_url }),
    );
    submit.end();
    const tries = await until('it is delivered', () => {
      const spans = recorder.named('POST');
      return spans.length === 2 && spans;
    });
    const { traceId, spanId } = submit.spanContext();
    expect(receiver.posts.map(({ headers }) => headers.traceparent)).toEqual(
      tries.map((span) => `00-${traceId}-${span.spanContext().spanId}-01`),
    );
    const known = {
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'server.port': receiver.port,
      'rookery.run.id': task.task_id,
    };
    expect(tries.map(({ attributes }) => attributes)).toEqual([
      { ...known, 'http.response.status_code': 500, 'error.type': '500' },
      { ...known, 'http.response.status_code': 204, 'http.request.resend_count': 1 },
    ]);
    expect(tries.map(({ kind, parentSpanContext }) => [kind, parentSpanContext?.spanId])).toEqual([
      [SpanKind.CLIENT, spanId],
      [SpanKind.CLIENT, spanId],
    ]);
    expect(tries.map(({ status: { code } }) => code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
    expect(recorder.open).toEqual([]);
  });
});
