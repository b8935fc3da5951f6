import type { AgentModuleOptions } from '../agent.options.js';
import type { JwtOptions } from '../auth/tokens/jwt.options.js';
import type { Fields, FieldsOf } from '../json/object.shape.js';
import type { ModelProviderOptions, NamedModel } from '../models/model.factory.js';
import { WEBHOOK_SIGNINGS } from '../tasks/tasks.options.js';
import type { ModelPrice } from '../usage/prices.js';
import type { ProviderOptionNames } from '../models/openai/provider.hint.js';

const PROVIDER: Fields = {
  fields: {
    apiKey: 'text',
    baseUrl: 'text',
    api: ['responses', 'chat'],
    names: {
      fields: { apiKey: 'text', baseUrl: 'text', api: 'text', model: 'text' } satisfies FieldsOf<ProviderOptionNames>,
    },
  } satisfies FieldsOf<ModelProviderOptions>,
  orOther: true,
};
const MODEL: Fields = {
  fields: { model: 'text', provider: PROVIDER } satisfies FieldsOf<NamedModel>,
  orOther: true,
};
const PRICE: Fields = {
  fields: { input: 'number', cached_input: 'number', output: 'number' } satisfies FieldsOf<ModelPrice>,
};
const JWT: Fields = {
  fields: {
    issuer: 'text',
    audience: 'text',
    jwksUri: 'text',
    tenantClaim: 'text',
    scopeClaim: 'text',
    userClaim: 'text',
    scopePrefix: 'text',
    allowAdmin: 'boolean',
    type: 'text',
    maxAgeSeconds: 'number',
  } satisfies FieldsOf<JwtOptions>,
};

type Part<K extends keyof AgentModuleOptions> = FieldsOf<NonNullable<AgentModuleOptions[K]>>;

const OPTIONS = {
  model: PROVIDER,
  models: { named: MODEL },
  fallbacks: { list: MODEL },
  showModelHints: 'boolean',
  defaultModel: 'text',
  globalEnhancersOnTools: 'boolean',
  agentVersions: { named: 'text' },
  databaseUrl: 'text',
  redisUrl: 'text',
  redisPrefix: 'text',
  auth: { fields: { jwt: { list: JWT, orOne: true }, apiKeys: 'boolean' }, orOther: true },
  requireEndUser: 'boolean',
  keyTtlDays: 'number',
  keyMaxDays: 'number',
  timeoutMs: 'number',
  taskTimeoutMs: 'number',
  requestTimeoutMs: 'number',
  taskConcurrency: 'number',
  taskConcurrencyPerCaller: 'number',
  approvalTimeoutHours: 'number',
  openCallsTimeoutMinutes: 'number',
  requireApprovalsScope: 'boolean',
  maxQueuedTasks: 'number',
  maxSessionsPerTenant: 'number',
  maxStorageMbPerTenant: 'number',
  runTtlDays: 'number',
  sessionTtlDays: 'number',
  role: ['all', 'http', 'worker'],
  streamGraceMs: 'number',
  sessionPolicy: ['reject', 'queue', 'interrupt'],
  images: {
    fields: { urls: ['off', 'data', 'https'], hosts: { list: 'text' } },
  } satisfies { fields: Part<'images'> },
  historyTokens: 'number',
  summarizeHistory: 'boolean',
  maxOutputTokens: 'number',
  maxStreamsPerCaller: 'number',
  maxConcurrentRuns: 'number',
  releases: {
    fields: { directory: 'text', flagdUrl: 'text', provider: 'any' },
  } satisfies { fields: Part<'releases'> },
  webhooks: {
    fields: { secret: 'text', secrets: { list: 'text' }, signing: WEBHOOK_SIGNINGS, allowPrivate: 'boolean' },
  } satisfies { fields: Part<'webhooks'> },
  rateLimit: {
    fields: {
      requests: 'number',
      windowSeconds: 'number',
      tokens: 'number',
      tenantRequests: 'number',
      tenantTokens: 'number',
    },
  } satisfies { fields: Part<'rateLimit'> },
  prices: { named: PRICE },
  budgets: {
    fields: { tenantTokensPerMonth: 'number', tenantCostPerMonth: 'number', webhookUrl: 'text' },
  } satisfies { fields: Part<'budgets'> },
  authFailureLimit: 'number',
  corsOrigins: { list: 'text' },
  apiV1: { fields: { deprecatedAt: 'date', sunsetAt: 'date' } } satisfies { fields: Part<'apiV1'> },
  telemetry: {
    fields: { captureContent: 'boolean', logAddresses: 'boolean' },
  } satisfies { fields: Part<'telemetry'> },
  shutdownTimeoutMs: 'number',
} satisfies FieldsOf<AgentModuleOptions>;

/** The form of all options of `AgentModule`. The compiler checks that none is missing. */
export const OPTION_SHAPES: Fields = { fields: OPTIONS };
