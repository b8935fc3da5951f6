import { ForbiddenException } from '@nestjs/common';
import { Agent, AgentError, type RunEvent, Tool, ToolContext, ToolError } from '../../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../../testing/index.js';

const retry = { most: 2, initialMs: 20, factor: 2 };

@Agent({ role: 'assistant', description: 'Works.', instructions: 'Work.' })
class WorkingAgent {
  readonly keys: string[] = [];
  readonly times: number[] = [];
  failures: unknown[] = [];

  @Tool({ description: 'May be repeated', idempotent: true, timeoutMs: 200, retry })
  async look(context: ToolContext): Promise<string> {
    return await this.#work(context);
  }

  @Tool({ description: 'Happens once', retry })
  async pay(context: ToolContext): Promise<string> {
    return await this.#work(context);
  }

  @Tool({ description: 'Is not retried', idempotent: true })
  async plain(context: ToolContext): Promise<string> {
    return await this.#work(context);
  }

  async #work({ idempotencyKey }: ToolContext): Promise<string> {
    this.keys.push(idempotencyKey);
    this.times.push(performance.now());
    const failure = this.failures.shift();
    if (failure === 'silence') return await new Promise(() => undefined);
    if (failure !== undefined) throw failure;
    return 'done';
  }
}

let app: TestApp;
let agent: WorkingAgent;

afterEach(() => app.close());

/** Calls the tool once, which fails as given. Returns the result that the model reads. */
async function call(tool: string, failures: unknown[], timeoutMs = 5000): Promise<string> {
  const model = new ScriptedModel([{ tool }], 'Done.');
  app = await createTestApp({ model, timeoutMs, providers: [WorkingAgent] });
  agent = app.module.get(WorkingAgent);
  agent.failures = failures;
  const events: RunEvent[] = await Array.fromAsync(app.runner.stream({ message: 'Work' }));
  expect(events.filter(({ type }) => type === 'tool.started')).toHaveLength(1);
  return model.requests[1]?.messages.at(-1)?.content ?? '';
}

const broken = () => new Error('broken');
const again = () => new ToolError('Busy.', { retryable: true });

describe('the retries of a tool', () => {
  it('follow each other with growing waits, under one idempotency key', async () => {
    expect(await call('look', [broken(), again()])).toBe('done');
    expect(agent.keys).toHaveLength(3);
    expect(new Set(agent.keys).size).toBe(1);
    const [first = 0, second = 0, third = 0] = agent.times;
    expect(second - first).toBeGreaterThan(15);
    expect(third - second).toBeGreaterThan(35);
  });

  it('end after the most that the tool allows, with the last failure', async () => {
    expect(await call('look', [broken(), broken(), again(), broken()])).toBe('Error: Busy.');
    expect(agent.keys).toHaveLength(3);
  });

  it('follow a call that took too long, if it may be repeated', async () => {
    expect(await call('look', ['silence'])).toBe('done');
    expect(agent.keys).toHaveLength(2);
  });

  it.each([
    ['one that must not be repeated', 'pay', broken(), 'Error: pay failed.'],
    ['a ToolError without a mark', 'look', new ToolError('Unknown city.'), 'Error: Unknown city.'],
    ['a refusal of a guard', 'look', new ForbiddenException(), 'Error: look failed.'],
    ['an error of the table that is final', 'look', new AgentError('forbidden'), 'Error: look failed.'],
    ['a tool without retries', 'plain', again(), 'Error: Busy.'],
  ])('do not follow %s', async (_, tool, failure, result) => {
    expect(await call(tool, [failure])).toBe(result);
    expect(agent.keys).toHaveLength(1);
  });

  it('follow a marked error of a tool that must not be repeated: the tool knows that nothing happened', async () => {
    expect(await call('pay', [again()])).toBe('done');
    expect(agent.keys).toHaveLength(2);
  });

  it('do not wait beyond the deadline of the run', async () => {
    expect(await call('look', [again()], 10_000)).toBe('done');
    const model = new ScriptedModel([{ tool: 'slow' }], 'Done.');
    @Agent({ role: 'assistant', description: 'Works.', instructions: 'Work.' })
    class SlowAgent {
      @Tool({ description: 'Fails', retry: { most: 1, initialMs: 60_000 } })
      slow(): never {
        throw again();
      }
    }
    await app.close();
    app = await createTestApp({ model, timeoutMs: 5000, providers: [SlowAgent] });
    await app.runner.run({ message: 'Work' });
    expect(model.requests[1]?.messages.at(-1)?.content).toBe('Error: Busy.');
  });

  it.each([
    [{ most: 0 }, 'most'],
    [{ most: 1.5 }, 'most'],
    [{ most: 1, initialMs: -1 }, 'initialMs'],
    [{ most: 1, factor: 0.5 }, 'factor'],
    [{ most: 1, factor: Infinity }, 'factor'],
  ])('are refused at the start with invalid options: %j', async (options, name) => {
    @Agent({ role: 'assistant', description: 'Works.', instructions: 'Work.' })
    class InvalidAgent {
      @Tool({ description: 'Fails', retry: options })
      fail(): void {}
    }
    await expect(createTestApp({ model: new ScriptedModel(), providers: [InvalidAgent] })).rejects.toThrow(
      `InvalidAgent: tool "fail": its retry.${name} must be`,
    );
    app = await createTestApp({ model: new ScriptedModel(), providers: [WorkingAgent] });
  });
});
