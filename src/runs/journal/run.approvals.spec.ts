import { Agent, type Decision, type RunEvent, Tool, ToolContext } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  readonly paid: string[] = [];
  readonly left: boolean[] = [];

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    this.paid.push('100');
    return 'paid';
  }

  @Tool({ description: 'Takes its time' })
  async slow({ signal }: ToolContext): Promise<never> {
    return await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        this.left.push(true);
        reject(signal.reason);
      }),
    );
  }
}

let app: TestApp;

afterEach(() => app.close());

const start = async (timeoutMs = 5000): Promise<ScriptedModel> => {
  const model = new ScriptedModel([{ tool: 'pay' }], 'Done.');
  app = await createTestApp({ model, timeoutMs, providers: [PayingAgent] });
  return model;
};

/** Streams a run and calls back when it requests an approval. */
async function eventsOf(onApproval: (runId: string, approvalId: string) => unknown): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of app.runner.stream({ message: 'Pay' })) {
    events.push(event);
    if (event.type === 'approval.required') await onApproval(event.run_id, event.approval_id);
  }
  return events;
}

const decide = (runId: string, approvalId: string, decision: Decision): Promise<unknown> =>
  app.runner.decide({ runId, approvalId }, decision);

describe('a tool that needs an approval', () => {
  it('is called once approved', async () => {
    await start();
    const events = await eventsOf((run, approval) => decide(run, approval, { decision: 'approve' }));
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'approval.required',
      'tool.started',
      'tool.completed',
      'message.delta',
      'run.completed',
    ]);
    expect(events[1]).toMatchObject({ tool: 'pay', arguments: {} });
    expect(app.module.get(PayingAgent).paid).toEqual(['100']);
  });

  it('is not called if rejected, and the model gets the reason', async () => {
    const model = await start();
    const events = await eventsOf((run, approval) =>
      decide(run, approval, { decision: 'reject', reason: 'Too expensive.' }),
    );
    expect(model.requests[1]?.messages.at(-1)?.content).toBe('Error: The call was rejected. Too expensive.');
    expect(events.at(-1)?.type).toBe('run.completed');
    expect(app.module.get(PayingAgent).paid).toEqual([]);
  });

  it('is decided once', async () => {
    await start();
    const refused: unknown[] = [];
    await eventsOf(async (run, approval) => {
      for (const decision of ['approve', 'approve', 'reject'] as const) {
        await decide(run, approval, { decision }).catch((error: unknown) => refused.push(error));
      }
    });
    expect(refused).toEqual([expect.objectContaining({ code: 'approval_already_decided' })]);
    expect(app.module.get(PayingAgent).paid).toHaveLength(1);
  });

  it('stays undecided after an invalid decision', async () => {
    await start();
    let refused: unknown;
    await eventsOf(async (runId, approvalId) => {
      const decision: Decision = JSON.parse('{"decision":"deny"}');
      await decide(runId, approvalId, decision).catch((error: unknown) => (refused = error));
      await decide(runId, approvalId, { decision: 'reject' });
    });
    expect(refused).toMatchObject({ code: 'validation_failed' });
    expect(app.module.get(PayingAgent).paid).toEqual([]);
  });

  it('is not found by another tenant, in another run or under another id', async () => {
    await start();
    const codes: unknown[] = [];
    const attempt = (act: Promise<unknown>): Promise<unknown> => act.catch((error: unknown) => codes.push(error));
    await eventsOf(async (runId, approvalId) => {
      const otherPrincipal = { tenant: 'other', id: 'other' };
      await attempt(app.runner.decide({ runId, approvalId }, { decision: 'approve' }, otherPrincipal));
      await attempt(decide('nothing', approvalId, { decision: 'approve' }));
      await attempt(decide(runId, 'nothing', { decision: 'approve' }));
      await decide(runId, approvalId, { decision: 'reject' });
    });
    expect(codes).toEqual([
      expect.objectContaining({ code: 'run_not_found' }),
      expect.objectContaining({ code: 'run_not_found' }),
      expect.objectContaining({ code: 'not_found' }),
    ]);
  });

  it('waits no longer than the deadline of the run', async () => {
    await start(100);
    const events = await eventsOf(() => undefined);
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'agent_timeout' } });
    expect(app.module.get(PayingAgent).paid).toEqual([]);
  });

  it('ends a run whose caller cannot receive the request, and its parallel tools', async () => {
    const model = new ScriptedModel([{ tool: 'slow' }, { tool: 'pay' }]);
    app = await createTestApp({ model, providers: [PayingAgent] });
    await expect(app.runner.run({ message: 'Pay', session_id: 's' })).rejects.toMatchObject({
      code: 'approval_required',
    });
    expect(app.module.get(PayingAgent)).toMatchObject({ paid: [], left: [true] });
  });
});
