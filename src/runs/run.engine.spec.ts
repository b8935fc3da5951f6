import { Logger } from '@nestjs/common';
import { until } from '../../test/support/until.js';
import { randomUUID } from 'node:crypto';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError, Database, type ModelRequest, Tool } from '../index.js';
import { ClaimLoop } from '../tasks/claims/claim.loop.js';
import { ClaimsRepository } from '../tasks/claims/claims.repository.js';
import { EventLog } from './events/event.log.js';
import { AttemptLost } from './events/event.writer.js';
import { eventOf } from './events/stored.event.js';
import type { AgentExecution } from './loop/agent.execution.js';
import { RunEngine } from './run.engine.js';
import type { RunCommand } from './run.factory.js';
import { RunStarter } from './run.starter.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { Retention } from './retention/retention.js';
import { RunControl } from './recovery/run.control.js';
import { RunsRepository } from './runs.repository.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

let app: TestApp;

describe('the result of an attempt', () => {
  const command = (kind: RunCommand['kind'], message: string) => ({
    kind,
    request: { message },
    principal: HOST_PRINCIPAL,
    requestId: randomUUID(),
  });

  beforeEach(async () => {
    const answer = ({ messages }: ModelRequest) => {
      const content = messages.at(-1)?.content;
      if (content === 'Fail') throw new AgentError('model_unavailable');
      return content === 'Pay' ? [{ tool: 'pay' }] : 'Hello.';
    };
    const model = new ScriptedModel(answer, answer);
    app = await createTestApp({ model, providers: [PayingAgent] });
    // The tests claim their tasks.
    jest.spyOn(ClaimLoop.prototype, 'wake').mockResolvedValue();
  });
  afterEach(() => app.close());

  async function started(message: string, signal?: AbortSignal): Promise<AgentExecution> {
    const execution = await app.module.get(RunStarter).start({ ...command('chat', message), signal });
    if ('run' in execution) return execution;
    throw new Error('Another run has the key.');
  }

  async function resumed(message: string): Promise<AgentExecution> {
    const submitted = await app.module.get(RunStarter).submit(command('task', message));
    if ('existingRunId' in submitted) throw new Error('Another run has the key.');
    const row = await app.module.get(ClaimsRepository).claim(submitted.run_id, undefined);
    if (row === undefined || row === 'suspect') throw new Error('The task was not claimed.');
    return await app.module.get(RunStarter).resume(row, 10_000);
  }

  const executed = (execution: AgentExecution) => app.module.get(RunEngine).execute(execution);

  it('has the outcome of a completed run', async () => {
    const result = await executed(await started('Hi'));
    expect(result).toMatchObject({ status: 'completed', outcome: { output: 'Hello.', finish_reason: 'stop' } });
  });

  it('has the failure of a failed run', async () => {
    const result = await executed(await started('Fail'));
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'model_unavailable' } });
  });

  it('is cancelled if the caller has left', async () => {
    const caller = new AbortController();
    const execution = await started('Hi', caller.signal);
    caller.abort();
    const result = await executed(execution);
    expect(result).toMatchObject({ status: 'cancelled', failure: { code: 'client_closed_request' } });
  });

  it('is suspended if a task waits for an approval, while a chat fails', async () => {
    expect(await executed(await resumed('Pay'))).toEqual({ status: 'suspended' });
    const failure = expect.objectContaining({ code: 'approval_required' });
    expect(await executed(await started('Pay'))).toEqual({ status: 'failed', failure });
  });

  it('is requeued if another attempt has to continue the task', async () => {
    const execution = await resumed('Hi');
    execution.run.pause();
    const cause = expect.objectContaining({ message: 'The service is shutting down.' });
    expect(await executed(execution)).toEqual({ status: 'requeued', cause });
  });

  it('is requeued without a cause for the task if a newer attempt owns it', async () => {
    const execution = await resumed('Hi');
    const { id } = execution.run;
    await app.module.get(Database).query.updateTable('runs').set({ attempt: 2 }).where('run_id', '=', id).execute();
    expect(await executed(execution)).toEqual({ status: 'requeued', cause: expect.any(AttemptLost) });
  });
});

