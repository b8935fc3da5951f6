import { APIError } from 'openai/error';
import { AgentError } from '../../errors/agent.error.js';
import { ContentFilterCause, isRetryableElsewhere, retryDelayMs, toAgentError } from './provider.failure.js';

const answered = (status: number, headers: Record<string, string> = {}, error: object = {}): APIError =>
  APIError.generate(status, { error }, undefined, new Headers(headers));
const network = (code: string): Error => Object.assign(new Error('the words of the network'), { code });

describe('retryDelayMs', () => {
  it('honours Retry-After in seconds, in milliseconds and as a date', () => {
    expect(retryDelayMs(answered(429, { 'retry-after': '7' }), 0)).toBe(7000);
    expect(retryDelayMs(answered(503, { 'retry-after-ms': '250' }), 0)).toBe(250);
    const date = new Date(Date.now() + 5000).toUTCString();
    expect(retryDelayMs(answered(429, { 'retry-after': date }), 0)).toBeGreaterThan(3000);
    expect(retryDelayMs(answered(429, { 'retry-after': 'soon' }), 0)).toBeLessThanOrEqual(250);
  });

  it('waits longer with each attempt', () => {
    const first = retryDelayMs(answered(500), 0) ?? 0;
    const second = retryDelayMs(network('ECONNRESET'), 1) ?? 0;
    expect(first).toBeGreaterThanOrEqual(187);
    expect(second).toBeGreaterThan(first);
  });

  it('does not retry a request that would fail again', () => {
    expect(retryDelayMs(answered(401), 0)).toBeUndefined();
    expect(retryDelayMs(answered(429, {}, { code: 'insufficient_quota' }), 0)).toBeUndefined();
    expect(retryDelayMs(new SyntaxError('not JSON'), 0)).toBeUndefined();
  });
});

describe('toAgentError', () => {
  it.each([
    [answered(429, { 'retry-after': '7' }), 'model_rate_limited'],
    [answered(500), 'model_error'],
    [answered(401), 'model_error'],
    [answered(503), 'model_unavailable'],
    [network('ECONNREFUSED'), 'model_unavailable'],
    [network('ENOTFOUND'), 'model_unavailable'],
    [network('UND_ERR_SOCKET'), 'model_error'],
    [new SyntaxError('Unexpected token'), 'model_error'],
  ])('converts %s to the code %s', (failure, code) => {
    expect(toAgentError(failure).code).toBe(code);
  });

  it("passes on the provider's requested wait", () => {
    expect(toAgentError(answered(429, { 'retry-after': '7' })).retryAfterSeconds).toBe(7);
  });

  it("keeps the provider's message out of the answer and the log", () => {
    const error = toAgentError(answered(401, {}, { message: 'Incorrect API key sk-secret', code: 'invalid_api_key' }));
    expect(JSON.stringify([error.message, error.cause])).not.toContain('sk-secret');
    expect(error.cause).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});

describe('isProviderTrouble', () => {
  it.each([401, 402, 403, 404, 408, 429, 500, 502, 503, 504, 529])('is true for %i', (status) => {
    expect(isRetryableElsewhere(toAgentError(answered(status)))).toBe(true);
  });

  it.each([400, 405, 409, 413, 415, 422])('is false for %i, which concerns the request', (status) => {
    expect(isRetryableElsewhere(toAgentError(answered(status)))).toBe(false);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_CONNECT_TIMEOUT'])('is true for %s', (code) => {
    expect(isRetryableElsewhere(toAgentError(network(code)))).toBe(true);
  });

  it('is true for an answer that cannot be parsed, and false for one that a filter stopped', () => {
    expect(isRetryableElsewhere(new AgentError('model_error'))).toBe(true);
    expect(isRetryableElsewhere(new AgentError('model_error', {}, { cause: new ContentFilterCause() }))).toBe(false);
  });

  it.each([new AgentError('agent_timeout'), new AgentError('internal_error'), new Error('a fault of our own')])(
    'is false for %s',
    (failure) => {
      expect(isRetryableElsewhere(failure)).toBe(false);
    },
  );
});
