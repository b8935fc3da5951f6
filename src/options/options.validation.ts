import type { AgentModuleOptions } from '../agent.options.js';
import { LanguageModel } from '../models/language.model.js';
import { isOffline } from '../models/model.factory.js';
import { priceFaults } from '../usage/prices.js';
import { numberFaults } from './number.rules.js';
import type { OptionFault, OptionName } from './option.fault.js';

/** Each fallback gets a share of a run's time. */
const MAX_FALLBACKS = 10;
const DATABASE_URL = /^(file:|postgres(ql)?:\/\/)./;
const REDIS_URL = /^rediss?:\/\/./;
/** Printable ASCII without spaces, as HTTP headers need it. */
const API_KEY = /^[\x21-\x7e]+$/;

/**
 * Validates the options of `AgentModule`, each alone and together. `AgentModule` does so at bootstrap. An
 * application that has its own settings calls it to report all faults by the names of those settings.
 *
 * @param nameOf returns the user's name of an option. Default: its path.
 * @returns the faults; empty if the options are valid.
 * @example
 * import { findOptionFaults } from 'rookery';
 *
 * const VARIABLES = new Map([['redisUrl', 'MY_REDIS']]);
 * const options = { redisUrl: process.env.MY_REDIS };
 * const faults = findOptionFaults(options, (path) => VARIABLES.get(path) ?? path);
 * if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('; '));
 */
export function findOptionFaults(options: AgentModuleOptions, nameOf: OptionName = (path) => path): OptionFault[] {
  const rules = [numberFaults, storageFaults, modelFaults, webhookFaults, budgetFaults, lifecycleFaults, releaseFaults];
  return rules.flatMap((faultsOf) => Array.from(faultsOf(options, nameOf)));
}

function* storageFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<OptionFault> {
  const { redisUrl, databaseUrl, role = 'all' } = options;
  const [database, redis] = [nameOf('databaseUrl'), nameOf('redisUrl')];
  // URLs are not printed: they may contain passwords.
  if (databaseUrl !== undefined && !DATABASE_URL.test(databaseUrl)) {
    const message = `${database} must be file:<path> or postgres://<user>:<password>@<host>/<database>`;
    yield { option: 'databaseUrl', message };
  }
  if (redisUrl === undefined) {
    if (role === 'all') return;
    yield {
      option: 'role',
      message: `${nameOf('role')}=${role} needs ${redis} to coordinate with the other processes`,
    };
  } else if (!REDIS_URL.test(redisUrl)) {
    yield {
      option: 'redisUrl',
      message: `${redis} must be redis://<host>:<port> or, with TLS, rediss://<host>:<port>`,
    };
  } else if (databaseUrl === undefined || databaseUrl.startsWith('file:')) {
    const message = `${redis} needs PostgreSQL: ${database} must be postgres://…, because processes cannot share a file`;
    yield { option: 'redisUrl', message };
  }
}

function* modelFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<OptionFault> {
  const { model = {}, fallbacks = [] } = options;
  yield* providerFaults(model, 'model', nameOf);
  for (const [index, { provider }] of fallbacks.entries()) {
    yield* providerFaults(provider, `fallbacks[${index}].provider`, nameOf);
  }
  const name = nameOf('fallbacks');
  if (fallbacks.length > 0 && isOffline(model)) {
    const needed = `${nameOf('model.apiKey')} or ${nameOf('model.baseUrl')}`;
    yield { option: 'fallbacks', message: `${name} needs ${needed}: the offline model does not fail` };
  }
  if (fallbacks.length > MAX_FALLBACKS) {
    const message = `${name} must name at most ${MAX_FALLBACKS} models, not ${fallbacks.length}`;
    yield { option: 'fallbacks', message };
  }
  const isRepeated = fallbacks.some((each, index) =>
    fallbacks.slice(0, index).some(({ model: other, provider }) => other === each.model && provider === each.provider),
  );
  if (isRepeated) yield { option: 'fallbacks', message: `${name} must not repeat a model` };
  for (const [index, fallback] of fallbacks.entries()) {
    const option = `fallbacks[${index}].model`;
    if (fallback.model.trim() === '') yield { option, message: `${nameOf(option)} must name a model` };
  }
}

