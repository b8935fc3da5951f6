import { type AgentModuleOptions, findOptionFaults } from '../../index.js';
import { variableOf } from './agent.settings.js';
import { readEnvironment } from './environment.reader.js';

/** Options of which the service sets each by a variable, all of them invalid. */
const INVALID: AgentModuleOptions = {
  model: { apiKey: 'two words', baseUrl: 'nowhere' },
  models: { '': { model: 'm' }, odd: { model: ' ', provider: { apiKey: 'two words', baseUrl: 'nowhere' } } },
  fallbacks: [
    { model: ' ', provider: { apiKey: 'two words', baseUrl: 'nowhere' } },
    ...Array.from({ length: 10 }, () => ({ model: 'm' })),
  ],
  databaseUrl: 'nowhere',
  role: 'http',
  timeoutMs: -1,
  taskTimeoutMs: -1,
  requestTimeoutMs: -1,
  taskConcurrency: -1,
  taskConcurrencyPerCaller: -1,
  approvalTimeoutHours: -1,
  maxQueuedTasks: -1,
  maxSessionsPerTenant: -1,
  maxStorageMbPerTenant: -1,
  runTtlDays: -1,
  sessionTtlDays: -1,
  streamGraceMs: -1,
  historyTokens: -1,
  maxOutputTokens: -1,
  maxConcurrentRuns: -1,
  authFailureLimit: -1,
  shutdownTimeoutMs: -1,
  rateLimit: { requests: -1, windowSeconds: -1, tokens: -1, tenantRequests: -1, tenantTokens: -1 },
  prices: { m: { input: -1, output: -1 } },
  budgets: { tenantTokensPerMonth: -1, tenantCostPerMonth: -1, webhookUrl: 'nowhere' },
  releases: { directory: '.', flagdUrl: 'nowhere' },
  apiV1: { deprecatedAt: new Date('never'), sunsetAt: new Date('never') },
  webhooks: { secret: 'x', secrets: ['y'] },
};

describe('variableOf', () => {
  it('names the variable of every option that can be invalid', () => {
    const faults = [...findOptionFaults(INVALID), ...findOptionFaults({ redisUrl: 'nowhere' })];
    const options = new Set(faults.map(({ option }) => option));
    expect(options.size).toBe(44);
    const providers = new Map(['fallbacks[0]', 'models.odd'].map((each) => [each, 'LOCAL']));
    const variables = new Set([...Object.keys(readEnvironment({})), 'LOCAL_API_KEY', 'LOCAL_BASE_URL']);
    expect([...options].filter((option) => !variables.has(variableOf(option, providers)))).toEqual([]);
  });

  it('names the variables of the provider of a fallback or a named model', () => {
    const providers = new Map([
      ['fallbacks[1]', 'LOCAL'],
      ['models.a.model', 'EDGE'],
    ]);
    expect(variableOf('fallbacks[1].provider.apiKey', providers)).toBe('LOCAL_API_KEY');
    expect(variableOf('fallbacks[1].provider.baseUrl', providers)).toBe('LOCAL_BASE_URL');
    expect(variableOf('fallbacks[1].model', providers)).toBe('FALLBACK_MODELS');
    expect(variableOf('models.a.model.provider.apiKey', providers)).toBe('EDGE_API_KEY');
    expect(variableOf('models.a.model.model', providers)).toBe('MODELS');
  });
});
