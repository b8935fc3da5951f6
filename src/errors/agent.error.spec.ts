import { AgentError, ignoreCodes } from './agent.error.js';

describe('AgentError.from', () => {
  const away = new AgentError('storage_unavailable', {}, { cause: new Error('connect ECONNREFUSED') });

  it('returns an AgentError unchanged, and hides any other failure', () => {
    const error = new AgentError('session_busy', {}, { cause: away });
    expect(AgentError.from(error)).toBe(error);
    const failure = new TypeError('undefined is not a function', { cause: error });
    expect(AgentError.from(failure)).toMatchObject({ code: 'storage_unavailable', cause: failure });
    const other = new Error('secret', { cause: new AgentError('session_busy') });
    expect(AgentError.from(other)).toMatchObject({ code: 'internal_error', cause: other });
  });

  it('reports a database outage at any depth as retryable, without its reason', () => {
    const failure = new Error('an event could not be stored', { cause: new Error('in between', { cause: away }) });
    const error = AgentError.from(failure);
    expect(error).toMatchObject({ code: 'storage_unavailable', status: 503, retryAfterSeconds: 1 });
    expect(error.toBody('r-1').detail).toBe('The database is not available. Try again.');
  });

  it('terminates on circular causes', () => {
    const one = new Error('one');
    one.cause = new Error('two', { cause: one });
    expect(AgentError.from(one).code).toBe('internal_error');
  });
});

describe('ignoring', () => {
  it('ignores failures with these codes and rethrows others', async () => {
    const only = ignoreCodes('run_not_found', 'task_already_finished');
    for (const code of ['run_not_found', 'task_already_finished'] as const) {
      expect(await Promise.reject(new AgentError(code)).catch(only)).toBeUndefined();
    }
    for (const failure of [new AgentError('storage_unavailable'), new Error('a fault')]) {
      await expect(Promise.reject(failure).catch(only)).rejects.toBe(failure);
    }
  });
});
