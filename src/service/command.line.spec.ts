import { AgentError } from '../index.js';
import { failureReason } from './command.line.js';

describe('whyFailed', () => {
  it('returns the cause of a database outage, and the message of any other failure', () => {
    const reason = new Error('PostgreSQL cannot be reached: connect ECONNREFUSED 127.0.0.1:5432');
    const away = new AgentError('storage_unavailable', {}, { cause: reason });
    expect(failureReason(away)).toBe(reason.message);
    expect(failureReason(new AgentError('storage_unavailable', {}, { cause: away }))).toBe(reason.message);
    expect(failureReason(new AgentError('not_found', { detail: 'No such key.' }, { cause: reason }))).toBe(
      'No such key.',
    );
    expect(failureReason(new Error('broken'))).toBe('broken');
    expect(failureReason('broken')).toBe('broken');
  });
});
