import { completeOptions } from './options.defaults.js';

describe('completeOptions', () => {
  it('has a default for every option', () => {
    expect(completeOptions({})).toEqual({
      storage: { databaseUrl: 'file:./data/rookery.db', redisUrl: undefined, redisPrefix: undefined },
      telemetry: { captureContent: false },
      models: { model: {}, models: {}, fallbacks: [], connections: 1100, areHintsShown: false },
      auth: { auth: 'none', requireEndUser: false, logAddresses: true },
      keys: { ttlDays: undefined, maxDays: undefined },
      http: {
        rateLimits: { requests: 60, windowSeconds: 60, tokens: 0, tenantRequests: 0, tenantTokens: 0 },
        authFailureLimit: 20,
        maxStreamsPerCaller: 100,
        requestTimeoutMs: 30_000,
        apiV1: {},
        corsOrigins: [],
      },
      agents: { defaultModel: 'gpt-4o', globalEnhancersOnTools: true, versions: {} },
      releases: { source: undefined },
      usage: {
        prices: {},
        tenantTokensPerMonth: undefined,
        tenantCostPerMonth: undefined,
        maxSessionsPerTenant: 0,
        maxStorageMbPerTenant: 0,
      },
      runs: {
        timeoutMs: 30_000,
        maxConcurrentRuns: 1000,
        maxQueuedTasks: 1000,
        shutdownTimeoutMs: 30_000,
        streamGraceMs: 10_000,
        sessionPolicy: 'reject',
        imageUrls: 'https',
        imageHosts: [],
        historyTokens: 32_000,
        summarizeHistory: false,
        maxOutputTokens: undefined,
        approvalTimeoutHours: 168,
        requireApprovalsScope: false,
        runTtlDays: 30,
        sessionTtlDays: undefined,
      },
      tasks: {
        role: 'all',
        concurrency: 100,
        concurrencyPerCaller: undefined,
        waitForSession: false,
        timeoutMs: 900_000,
        webhookSecrets: [],
        webhookSigning: 'shared',
        allowPrivateWebhooks: false,
        budgetWebhookUrl: undefined,
      },
    });
  });

  it('gives each module the options of the application', () => {
    const rateLimits = { requests: 0, windowSeconds: 1, tokens: 2, tenantRequests: 3, tenantTokens: 4 };
    const runs = {
      timeoutMs: 1,
      maxConcurrentRuns: 2,
      maxQueuedTasks: 14,
      shutdownTimeoutMs: 3,
      streamGraceMs: 4,
      sessionPolicy: 'queue',
      imageUrls: 'off',
      imageHosts: ['cdn.example'],
      historyTokens: 5,
      summarizeHistory: true,
      maxOutputTokens: 6,
      approvalTimeoutHours: 12,
      requireApprovalsScope: true,
      runTtlDays: 7,
      sessionTtlDays: 8,
    } as const;
    const storage = { databaseUrl: 'postgres://host/database', redisUrl: 'redis://host', redisPrefix: 'staging' };
    const apiV1 = { deprecatedAt: new Date(0), sunsetAt: new Date(1) };
    const budgets = { tenantTokensPerMonth: 1, tenantCostPerMonth: 2, webhookUrl: 'https://budgets.example.com' };
    const { imageUrls: urls, imageHosts: _, ...shared } = runs;
    const options = {
      ...shared,
      ...storage,
      images: { urls, hosts: ['CDN.example'] },
      model: { apiKey: 'k' },
      models: { tiny: { model: 'tiny-2' } },
      fallbacks: [{ model: 'tiny-2' }],
      defaultModel: 'tiny-1',
      globalEnhancersOnTools: false,
      agentVersions: { clerk: 'v2' },
      auth: 'api-key',
      requireEndUser: true,
      keyTtlDays: 30,
      keyMaxDays: 90,
      taskTimeoutMs: 9,
      taskConcurrency: 10,
      taskConcurrencyPerCaller: 11,
      role: 'worker',
      corsOrigins: ['https://app.example.com'],
      apiV1,
      telemetry: { captureContent: true, logAddresses: false },
      webhooks: {
        secret: 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0',
        secrets: ['whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM1', 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0'],
        signing: 'both',
        allowPrivate: true,
      },
      rateLimit: rateLimits,
      prices: { tiny: { input: 0, output: 1 } },
      budgets,
      maxSessionsPerTenant: 15,
      maxStorageMbPerTenant: 16,
      authFailureLimit: 12,
      requestTimeoutMs: 13,
      maxStreamsPerCaller: 14,
      releases: { directory: 'releases' },
    } as const;

    expect(completeOptions(options)).toEqual({
      storage,
      telemetry: { captureContent: true },
      models: {
        model: options.model,
        models: options.models,
        fallbacks: options.fallbacks,
        connections: 12,
        areHintsShown: false,
      },
      auth: { auth: 'api-key', requireEndUser: true, logAddresses: false },
      keys: { ttlDays: 30, maxDays: 90 },
      http: {
        rateLimits,
        authFailureLimit: 12,
        requestTimeoutMs: 13,
        maxStreamsPerCaller: 14,
        apiV1,
        corsOrigins: options.corsOrigins,
      },
      agents: { defaultModel: 'tiny-1', globalEnhancersOnTools: false, versions: { clerk: 'v2' } },
      releases: { source: { directory: 'releases' } },
      usage: {
        prices: options.prices,
        tenantTokensPerMonth: 1,
        tenantCostPerMonth: 2,
        maxSessionsPerTenant: 15,
        maxStorageMbPerTenant: 16,
      },
      runs,
      tasks: {
        role: 'worker',
        concurrency: 10,
        concurrencyPerCaller: 11,
        waitForSession: true,
        timeoutMs: 9,
        webhookSecrets: [options.webhooks.secret, 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM1'],
        webhookSigning: 'both',
        allowPrivateWebhooks: true,
        budgetWebhookUrl: budgets.webhookUrl,
      },
    });
  });
});
