import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { Agent, AgentModule, AgentRunnerService, LanguageModel, type ModelCall, type RunEvent } from '../index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Yields one delta, then waits for ever and ignores the signal. */
class SlowModel extends LanguageModel {
  /** The signals of all requested streams. */
  readonly signals: AbortSignal[] = [];

  nameFor(): string {
    return 'slow';
  }

  async reply(): Promise<never> {
    return await new Promise(() => undefined);
  }

  async *stream(_: unknown, { signal }: ModelCall) {
    this.signals.push(signal);
    yield { type: 'delta' as const, text: 'so ' };
    await this.reply();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'rookery-runner-'));
const modules: TestingModule[] = [];
const model = new SlowModel();
let runner: AgentRunnerService;

async function createRunner(timeoutMs: number): Promise<AgentRunnerService> {
  const databaseUrl = `file:${join(folder, `${timeoutMs}.db`)}`;
  const module = await Test.createTestingModule({
    imports: [
      AgentModule.forRootAsync({
        http: false,
        useFactory: () => ({ model, databaseUrl, timeoutMs, maxConcurrentRuns: 1 }),
      }),
    ],
    providers: [AssistantAgent],
  }).compile();
  modules.push(module);
  await module.init();
  return module.get(AgentRunnerService);
}

beforeAll(async () => {
  runner = await createRunner(30_000);
});

afterAll(async () => {
  for (const module of modules) await module.close();
  rmSync(folder, { recursive: true });
});

async function collect(signal: AbortSignal, onDelta: () => void): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of runner.stream({ message: 'Hello', session_id: 's' }, { signal })) {
    events.push(event);
    if (event.type === 'message.delta') onDelta();
  }
  return events;
}

describe('AgentRunnerService', () => {
  it('ends the stream with run.cancelled if its signal aborts', async () => {
    const controller = new AbortController();
    const events = await collect(controller.signal, () => controller.abort());
    expect(events.map(({ type, sequence }) => [sequence, type])).toEqual([
      [1, 'run.started'],
      [2, 'message.delta'],
      [3, 'run.cancelled'],
    ]);
  });

  it('frees the session and the slot of a run whose reader left the loop', async () => {
    for (let round = 0; round < 3; round++) {
      for await (const event of runner.stream({ message: 'Hello', session_id: 's' })) {
        if (event.type === 'message.delta') break;
      }
    }
    expect(model.signals.slice(-3).map(({ aborted }) => aborted)).toEqual([true, true, true]);
    const controller = new AbortController();
    expect(await collect(controller.signal, () => controller.abort())).toHaveLength(3);
  });

  it('refuses a run beyond the limit', async () => {
    const controller = new AbortController();
    const held = runner.stream({ message: 'Hello', session_id: 's' }, { signal: controller.signal });
    await held.next();
    await expect(runner.run({ message: 'Hello' })).rejects.toMatchObject({ code: 'overloaded' });
    controller.abort();
    await held.return(undefined);
  });

  it('fails a run at its deadline, even if the model continues', async () => {
    const hurried = await createRunner(300);
    await expect(hurried.run({ message: 'Hello', session_id: 's' })).rejects.toMatchObject({ code: 'agent_timeout' });
    const events = await Array.fromAsync(hurried.stream({ message: 'Hello', session_id: 's' }));
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'agent_timeout' } });
  });

  it.each([
    [{ message: '' }, 'message'],
    [{ message: 'Hello', temperature: 99 }, 'temperature'],
    [{ message: 'Hello', session_id: '../x' }, 'session_id'],
    [{ message: 'Hello', agent_role: 'nobody' }, 'agent_role'],
  ])('refuses %j from the host too', async (request, field) => {
    await expect(runner.run(request)).rejects.toMatchObject({ code: 'validation_failed', errors: [{ field }] });
  });

  it('does not call the model for a caller that has left', async () => {
    await expect(runner.run({ message: 'Hello' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'client_closed_request',
    });
  });

  it('throws the faults of the request before the first event', async () => {
    await expect(runner.stream({ message: 'Hello', agent_role: 'nobody' }).next()).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});
