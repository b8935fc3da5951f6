import { setImmediate as settled } from 'node:timers/promises';
import { keepQuiet } from '../../../test/support/quiet.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import {
  Agent,
  AgentError,
  AgentHealth,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type RunEvent,
} from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Talks.', instructions: 'Talk.' })
class TalkingAgent {}

/** Fails while `isDown` is set, in a stream after `words` words. */
class MoodyModel extends ScriptedModel {
  isDown = false;
  deltaCount = 0;

  override async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    if (this.isDown) throw new AgentError('model_unavailable', {}, { cause: 'out of order' });
    return { ...(await super.reply(request, call)), model: 'first' };
  }

  override async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    if (this.isDown) for (let word = 0; word < this.deltaCount; word++) yield { type: 'delta', text: 'so ' };
    yield { type: 'reply', reply: await this.reply(request, call) };
  }
}

const captured = keepQuiet();
let first: MoodyModel;
let second: ScriptedModel;
let app: TestApp;

beforeEach(async () => {
  const script = Array.from({ length: 20 }, () => 'I am here.');
  [first, second] = [new MoodyModel(...script), new ScriptedModel(...script)];
  app = await createTestApp({
    model: first,
    defaultModel: 'own',
    fallbacks: [{ model: 'spare', provider: second }],
    providers: [TalkingAgent],
  });
});

afterEach(() => app.close());

async function read(): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of app.runner.stream({ message: 'Hello' }, { requestId: 'request-1' })) events.push(event);
  return events;
}

describe('a run whose model fails', () => {
  it('is answered by the fallback, which the answer names and the log reports once', async () => {
    first.isDown = true;
    const { run_id, model } = await app.runner.run(
      { message: 'Hello' },
      { principal: HOST_PRINCIPAL, requestId: 'request-1' },
    );

    expect(model).toBe('scripted');
    expect(second.requests.map((request) => request.model)).toEqual(['spare']);
    expect(captured.warnings).toHaveLength(1);
    const [warning = ''] = captured.warnings;
    for (const part of [
      `run_id: '${run_id}'`,
      `request_id: 'request-1'`,
      `from: 'own at MoodyModel'`,
      `to: 'spare at ScriptedModel'`,
      `error: 'model_unavailable'`,
      `cause: 'out of order'`,
    ]) {
      expect(warning).toContain(part);
    }
  });

  it('is streamed by the fallback if no text was sent yet', async () => {
    first.isDown = true;
    const events = await read();

    expect(events.at(-1)).toMatchObject({
      type: 'run.completed',
      response: { model: 'scripted', reply: 'I am here.' },
    });
  });

  it('fails without the fallback if text was sent', async () => {
    first.isDown = true;
    first.deltaCount = 1;
    const events = await read();

    expect(events.map(({ type }) => type)).toEqual(['run.started', 'message.delta', 'run.failed']);
    expect(second.requests).toEqual([]);
  });

  it('skips a model that keeps failing, until it answers again', async () => {
    const health = app.module.get(AgentHealth);
    expect(health.breakers()).toEqual([{ upstream: 'ScriptedModel', model: 'spare', state: 'closed' }]);
    first.isDown = true;
    for (let count = 0; count < 5; count++) await app.runner.run({ message: 'Hello' });
    expect(health.breakers()).toContainEqual({ upstream: 'MoodyModel', model: 'own', state: 'open' });
    expect((await health.check()).isReady).toBe(true);

    first.isDown = false;
    expect((await app.runner.run({ message: 'Hello' })).model).toBe('scripted');

    const later = Date.now() + 10_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect(health.breakers()).toContainEqual({ upstream: 'MoodyModel', model: 'own', state: 'half-open' });
    expect((await app.runner.run({ message: 'Hello' })).model).toBe('first');
    await settled();
    expect(health.breakers()).toContainEqual({ upstream: 'MoodyModel', model: 'own', state: 'closed' });
  });
});

describe('an application without fallbacks', () => {
  it('has no breakers', async () => {
    const plain = await createTestApp({ model: new ScriptedModel(), providers: [TalkingAgent] });
    try {
      expect(plain.module.get(AgentHealth).breakers()).toEqual([]);
    } finally {
      await plain.close();
    }
  });
});
