import { AgentError, ignoring } from './agent.error.js';

describe('AgentError.from', () => {
  const away = new AgentError('storage_unavailable', {}, { cause: new Error('connect ECONNREFUSED') });

  it('leaves an AgentError as it is, and hides anything else', () => {
    const error = new AgentError('session_busy', {}, { cause: away });
    expect(AgentError.from(error)).toBe(error);
    const failure = new TypeError('undefined is not a function', { cause: error });
    expect(AgentError.from(failure)).toMatchObject({ code: 'storage_unavailable', cause: failure });
    const other = new Error('secret', { cause: new AgentError('session_busy') });
    expect(AgentError.from(other)).toMatchObject({ code: 'internal_error', cause: other });
  });

  it('tells of a lost database, however deep, that another try makes sense, and not why', () => {
    const failure = new Error('an event could not be stored', { cause: new Error('in between', { cause: away }) });
    const error = AgentError.from(failure);
    expect(error).toMatchObject({ code: 'storage_unavailable', status: 503, retryAfterSeconds: 1 });
    expect(error.toBody('r-1').detail).toBe('The database is not available. Try again.');
  });

  it('comes to an end where causes go in a circle', () => {
    const one = new Error('one');
    one.cause = new Error('two', { cause: one });
    expect(AgentError.from(one).code).toBe('internal_error');
  });
});

describe('ignoring', () => {
  it('lets failures of those codes pass, and no others', async () => {
    const only = ignoring('run_not_found', 'task_already_finished');
    for (const code of ['run_not_found', 'task_already_finished'] as const) {
      expect(await Promise.reject(new AgentError(code)).catch(only)).toBeUndefined();
    }
    for (const failure of [new AgentError('storage_unavailable'), new Error('a fault')]) {
      await expect(Promise.reject(failure).catch(only)).rejects.toBe(failure);
    }
  });
});