function* providerFaults(
  provider: AgentModuleOptions['model'],
  path: string,
  nameOf: OptionName,
): Iterable<OptionFault> {
  if (provider === undefined || provider instanceof LanguageModel) return;
  const { apiKey, baseUrl } = provider;
  if (apiKey !== undefined && !API_KEY.test(apiKey)) {
    const option = `${path}.apiKey`;
    yield { option, message: `${nameOf(option)} must be printable ASCII characters without spaces` };
  }
  if (baseUrl !== undefined) yield* urlFaults(baseUrl, `${path}.baseUrl`, nameOf);
}

function* webhookFaults({ webhooks }: AgentModuleOptions, nameOf: OptionName): Iterable<OptionFault> {
  if (webhooks?.secret === undefined || isWebhookSecret(webhooks.secret)) return;
  const rule = 'must be whsec_ and base64 of 24 to 64 bytes, such as from `openssl rand -base64 32`';
  yield { option: 'webhooks.secret', message: `${nameOf('webhooks.secret')} ${rule}` };
}

function* budgetFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<OptionFault> {
  const { prices, webhooks, budgets: { tenantCostPerMonth, webhookUrl } = {} } = options;
  for (const fault of priceFaults(prices ?? {})) yield { option: 'prices', message: `${nameOf('prices')}: ${fault}` };
  if (tenantCostPerMonth !== undefined && prices === undefined) {
    const option = 'budgets.tenantCostPerMonth';
    yield { option, message: `${nameOf(option)} needs ${nameOf('prices')} to compute costs` };
  }
  if (webhookUrl === undefined) return;
  const option = 'budgets.webhookUrl';
  if (webhooks?.secret === undefined) {
    yield { option, message: `${nameOf(option)} needs ${nameOf('webhooks.secret')} to sign its requests` };
  }
  yield* urlFaults(webhookUrl, option, nameOf);
}

function* lifecycleFaults({ apiV1 = {} }: AgentModuleOptions, nameOf: OptionName): Iterable<OptionFault> {
  const { deprecatedAt, sunsetAt } = apiV1;
  for (const [option, date] of Object.entries({ 'apiV1.deprecatedAt': deprecatedAt, 'apiV1.sunsetAt': sunsetAt })) {
    if (date && Number.isNaN(date.getTime())) yield { option, message: `${nameOf(option)} must be a valid date` };
  }
  if (deprecatedAt && sunsetAt && sunsetAt < deprecatedAt) {
    const option = 'apiV1.sunsetAt';
    yield { option, message: `${nameOf(option)} must not be before ${nameOf('apiV1.deprecatedAt')}` };
  }
}

function* releaseFaults({ releases }: AgentModuleOptions, nameOf: OptionName): Iterable<OptionFault> {
  if (releases?.flagdUrl === undefined) return;
  const option = 'releases.flagdUrl';
  yield* urlFaults(releases.flagdUrl, option, nameOf);
  if (releases.provider === undefined) return;
  yield { option, message: `${nameOf(option)} and ${nameOf('releases.provider')} cannot both be set` };
}

/** The value is not printed: URLs may contain passwords. */
function* urlFaults(value: string, option: string, nameOf: OptionName): Iterable<OptionFault> {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return;
  yield { option, message: `${nameOf(option)} must be an http or https URL` };
}

function isWebhookSecret(value: string): boolean {
  const encoded = value.startsWith('whsec_') ? value.slice('whsec_'.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer ignores characters that are not base64.
  return bytes.toString('base64') === encoded && bytes.length >= 24 && bytes.length <= 64;
}