describe('an answer that is stored although its write failed', () => {
  afterEach(() => app.close());

  it.each([undefined, new AgentError('agent_timeout')])(
    'is the result, even if the run is aborted by %s',
    async (reason) => {
      app = await createTestApp({ model: new ScriptedModel('Hello.'), providers: [AssistantAgent] });
      const command = { kind: 'chat', request: { message: 'Hi' }, principal: HOST_PRINCIPAL, requestId: 'r' } as const;
      const started = await app.module.get(RunStarter).start(command);
      if (!('run' in started)) throw new Error('Another run has the key.');
      const runs = app.module.get(RunsRepository);
      const end = runs.end.bind(runs);
      jest.spyOn(runs, 'end').mockImplementationOnce(async (...args) => {
        await end(...args);
        if (reason) started.run.abort(reason);
        throw new DatabaseUnavailableError(new Error('the connection broke'));
      });
      const result = await app.module.get(RunEngine).execute(started);
      expect(result).toMatchObject({ status: 'completed', outcome: { output: 'Hello.' } });
    },
  );
});

describe('the readers of a stream whose answer is stored although its write failed', () => {
  afterEach(() => app.close());

  it('see the answer at once', async () => {
    app = await createTestApp({ model: new ScriptedModel('Hello.'), providers: [AssistantAgent] });
    const runs = app.module.get(RunsRepository);
    const end = runs.end.bind(runs);
    jest.spyOn(app.module.get(EventLog), 'publish').mockImplementation(() => undefined);
    jest.spyOn(runs, 'end').mockImplementationOnce(async (...args) => {
      await end(...args);
      throw new DatabaseUnavailableError(new Error('the connection broke'));
    });
    const leaving = new AbortController();
    const events = Array.fromAsync(app.runner.stream({ message: 'Hi' }, { signal: leaving.signal }));
    const timer = setTimeout(() => leaving.abort(), 3000);
    expect((await events).at(-1)?.type).toBe('run.completed');
    clearTimeout(timer);
  });
});

describe('an aborted stream whose answer is stored although its write failed', () => {
  afterEach(() => app.close());

  it('shows no failure while the database is away', async () => {
    app = await createTestApp({ model: new ScriptedModel('Hello.'), providers: [AssistantAgent] });
    const command = { kind: 'stream', request: { message: 'Hi' }, principal: HOST_PRINCIPAL, requestId: 'r' } as const;
    const started = await app.module.get(RunStarter).start(command);
    if (!('run' in started)) throw new Error('Another run has the key.');
    const { run } = started;
    const runs = app.module.get(RunsRepository);
    const end = runs.end.bind(runs);
    const away = new DatabaseUnavailableError(new Error('the connection broke'));
    jest.spyOn(runs, 'end').mockImplementationOnce(async (...args) => {
      await end(...args);
      run.abort(new AgentError('agent_timeout'));
      throw away;
    });
    jest.spyOn(runs, 'end').mockRejectedValueOnce(away);
    if (run.events) jest.spyOn(run.events, 'resync').mockRejectedValueOnce(away);
    const shown = jest.spyOn(app.module.get(EventLog), 'publish');

    await app.module.get(RunEngine).execute(started);
    await run.closed;

    const types = shown.mock.calls.flatMap(([, events]) => events.map((each) => eventOf(each).type));
    expect(types.filter((type) => type !== 'message.delta')).not.toContain('run.failed');
    const stored = (await Array.fromAsync((await app.runner.follow(run.id)) ?? [])).flat();
    expect(stored.map((each) => eventOf(each).type).at(-1)).toBe('run.completed');
  });
});

