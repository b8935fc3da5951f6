import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { pathFault } from '../../errors/path.fault.js';
import { checkedPrices, findOptionFaults } from '../../index.js';
import { agentOptions, variableOf } from './agent.settings.js';
import { Environment } from './environment.js';
import { readModels } from './model.settings.js';
import { didYouMean, misspeltSettings } from './misspelt.settings.js';
import { readAgentSecrets, readSecret, SECRETS } from './secret.settings.js';
import type { SettingFault } from './setting.fault.js';
import { settingConflicts } from './settings.validation.js';

/** Further settings whose values are not printed. URLs may contain passwords. */
const MAY_BE_SECRET = /_(UR[IL]|ENDPOINT)$/;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads and validates all settings. No other code reads environment variables.
 *
 * @param areFilesRead whether files other than those of secrets are read, too.
 * @throws Error that lists every invalid setting with its rule.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv, { areFilesRead = true } = {}): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const variablesGiven = { ...given };
  const secretFaults: SettingFault[] = [];
  for (const name of SECRETS) {
    const secret = readSecret(name, given, secretFaults);
    if (secret !== undefined) given[name] = secret;
  }
  const names = declaredNames();
  const settings = Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
  const environment = plainToInstance(Environment, settings, {
    enableImplicitConversion: true,
    exposeDefaultValues: true,
  });
  const { models, fallbacks, providers, faults: modelFaults } = readModels(given);
  const {
    names: ofAgents,
    agentSecrets,
    faults: agentFaults,
  } = readAgentSecrets(environment.AGENTS_SECRETS, variablesGiven);
  const known = knownNames(new Set(providers.values()), ofAgents);
  const misspelt = misspeltSettings(variablesGiven, known);
  Object.assign(environment, { models, fallbacks, agentSecrets, misspelt });
  const faults = [
    ...secretFaults,
    ...agentFaults,
    ...valueFaults(environment, given),
    ...modelFaults,
    ...readPricesOf(environment, areFilesRead),
  ];
  const invalid = new Set(faults.map(({ variable }) => variable));
  const nameOf = (path: string): string => variableOf(path, providers);
  for (const { option, message } of findOptionFaults(agentOptions(environment), nameOf)) {
    const variable = nameOf(option);
    // The rules of a variable say more than those of its option.
    if (!invalid.has(variable)) faults.push({ variable, message });
  }
  const messages = [...inOrder(faults, environment), ...settingConflicts(environment)];
  // A misspelt setting may be the reason, but alone it is none.
  if (messages.length > 0) messages.push(...misspelt.map(didYouMean));
  if (messages.length > 0) throw new Error(`The settings are not valid:\n- ${messages.join('\n- ')}`);
  return environment;
}

/** The names of all settings, without those of the providers that the settings name. */
function declaredNames(): ReadonlySet<string> {
  return new Set(Object.keys(new Environment()).filter((name) => /^[A-Z]/.test(name)));
}

/** The names of all settings, of the files of secrets, and of the providers that the settings name. */
function knownNames(providers: ReadonlySet<string>, ofAgents: readonly string[]): ReadonlySet<string> {
  const declared = declaredNames();
  const ofProviders = [...providers].flatMap((name) => [`${name}_BASE_URL`, `${name}_API_KEY`, `${name}_MODEL_API`]);
  const secrets = [...SECRETS, ...ofAgents, ...ofProviders.filter((name) => name.endsWith('_API_KEY'))];
  return new Set([...declared, ...ofProviders, ...ofAgents, ...secrets.map((name) => `${name}_FILE`)]);
}

/** Finds the values that are invalid by themselves. */
function valueFaults(environment: Environment, given: Variables): SettingFault[] {
  // Only optional settings can be undefined.
  return validateSync(environment, { skipMissingProperties: true }).flatMap(
    ({ property: variable, constraints = {} }) =>
      rulesOf(constraints).map((rule) => {
        return { variable, message: isHidden(variable) ? rule : `${rule}, not "${given[variable]}"` };
      }),
  );
}

/** Only the wrong type of a value, if it has one. */
function rulesOf(constraints: Readonly<Record<string, string>>): string[] {
  const wrongType = constraints['isInt'] ?? constraints['isNumber'];
  return wrongType === undefined ? Object.values(constraints) : [wrongType];
}

function isHidden(variable: string): boolean {
  return SECRETS.has(variable) || MAY_BE_SECRET.test(variable);
}

/** Reads the file with prices, if there is one. Returns its fault. */
function readPricesOf(environment: Environment, isRead: boolean): SettingFault[] {
  const { PRICES_FILE } = environment;
  if (PRICES_FILE === undefined) return [];
  // An unreadable file has its own fault. An empty table prevents a second one: costs need PRICES_FILE.
  environment.prices = {};
  if (!isRead) return [];
  try {
    environment.prices = pricesIn(PRICES_FILE);
    return [];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return [{ variable: 'PRICES_FILE', message: `PRICES_FILE ${PRICES_FILE} cannot be used: ${reason}` }];
  }
}

function pricesIn(file: string): ReturnType<typeof checkedPrices> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${pathFault('file', file, cause)}. Create it, or correct PRICES_FILE`, { cause });
  }
  const table: unknown = JSON.parse(text);
  return checkedPrices(table);
}

/** Returns the messages, each once, in the order in which the settings are declared. */
function inOrder(faults: readonly SettingFault[], environment: Environment): Iterable<string> {
  const declared = Object.keys(environment);
  // The variables of providers are not declared.
  const placeOf = (variable: string): number =>
    declared.indexOf(declared.includes(variable) ? variable : 'FALLBACK_MODELS');
  const sorted = faults.toSorted((one, other) => placeOf(one.variable) - placeOf(other.variable));
  return new Set(sorted.map(({ message }) => message));
}
