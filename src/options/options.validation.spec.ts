import type { AgentModuleOptions } from '../agent.options.js';
import { findOptionFaults } from './options.validation.js';

const aiSdkModel = { specificationVersion: 'v4', provider: 'p', modelId: 'm' };
const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;

function messagesOf(options: AgentModuleOptions): string[] {
  return findOptionFaults(options).map(({ message }) => message);
}

describe('findOptionFaults', () => {
  it('finds nothing in the defaults, and in the longest time limits', () => {
    const max = 2 ** 31 - 1;
    const longest = {
      timeoutMs: max,
      taskTimeoutMs: max,
      requestTimeoutMs: max,
      streamGraceMs: max,
      shutdownTimeoutMs: max,
    };
    expect(findOptionFaults({})).toEqual([]);
    const budgets = { tenantTokensPerMonth: Infinity, tenantCostPerMonth: Infinity };
    const unlimited = { taskConcurrencyPerCaller: Infinity, maxQueuedTasks: Infinity, budgets, prices: {} };
    expect(findOptionFaults({ ...longest, ...unlimited })).toEqual([]);
  });

  it('lists all faults at once, by the names that the user wrote', () => {
    const options = { timeoutMs: -1, redisUrl: 'redis://host', budgets: { tenantCostPerMonth: 5 } };
    const nameOf = (path: string): string => `<${path}>`;
    expect(findOptionFaults(options, nameOf)).toEqual([
      { option: 'timeoutMs', message: '<timeoutMs> must be from 1 to 2147483647, not -1' },
      {
        option: 'redisUrl',
        message:
          '<redisUrl> needs PostgreSQL: <databaseUrl> must be postgres://…, because processes cannot share a file',
      },
      {
        option: 'budgets.tenantCostPerMonth',
        message: '<budgets.tenantCostPerMonth> needs <prices> to compute costs',
      },
    ]);
  });

  it.each<[AgentModuleOptions, string]>([
    [{ fallbacks: [{ model: 'm' }] }, 'fallbacks needs model.apiKey or model.baseUrl'],
    [{ model: { apiKey: 'k' }, fallbacks: [{ model: ' ' }] }, 'fallbacks[0].model must name a model'],
    [{ model: { apiKey: 'k' }, fallbacks: [{ model: 'm' }, { model: 'm' }] }, 'fallbacks must not repeat a model'],
    [
      { model: { apiKey: 'k' }, fallbacks: Array.from({ length: 11 }, (_, index) => ({ model: `m${index}` })) },
      'fallbacks must name at most 10 models, not 11',
    ],
    [
      { model: { apiKey: 'k' }, fallbacks: [{ model: 'm', provider: { baseUrl: 'ftp://a' } }] },
      'fallbacks[0].provider.baseUrl must be an http or https URL',
    ],
    [
      { models: { '': { model: 'm' } } },
      'models: a name must not be empty and must not contain @ or control characters',
    ],
    [{ models: { 'a@B': { model: 'm' } } }, 'not "a@B"'],
    [{ models: { 'a\nb': { model: 'm' } } }, String.raw`not "a\nb"`],
    [{ model: { apiKey: 'k' }, models: { a: { model: ' ' } } }, 'models.a.model must name a model'],
    [
      { models: { a: Object({ provider: {} }) } },
      'models.a must be a LanguageModel, or an object with model and provider',
    ],
    [{ models: { a: Object({ specificationVersion: 'v4', modelId: 'm' }) } }, 'needs fromAiSdk of rookery/ai-sdk'],
    [{ models: { a: Object('gpt-4o').valueOf() } }, 'models.a must be a LanguageModel'],
    [
      { models: { a: { model: 'm', provider: { baseUrl: 'ftp://a' } } } },
      'models.a.provider.baseUrl must be an http or https URL',
    ],
    [
      { models: { a: { model: 'm', provider: { baseUrl: 'http://a' } } }, fallbacks: [{ model: 'a' }, { model: 'm' }] },
      'fallbacks[1].model needs a name of models, or model.apiKey or model.baseUrl',
    ],
    [
      { models: { a: { model: 'm', provider: {} } } },
      'models.a.provider must be a LanguageModel, or have apiKey or baseUrl',
    ],
    [
      { model: { apiKey: 'k' }, fallbacks: [{ model: 'm', provider: { apiKey: undefined } }] },
      'fallbacks[0].provider must be a LanguageModel, or have apiKey or baseUrl',
    ],
    [
      { model: { apiKey: 'k' }, fallbacks: [{ model: 'm', provider: Object(aiSdkModel) }] },
      'fallbacks[0].provider must be a LanguageModel, or have apiKey or baseUrl; a model of the AI SDK needs fromAiSdk',
    ],
    [
      { models: { a: { model: 'm', provider: Object(aiSdkModel) } } },
      'models.a.provider must be a LanguageModel, or have apiKey or baseUrl; a model of the AI SDK needs fromAiSdk',
    ],
    [
      { model: Object(aiSdkModel) },
      'model must be a LanguageModel or a provider; a model of the AI SDK needs fromAiSdk',
    ],
    [
      { models: { a: { model: 'm' } }, defaultModel: 'a' },
      'models.a.model needs a provider, or model.apiKey or model.baseUrl',
    ],
    [{ model: { apiKey: 'two words' } }, 'model.apiKey must be printable ASCII characters without spaces'],
    [{ databaseUrl: 'mysql://host/database' }, 'databaseUrl must be file:<path> or postgres://'],
    [{ redisUrl: 'redis://host' }, 'redisUrl needs PostgreSQL'],
    [{ redisPrefix: 'a:b' }, 'redisPrefix must have up to 64 letters'],
    [{ redisPrefix: '' }, 'redisPrefix must have up to 64 letters'],
    [{ redisUrl: 'http://host', databaseUrl: 'postgres://host/database' }, 'redisUrl must be redis://<host>:<port>'],
    [{ role: 'http', databaseUrl: 'postgres://host/database' }, 'role=http needs redisUrl'],
    [{ role: 'worker' }, 'role=worker needs redisUrl'],
    [{ apiV1: { deprecatedAt: new Date(1), sunsetAt: new Date(0) } }, 'apiV1.sunsetAt must not be before'],
    [{ apiV1: { sunsetAt: new Date('soon') } }, 'apiV1.sunsetAt must be a valid date'],
    [{ budgets: { webhookUrl: 'https://a.example' } }, 'budgets.webhookUrl needs webhooks.secret'],
    [{ prices: { tiny: { input: -1, output: 1 } } }, 'prices: tiny.input must be US dollars per million tokens'],
    [{ releases: { directory: 'x', flagdUrl: 'flagd:8013' } }, 'releases.flagdUrl must be an http or https URL'],
    [{ taskConcurrency: 2.5 }, 'taskConcurrency must be a whole number from 1'],
  ])('finds the fault of %j', (options, message) => {
    expect(messagesOf(options)).toEqual([expect.stringContaining(message)]);
  });

  it.each<[object, string]>([
    [{ database: undefined }, 'database is not an option. Did you mean databaseUrl?'],
    [{ apiKey: 'k' }, 'apiKey is not an option. Did you mean model.apiKey?'],
    [{ timeout: 5 }, 'timeout is not an option. Did you mean timeoutMs?'],
    [{ timoutMs: 5 }, 'timoutMs is not an option. Did you mean timeoutMs?'],
    [{ port: 8000 }, 'port is not an option.'],
    [{ constructor: 1 }, 'constructor is not an option.'],
    [{ http: false }, 'http must stand beside useFactory of forRootAsync, because it is fixed at the import'],
    [{ model: { apikey: 'k' } }, 'model.apikey is not an option. Did you mean model.apiKey?'],
    [{ rateLimit: { requests: 1, windowSeconds: 1, burst: 5 } }, 'rateLimit.burst is not an option. Known: requests,'],
    [
      { model: { apiKey: 'k' }, fallbacks: [{ model: 'm', baseUrl: 'http://a' }] },
      'fallbacks[0].baseUrl is not an option. Did you mean model.baseUrl?',
    ],
    [
      { models: { fast: { model: 'm', provider: { baseUrl: 'http://a', key: 1 } } } },
      'models.fast.provider.key is not an option',
    ],
    [
      { auth: { jwt: [{ issuer: 'https://a', audience: 'b', jwks: 'c' }] } },
      'auth.jwt[0].jwks is not an option. Did you mean auth.jwt[0].jwksUri?',
    ],
    [{ auth: { jwt: { issuer: 'https://a', audience: 'b', jwks: 'c' } } }, 'auth.jwt.jwks is not an option'],
    [{ timeoutMs: '30000' }, 'timeoutMs must be a number, not a string'],
    [{ requireEndUser: 'false' }, 'requireEndUser must be a boolean, not a string'],
    [{ databaseUrl: null }, 'databaseUrl must be a string, not null'],
    [{ fallbacks: 'gpt-4o' }, 'fallbacks must be a list, not a string'],
    [{ images: { hosts: [5] } }, 'images.hosts[0] must be a string, not a number'],
    [{ apiV1: { sunsetAt: '2027-01-01' } }, 'apiV1.sunsetAt must be a Date, not a string'],
    [{ role: 'wroker' }, 'role must be one of all, http, worker'],
    [{ sessionPolicy: 'wait' }, 'sessionPolicy must be one of reject, queue, interrupt'],
    [{ auth: 'apikey' }, "auth must be 'none', 'api-key', an object with jwt, or an Authenticator"],
    [{ auth: { apiKeys: true } }, "auth must be 'none', 'api-key', an object with jwt, or an Authenticator"],
  ])('refuses the form of %j', (options, message) => {
    expect(messagesOf(options)).toContainEqual(expect.stringContaining(message));
  });

  it('lists unknown options with the other faults', () => {
    expect(messagesOf(Object({ timeout: 5, databse: 'x', taskTimeoutMs: 0 }))).toEqual([
      'timeout is not an option. Did you mean timeoutMs?',
      'databse is not an option. Did you mean databaseUrl?',
      'taskTimeoutMs must be from 1 to 2147483647, not 0',
    ]);
  });

  it.each(['', 'budgets', 'budgets.example.com', 'ftp://budgets.example.com'])(
    'refuses the URL %p for budget warnings before a budget is used up',
    (webhookUrl) => {
      const faults = messagesOf({ budgets: { webhookUrl }, webhooks: { secret } });
      expect(faults).toEqual(['budgets.webhookUrl must be an http or https URL']);
    },
  );

  it.each([24, 25, 26, 32, 62, 63, 64])('accepts a webhook secret of %p bytes', (bytes) => {
    const given = `whsec_${Buffer.alloc(bytes, 255).toString('base64')}`;
    expect(findOptionFaults({ webhooks: { secret: given } })).toEqual([]);
  });

  it.each([
    'x',
    'whsec_',
    Buffer.alloc(32).toString('base64'),
    `whsec_${Buffer.alloc(32, 255).toString('base64url')}`,
    `whsec_${Buffer.alloc(32).toString('base64').replace('=', '')}`,
    ...[22, 23, 65, 66, 67].map((bytes) => `whsec_${Buffer.alloc(bytes).toString('base64')}`),
  ])('refuses the webhook secret %s without printing it', (given) => {
    const rule = 'must be whsec_ and base64 of 24 to 64 bytes, such as from `openssl rand -base64 32`';
    expect(messagesOf({ webhooks: { secret: given } })).toEqual([`webhooks.secret ${rule}`]);
  });

  it('refuses further webhook secrets that are invalid, or too many, without printing them', () => {
    const rule = 'each must be whsec_ and base64 of 24 to 64 bytes, such as from `openssl rand -base64 32`';
    expect(messagesOf({ webhooks: { secrets: [secret, 'hunter2'] } })).toEqual([`webhooks.secrets: ${rule}`]);
    const many = Array.from({ length: 11 }, (_, index) => `whsec_${Buffer.alloc(24, index).toString('base64')}`);
    expect(messagesOf({ webhooks: { secrets: many } })).toEqual([
      'webhooks.secrets: at most 10 secrets can sign, not 11',
    ]);
    expect(messagesOf({ webhooks: { secret: many[0], secrets: many.slice(0, 10) } })).toEqual([]);
    expect(messagesOf({ webhooks: { secrets: [secret] }, budgets: { webhookUrl: 'https://a.example' } })).toEqual([]);
  });

  const windowed = (windowSeconds: number) => ({ rateLimit: { requests: 1, windowSeconds } });
  const counted = (requests: number) => ({ rateLimit: { requests, windowSeconds: 60 } });
  const OUT_OF_BOUNDS: [name: string, value: number, options: AgentModuleOptions][] = [
    ...[Infinity, NaN, 0, -1, 2 ** 31].map((value) => named('timeoutMs', value, { timeoutMs: value })),
    ...[Infinity, NaN, 0, -1, 2 ** 31].map((value) => named('taskTimeoutMs', value, { taskTimeoutMs: value })),
    ...[Infinity, 0, 2 ** 31].map((value) => named('requestTimeoutMs', value, { requestTimeoutMs: value })),
    ...[Infinity, NaN, 0, -1].map((value) => named('taskConcurrency', value, { taskConcurrency: value })),
    ...[NaN, 0, -1].map((value) => named('taskConcurrencyPerCaller', value, { taskConcurrencyPerCaller: value })),
    ...[NaN, 0.5, -1].map((value) => named('maxQueuedTasks', value, { maxQueuedTasks: value })),
    ...[Infinity, NaN, -1, 2 ** 31].map((value) => named('streamGraceMs', value, { streamGraceMs: value })),
    ...[Infinity, NaN, -1, 2 ** 31].map((value) => named('shutdownTimeoutMs', value, { shutdownTimeoutMs: value })),
    ...[Infinity, NaN, -1].map((value) => named('historyTokens', value, { historyTokens: value })),
    ...[Infinity, NaN, 0, -1].map((value) => named('maxConcurrentRuns', value, { maxConcurrentRuns: value })),
    ...[Infinity, NaN, 0, -1].map((value) => named('maxOutputTokens', value, { maxOutputTokens: value })),
    ...[Infinity, NaN, -1].map((value) => named('rateLimit.requests', value, counted(value))),
    ...[Infinity, NaN, 0, -1, 2 ** 31].map((value) => named('rateLimit.windowSeconds', value, windowed(value))),
  ];

  it.each(OUT_OF_BOUNDS)('refuses %s: %p by name', (name, value, options) => {
    const [fault, ...others] = findOptionFaults(options);
    expect(others).toEqual([]);
    expect(fault?.option).toBe(name);
    expect(fault?.message).toMatch(new RegExp(`^${name} must be .*from .* to .*, not ${value}$`));
  });

  function named(name: string, value: number, options: AgentModuleOptions): [string, number, AgentModuleOptions] {
    return [name, value, options];
  }
});
