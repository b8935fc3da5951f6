import { type AgentModuleOptions, completed } from './agent.options.js';

describe('the options of AgentModule', () => {
  it('have a default each', () => {
    expect(completed({})).toEqual({
      model: {},
      fallbacks: [],
      defaultModel: 'gpt-4o',
      databaseUrl: 'file:./data/rookery.db',
      timeoutMs: 30_000,
      taskTimeoutMs: 900_000,
      taskConcurrency: 100,
      taskConcurrencyPerCaller: Infinity,
      role: 'all',
      streamGraceMs: 10_000,
      sessionPolicy: 'reject',
      historyTokens: 32_000,
      summarizeHistory: false,
      maxOutputTokens: undefined,
      maxConcurrentRuns: 1000,
      rateLimit: { requests: 60, windowSeconds: 60, tokens: 0, tenantRequests: 0, tenantTokens: 0 },
      prices: {},
      budgets: { tenantTokensPerMonth: undefined, tenantCostPerMonth: undefined, webhookUrl: undefined },
      authFailureLimit: 20,
      releases: undefined,
      shutdownTimeoutMs: 30_000,
      redisUrl: undefined,
      auth: 'none',
      runTtlDays: 30,
      sessionTtlDays: undefined,
      corsOrigins: [],
      apiV1: { deprecatedAt: undefined, sunsetAt: undefined },
      telemetry: { captureContent: false },
      webhooks: { secret: undefined, allowPrivate: false },
    });
  });

  it('are taken as they are given', () => {
    const options = {
      model: { apiKey: 'k' },
      fallbacks: [{ model: 'tiny-2' }],
      defaultModel: 'tiny-1',
      databaseUrl: 'postgres://host/database',
      redisUrl: 'redis://host',
      auth: 'api-key',
      runTtlDays: 1,
      sessionTtlDays: 1,
      corsOrigins: ['https://app.example.com'],
      apiV1: { deprecatedAt: new Date(0), sunsetAt: new Date(1) },
      telemetry: { captureContent: true },
      webhooks: { secret: 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0', allowPrivate: true },
      timeoutMs: 1,
      taskTimeoutMs: 1,
      taskConcurrency: 1,
      taskConcurrencyPerCaller: 1,
      role: 'worker',
      streamGraceMs: 0,
      sessionPolicy: 'queue',
      historyTokens: 0,
      summarizeHistory: true,
      maxOutputTokens: 1,
      maxConcurrentRuns: 1,
      rateLimit: { requests: 0, windowSeconds: 1, tokens: 1, tenantRequests: 1, tenantTokens: 1 },
      prices: { tiny: { input: 0, output: 1 } },
      budgets: { tenantTokensPerMonth: 1, tenantCostPerMonth: 1, webhookUrl: 'https://budgets.example.com' },
      authFailureLimit: 0,
      releases: { directory: 'releases' },
      shutdownTimeoutMs: 0,
    } as const;
    expect(completed(options)).toEqual(options);
  });

  it.each<[AgentModuleOptions, string]>([
    [{ fallbacks: [{ model: 'm' }] }, 'fallbacks need a model that may fail'],
    [{ model: { apiKey: 'k' }, fallbacks: [{ model: ' ' }] }, 'fallbacks[0].model must name a model'],
    [
      { model: { apiKey: 'k' }, fallbacks: Array.from({ length: 11 }, () => ({ model: 'm' })) },
      'fallbacks must have at most 10 models',
    ],
  ])('refuse fall-backs that cannot be: %j', (options, fault) => {
    expect(() => completed(options)).toThrow(fault);
  });

  it.each([{ deprecatedAt: new Date(1), sunsetAt: new Date(0) }, { sunsetAt: new Date('soon') }])(
    'refuse a version 1 that ends before its time: %j',
    (apiV1) => {
      expect(() => completed({ apiV1 })).toThrow('apiV1');
    },
  );

  it.each([24, 25, 26, 32, 62, 63, 64])('take a webhook secret of %p bytes', (bytes) => {
    const secret = `whsec_${Buffer.alloc(bytes, 255).toString('base64')}`;
    expect(completed({ webhooks: { secret } }).webhooks).toEqual({ secret, allowPrivate: false });
  });

  it.each([
    'x',
    'whsec_',
    Buffer.alloc(32).toString('base64'),
    `whsec_${Buffer.alloc(32, 255).toString('base64url')}`,
    `whsec_${Buffer.alloc(32).toString('base64').replace('=', '')}`,
    ...[22, 23, 65, 66, 67].map((bytes) => `whsec_${Buffer.alloc(bytes).toString('base64')}`),
  ])('refuse the webhook secret %s, and do not show it', (secret) => {
    const complete = () => completed({ webhooks: { secret } });
    expect(complete).toThrow(/^AgentModule: webhooks.secret must be whsec_ and base64 of 24 to 64 bytes.$/);
  });

  it.each([
    [{ redisUrl: 'redis://host' }, /redisUrl needs a PostgreSQL databaseUrl/],
    [{ role: 'http' as const, databaseUrl: 'postgres://host/database' }, /role http needs a redisUrl/],
    [{ role: 'worker' as const }, /role worker needs a redisUrl/],
  ])('refuse processes that could not hear of one another: %j', (options, message) => {
    expect(() => completed(options)).toThrow(message);
  });

  it.each(['', 'budgets', 'budgets.example.com', 'ftp://budgets.example.com'])(
    'refuse the address %p for warnings of budgets, before a budget is used up',
    (webhookUrl) => {
      const webhooks = { secret: `whsec_${Buffer.alloc(32).toString('base64')}` };
      expect(() => completed({ budgets: { webhookUrl }, webhooks })).toThrow('must be an http or https URL');
    },
  );

  it('take the longest time that a timer knows', () => {
    const longestMs = 2 ** 31 - 1;
    const times = {
      timeoutMs: longestMs,
      taskTimeoutMs: longestMs,
      streamGraceMs: longestMs,
      shutdownTimeoutMs: longestMs,
    };
    expect(completed(times)).toMatchObject(times);
  });

  const windowed = (windowSeconds: number) => ({ rateLimit: { requests: 1, windowSeconds } });
  const counted = (requests: number) => ({ rateLimit: { requests, windowSeconds: 60 } });
  const OUT_OF_BOUNDS: [name: string, value: number, options: AgentModuleOptions][] = [
    ...[Infinity, NaN, 0, -1, 2 ** 31].map((value) => named('timeoutMs', value, { timeoutMs: value })),
    ...[Infinity, NaN, 0, -1, 2 ** 31].map((value) => named('taskTimeoutMs', value, { taskTimeoutMs: value })),
    ...[Infinity, NaN, 0, -1].map((value) => named('taskConcurrency', value, { taskConcurrency: value })),
    ...[NaN, 0, -1].map((value) => named('taskConcurrencyPerCaller', value, { taskConcurrencyPerCaller: value })),
    ...[Infinity, NaN, -1, 2 ** 31].map((value) => named('streamGraceMs', value, { streamGraceMs: value })),
    ...[Infinity, NaN, -1, 2 ** 31].map((value) => named('shutdownTimeoutMs', value, { shutdownTimeoutMs: value })),
    ...[Infinity, NaN, -1].map((value) => named('historyTokens', value, { historyTokens: value })),
    ...[Infinity, NaN, 0, -1].map((value) => named('maxConcurrentRuns', value, { maxConcurrentRuns: value })),
    ...[Infinity, NaN, 0, -1].map((value) => named('maxOutputTokens', value, { maxOutputTokens: value })),
    ...[Infinity, NaN, -1].map((value) => named('rateLimit.requests', value, counted(value))),
    ...[Infinity, NaN, 0, -1, 2 ** 31].map((value) => named('rateLimit.windowSeconds', value, windowed(value))),
  ];

  it.each(OUT_OF_BOUNDS)('refuse %s: %p by name', (name, value, options) => {
    expect(() => completed(options)).toThrow(`AgentModule: ${name} must be from`);
    expect(() => completed(options)).toThrow(`not ${value}.`);
  });

  function named(name: string, value: number, options: AgentModuleOptions): [string, number, AgentModuleOptions] {
    return [name, value, options];
  }
});
