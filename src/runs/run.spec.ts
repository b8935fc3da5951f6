import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError } from '../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import type { Run } from './run.js';
import { RunFactory } from './run.factory.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

const FAILURE = new AgentError('model_error');
const CANCELLED = new AgentError('run_cancelled');

let app: TestApp;
let run: Run;

beforeAll(async () => {
  app = await createTestApp({ model: new ScriptedModel(), providers: [AssistantAgent] });
});
afterAll(() => app.close());

beforeEach(async () => {
  const factory = app.module.get(RunFactory);
  const command = { kind: 'chat', request: { message: 'Hi' }, principal: HOST_PRINCIPAL, requestId: 'r' } as const;
  ({ run } = await factory.create(await factory.plan(command), 60_000));
});
afterEach(() => run.close());

const outcomeOf = () =>
  run.outcome({ text: 'Hello.', model: 'm', usage: { inputTokens: 1, outputTokens: 1 }, isTruncated: false });

describe('the state of a run', () => {
  it('has no result while the run is active', () => {
    expect([run.status, run.result]).toEqual(['running', undefined]);
    run.enter({ status: 'completing' });
    expect(run.result).toBeUndefined();
  });

  it('is running again if the answer could not be stored, and can then fail', () => {
    run.enter({ status: 'completing' });
    run.enter({ status: 'running' });
    run.fail(FAILURE);
    expect(run.result).toEqual({ status: 'failed', failure: FAILURE });
  });

  it.each(['client_closed_request', 'run_cancelled'] as const)('is cancelled, not failed, after %s', (code) => {
    run.fail(new AgentError(code));
    expect(run.status).toBe('cancelled');
  });

  it('is corrected if another end was stored first', () => {
    run.fail(FAILURE);
    run.fail(CANCELLED);
    expect(run.result).toEqual({ status: 'cancelled', failure: CANCELLED });
    const outcome = outcomeOf();
    run.enter({ status: 'completed', outcome });
    expect(run.result).toEqual({ status: 'completed', outcome });
  });

  it('cannot leave a completed, suspended or requeued attempt', () => {
    run.enter({ status: 'suspended' });
    expect(() => run.fail(FAILURE)).toThrow('A run that is suspended cannot become failed.');
    expect(() => run.enter({ status: 'running' })).toThrow('A run that is suspended cannot become running.');
  });

  it('completes only from the store of its answer', () => {
    expect(() => run.enter({ status: 'completed', outcome: outcomeOf() })).toThrow('cannot become completed');
  });
});
