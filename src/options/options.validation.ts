import type { AgentModuleOptions } from '../agent.options.js';
import { MAX_WEBHOOK_SECRETS } from '../tasks/tasks.options.js';
import { priceFaults } from '../usage/prices.js';
import { authFaults } from './auth.rules.js';
import { modelFaults } from './model.rules.js';
import { numberFaults } from './number.rules.js';
import { type BrokenRule, shapeFaults } from '../json/object.shape.js';
import type { OptionFault, OptionName } from './option.fault.js';
import { OPTION_SHAPES } from './option.shapes.js';
import { urlFaults } from './url.rules.js';

const DATABASE_URL = /^(file:|postgres(ql)?:\/\/)./;
const REDIS_URL = /^rediss?:\/\/./;
const REDIS_PREFIX = /^[\w.-]{1,64}$/;
/** Options that `AgentModule` needs at the import, before a factory runs. */
const AT_IMPORT = new Map(
  ['http', 'admin', 'webSocket', 'rpc'].map((name) => [
    name,
    ' must stand beside useFactory of forRootAsync, because it is fixed at the import',
  ]),
);

/**
 * Validates the options of `AgentModule`, each alone and together. Unknown options are faults. If a value has the wrong
 * type, only names and types are checked. `AgentModule` does so at bootstrap. An
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
  const rules = [
    numberFaults,
    storageFaults,
    authFaults,
    modelFaults,
    webhookFaults,
    budgetFaults,
    lifecycleFaults,
    releaseFaults,
  ];
  const { unknown, mistyped } = shapeFaults(options, OPTION_SHAPES, AT_IMPORT);
  const others = mistyped.length > 0 ? [] : rules.flatMap((faultsOf) => Array.from(faultsOf(options, nameOf)));
  const broken = [...unknown, ...mistyped, ...others];
  return broken.map(([option, rule]) => ({ option, message: `${nameOf(option)}${rule}` }));
}

function* storageFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  const { redisUrl, redisPrefix, databaseUrl, role = 'all' } = options;
  if (redisPrefix !== undefined && !REDIS_PREFIX.test(redisPrefix)) {
    yield ['redisPrefix', ' must have up to 64 letters, digits, dots, dashes and underscores'];
  }
  // URLs are not printed: they may contain passwords.
  if (databaseUrl !== undefined && !DATABASE_URL.test(databaseUrl)) {
    yield ['databaseUrl', ' must be file:<path> or postgres://<user>:<password>@<host>/<database>'];
  }
  if (redisUrl === undefined) {
    if (role !== 'all') yield ['role', `=${role} needs ${nameOf('redisUrl')} to coordinate with the other processes`];
  } else if (!REDIS_URL.test(redisUrl)) {
    yield ['redisUrl', ' must be redis://<host>:<port> or, with TLS, rediss://<host>:<port>'];
  } else if (databaseUrl === undefined || databaseUrl.startsWith('file:')) {
    const rule = `${nameOf('databaseUrl')} must be postgres://…, because processes cannot share a file`;
    yield ['redisUrl', ` needs PostgreSQL: ${rule}`];
  }
}

function* webhookFaults({ webhooks }: AgentModuleOptions): Iterable<BrokenRule> {
  const { secret, secrets = [] } = webhooks ?? {};
  const rule = 'whsec_ and base64 of 24 to 64 bytes, such as from `openssl rand -base64 32`';
  if (secret !== undefined && !isWebhookSecret(secret)) yield ['webhooks.secret', ` must be ${rule}`];
  if (!secrets.every(isWebhookSecret)) yield ['webhooks.secrets', `: each must be ${rule}`];
  const count = new Set([secret ?? '', ...secrets]).size - (secret === undefined ? 1 : 0);
  if (count > MAX_WEBHOOK_SECRETS) {
    yield ['webhooks.secrets', `: at most ${MAX_WEBHOOK_SECRETS} secrets can sign, not ${count}`];
  }
}

function* budgetFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  const { prices, webhooks, budgets: { tenantCostPerMonth, webhookUrl } = {} } = options;
  for (const fault of priceFaults(prices ?? {})) yield ['prices', `: ${fault}`];
  if (tenantCostPerMonth !== undefined && prices === undefined) {
    yield ['budgets.tenantCostPerMonth', ` needs ${nameOf('prices')} to compute costs`];
  }
  if (webhookUrl !== undefined && webhooks?.secret === undefined && !webhooks?.secrets?.length) {
    yield ['budgets.webhookUrl', ` needs ${nameOf('webhooks.secret')} to sign its requests`];
  }
  yield* urlFaults(webhookUrl, 'budgets.webhookUrl');
}

function* lifecycleFaults({ apiV1 = {} }: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  const { deprecatedAt, sunsetAt } = apiV1;
  for (const [option, date] of Object.entries({ 'apiV1.deprecatedAt': deprecatedAt, 'apiV1.sunsetAt': sunsetAt })) {
    if (date && Number.isNaN(date.getTime())) yield [option, ' must be a valid date'];
  }
  if (deprecatedAt && sunsetAt && sunsetAt < deprecatedAt) {
    yield ['apiV1.sunsetAt', ` must not be before ${nameOf('apiV1.deprecatedAt')}`];
  }
}

function* releaseFaults({ releases }: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  if (releases?.flagdUrl === undefined) return;
  yield* urlFaults(releases.flagdUrl, 'releases.flagdUrl');
  if (releases.provider === undefined) return;
  yield ['releases.flagdUrl', ` and ${nameOf('releases.provider')} cannot both be set`];
}

function isWebhookSecret(value: string): boolean {
  const encoded = value.startsWith('whsec_') ? value.slice('whsec_'.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer ignores characters that are not base64.
  return bytes.toString('base64') === encoded && bytes.length >= 24 && bytes.length <= 64;
}