describe('a failure that cannot be stored at once', () => {
  beforeEach(async () => {
    const answer = (): never => {
      throw new AgentError('model_error');
    };
    app = await createTestApp({ model: new ScriptedModel(answer), providers: [AssistantAgent] });
    jest.spyOn(ClaimLoop.prototype, 'wake').mockResolvedValue();
  });
  afterEach(() => app.close());

  const startStream = async () => {
    const command = { kind: 'stream', request: { message: 'Hi' }, principal: HOST_PRINCIPAL, requestId: 'r' } as const;
    const execution = await app.module.get(RunStarter).start(command);
    if ('run' in execution) return execution;
    throw new Error('Another run has the key.');
  };

  const startTask = async () => {
    const command = { kind: 'task', request: { message: 'Hi' }, principal: HOST_PRINCIPAL, requestId: 'r' } as const;
    const submitted = await app.module.get(RunStarter).submit(command);
    if ('existingRunId' in submitted) throw new Error('Another run has the key.');
    const row = await app.module.get(ClaimsRepository).claim(submitted.run_id, undefined);
    if (row === undefined || row === 'suspect') throw new Error('The task was not claimed.');
    return await app.module.get(RunStarter).resume(row, 10_000);
  };

  // Another attempt may complete a task whose process dies before it stores the failure.
  it.each([
    ['a stream, whose caller waits', ['unstored', 'stored'], startStream],
    ['a task', ['stored'], startTask],
  ] as const)('is shown to the readers of %s as %j', async (_, shown, start) => {
    const execution = await start();
    const { run } = execution;
    const published: string[] = [];
    let state = 'unstored';
    jest.spyOn(app.module.get(EventLog), 'publish').mockImplementation((id, events) => {
      if (id === run.id && events.some((each) => each.isFinal)) published.push(state);
    });
    const runs = app.module.get(RunsRepository);
    const end = runs.end.bind(runs);
    jest
      .spyOn(runs, 'end')
      .mockRejectedValueOnce(new DatabaseUnavailableError(new Error('the connection broke')))
      .mockImplementation((...args) => {
        state = 'stored';
        return end(...args);
      });
    expect(await app.module.get(RunEngine).execute(execution)).toMatchObject({ status: 'failed' });
    await run.closed;
    expect(published).toEqual(shown);
  });

  it('is stored without usage if the database refuses it again and again', async () => {
    const execution = await startStream();
    const { run } = execution;
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    jest.spyOn(app.module.get(RunsRepository), 'end').mockRejectedValue(new Error('duplicate key'));
    expect(await app.module.get(RunEngine).execute(execution)).toMatchObject({ status: 'failed' });
    await until('its end is stored', () => app.module.get(RunControl).heldIds.size === 0, 5000);
    expect(errors).toHaveBeenCalledTimes(1);
    expect(await app.module.get(RunsRepository).find(run.id, HOST_PRINCIPAL)).toMatchObject({
      status: 'failed',
      error: 'model_error',
      holds_session: 0,
    });
  });
});

describe('an attempt', () => {
  beforeEach(async () => {
    app = await createTestApp({ model: new ScriptedModel('one two', 'three', 'four'), providers: [AssistantAgent] });
    // Waits for the writes of the start.
    await app.module.get(Retention).sweep();
  });

  afterEach(() => app.close());

  /** Breaks the connection right after the commit of that write. */
  function breakAfterCommit(count: number): void {
    const database = app.module.get(Database);
    const write = database.write.bind(database);
    let writes = 0;
    jest.spyOn(database, 'write').mockImplementation(async (...args) => {
      const result = await write(...args);
      if (++writes === count) throw new DatabaseUnavailableError(new Error('the connection broke'));
      return result;
    });
  }

  describe('a run whose database connection breaks after a commit', () => {
    it('ends without a gap in its sequence numbers, and frees its session', async () => {
      // The first write begins the run, the second stores `run.started`.
      breakAfterCommit(2);
      const request = { message: 'Hello', session_id: 's' };
      const events = await Array.fromAsync(app.runner.stream(request));
      expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'storage_unavailable' } });

      await until('the session is free', () => app.runner.run(request).catch(() => undefined), 8000);

      const runId = events[0]?.run_id ?? '';
      const stored = (await Array.fromAsync((await app.runner.follow(runId)) ?? [])).flat();
      expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
      expect(stored.at(-1)?.isFinal).toBe(true);
      expect(stored.filter(({ isFinal }) => isFinal)).toHaveLength(1);
    });
  });

  describe('a run whose end cannot be stored', () => {
    it('answers its caller, and is held until its end is stored', async () => {
      const [runs, control] = [app.module.get(RunsRepository), app.module.get(RunControl)];
      const end = jest.spyOn(runs, 'end').mockRejectedValue(new Error('disk is full'));
      const failing = app.runner.run({ message: 'Hello', session_id: 's' });
      await expect(failing).rejects.toMatchObject({ code: 'internal_error' });
      expect(control.running).toEqual([]);
      expect(control.heldIds.size).toBe(1);

      end.mockRestore();
      await until('its end is stored', () => control.heldIds.size === 0);
      expect((await app.runner.run({ message: 'Hello', session_id: 's' })).reply).toBe('three');
    });
  });
});
