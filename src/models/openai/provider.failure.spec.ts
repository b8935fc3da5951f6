import { APIError } from 'openai/error';
import { AgentError } from '../../errors/agent.error.js';
import {
  isRetryable,
  isRetryableElsewhere,
  isTemporary,
  reportedError,
  requestedWaitMs,
  toAgentError,
} from './provider.failure.js';

const answered = (status: number, headers: Record<string, string> = {}, error: object = {}): APIError =>
  APIError.generate(status, { error }, undefined, new Headers(headers));
const network = (code: string): Error => Object.assign(new Error('the words of the network'), { code });

describe('requestedWaitMs', () => {
  const waitMs = (headers: Record<string, string>) => requestedWaitMs(toAgentError(answered(429, headers)));

  it('honours Retry-After in seconds, in milliseconds and as a date', () => {
    expect(waitMs({ 'retry-after': '7' })).toBe(7000);
    expect(waitMs({ 'retry-after': '1.5' })).toBe(1500);
    expect(waitMs({ 'retry-after': '250ms' })).toBe(250);
    expect(waitMs({ 'retry-after-ms': '250' })).toBe(250);
    expect(waitMs({ 'retry-after': new Date(Date.now() + 5000).toUTCString() })).toBeGreaterThan(3000);
    expect(waitMs({ 'retry-after': new Date(0).toUTCString() })).toBe(0);
  });

  it.each(['soon', '-1', ''])('ignores %j', (text) => {
    expect(waitMs({ 'retry-after': text })).toBeUndefined();
  });
});

describe('isRetryable', () => {
  it.each([answered(429), answered(500), answered(503), network('ECONNRESET')])(
    'is true for %s, as is isTemporary',
    (failure) => {
      expect(isRetryable(toAgentError(failure))).toBe(true);
      expect(isTemporary(toAgentError(failure))).toBe(true);
    },
  );

  it('is false for 408, unlike isTemporary: the provider has already taken its time', () => {
    const failure = toAgentError(answered(408));
    expect([isRetryable(failure), isTemporary(failure)]).toEqual([false, true]);
  });

  it.each([
    { type: 'insufficient_quota' },
    { type: 'exceeded_current_quota_error' },
    { code: 'insufficient_balance' },
    { code: 'billing_hard_limit_reached' },
  ])('is false for an account that is used up: %j', (error) => {
    for (const failure of [toAgentError(answered(429, {}, error)), reportedError(error)]) {
      expect([isRetryable(failure), isTemporary(failure), isRetryableElsewhere(failure)]).toEqual([false, false, true]);
    }
  });

  it('is false if the provider says that a retry would fail again', () => {
    const failure = toAgentError(answered(503, { 'x-should-retry': 'false' }));
    expect([isRetryable(failure), isTemporary(failure), isRetryableElsewhere(failure)]).toEqual([false, false, true]);
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_INVALID_URL',
  ])('is false for %s, a fault of the configuration', (code) => {
    const failure = toAgentError(network(code));
    expect([isRetryable(failure), isTemporary(failure), isRetryableElsewhere(failure)]).toEqual([false, false, true]);
  });

  it.each([
    answered(401),
    answered(400),
    answered(429, {}, { code: 'insufficient_quota' }),
    new SyntaxError('not JSON'),
    network('UND_ERR_RES_EXCEEDED_MAX_SIZE'),
  ])('is false for %s, which would fail again', (failure) => {
    expect(isRetryable(toAgentError(failure))).toBe(false);
  });
});

describe('an error inside a stream', () => {
  it.each([
    [{ code: 'rate_limit_exceeded', message: 'slow down' }, 'model_rate_limited', true],
    [{ type: 'rate_limit_error' }, 'model_rate_limited', true],
    [{ code: 429 }, 'model_rate_limited', true],
    [{ code: '503' }, 'model_unavailable', true],
    [{ type: 'overloaded_error' }, 'model_unavailable', true],
    [{ code: 'server_error' }, 'model_error', true],
    ['the words of the provider', 'model_error', true],
    [{ code: 'insufficient_quota' }, 'model_rate_limited', false],
    [{ type: 'invalid_request_error' }, 'model_error', false],
    [{ code: 'context_length_exceeded' }, 'context_length_exceeded', false],
    [{ code: 'content_filter' }, 'content_filtered', false],
  ])('%j is treated as %s; a retry may help: %s', (error, code, helps) => {
    const failure = reportedError(error);
    expect([failure.code, isRetryable(failure)]).toEqual([code, helps]);
  });
});

describe('a refusal of the request', () => {
  it.each([
    [400, { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } }, 'content_filtered'],
    [400, { code: null, message: "triggering Azure OpenAI's content management policy" }, 'content_filtered'],
    [403, { code: 403, message: 'Your input was flagged by moderation' }, 'content_filtered'],
    [400, { code: 'context_length_exceeded' }, 'context_length_exceeded'],
    [400, { type: 'exceed_context_size_error' }, 'context_length_exceeded'],
    [400, { message: "This model's maximum context length is 4096 tokens." }, 'context_length_exceeded'],
    [400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }, 'context_length_exceeded'],
    [413, { message: 'Input is too long for requested model.' }, 'context_length_exceeded'],
    [400, { message: 'input length and `max_tokens` exceed context limit: 9 + 8 > 10' }, 'context_length_exceeded'],
    [422, { message: '`inputs` tokens + `max_new_tokens` must be <= 4097.' }, 'context_length_exceeded'],
    [422, { message: '`inputs` must have less than 1024 tokens.' }, 'context_length_exceeded'],
    [400, { message: 'Range of input length should be [1, 30720]' }, 'context_length_exceeded'],
    [400, { message: 'The input token count (9) exceeds the maximum number of tokens' }, 'context_length_exceeded'],
    [500, { message: 'the request exceeds the available context size' }, 'context_length_exceeded'],
    [413, { code: 'rate_limit_exceeded', message: 'too many tokens per minute' }, 'model_error'],
    [429, { message: 'too many tokens' }, 'model_rate_limited'],
    [400, { message: 'something else' }, 'model_error'],
  ])('is recognised: %s with %j has the code %s', (status, error, code) => {
    expect(toAgentError(new APIError(status, error, undefined, new Headers())).code).toBe(code);
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

  it.each([
    { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' },
    { status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' },
    { message: 'Incorrect API key provided: sk-***' },
    { code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' },
    { code: 'billing_hard_limit_reached' },
    { type: 'invalid_model', message: 'Invalid model: mistral-old' },
    { message: 'The provided model identifier is invalid.' },
    { code: 'model_not_found' },
  ])('is true for 400 with %j, which concerns the account or the name of the model', (error) => {
    const failure = toAgentError(answered(400, {}, error));
    expect([isRetryableElsewhere(failure), isTemporary(failure)]).toEqual([true, false]);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_CONNECT_TIMEOUT'])('is true for %s', (code) => {
    expect(isRetryableElsewhere(toAgentError(network(code)))).toBe(true);
  });

  it('is true for an answer that cannot be parsed, and false for one that a filter stopped', () => {
    expect(isRetryableElsewhere(new AgentError('model_error'))).toBe(true);
    expect(isRetryableElsewhere(reportedError({ code: 'content_filter' }))).toBe(false);
  });

  it.each([new AgentError('agent_timeout'), new AgentError('internal_error'), new Error('a fault of our own')])(
    'is false for %s',
    (failure) => {
      expect(isRetryableElsewhere(failure)).toBe(false);
    },
  );
});
