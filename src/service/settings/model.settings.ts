import type { ModelFallback, ModelProviderOptions, NamedModel, ProviderOptionNames } from '../../index.js';
import { readSecret } from './secret.settings.js';
import type { SettingFault } from './setting.fault.js';
import { listOf } from './text.list.js';

/** The name of the primary provider, with the settings `OPENAI_*`. */
const OWN_PROVIDER = 'OPENAI';
const PROVIDER = /^[A-Z][A-Z0-9_]*$/;
const APIS = ['responses', 'chat'] as const;
const RULES = {
  MODELS:
    'a comma-separated list of names, each with its model, such as big=gpt-4o, or with a provider in capital letters, ' +
    'such as fast=llama3.2@LOCAL',
  FALLBACK_MODELS:
    'a comma-separated list of models, each alone or with a provider in capital letters, ' +
    'such as gpt-4o-mini,llama3.2@LOCAL',
} as const;

/** The names of the primary provider's settings, for hints. */
export const OWN_NAMES: ProviderOptionNames = { ...namesOf(OWN_PROVIDER, 'AGENT_MODEL'), api: 'MODEL_API' };

type Variables = Readonly<Record<string, string | undefined>>;
type ListVariable = keyof typeof RULES;

/** The parsed settings of models, and the faults of their form. */
export interface ModelSettings {
  readonly models: Readonly<Record<string, NamedModel>>;
  readonly fallbacks: readonly ModelFallback[];
  /** The provider of each model by its option, such as `fallbacks[0]` or `models.fast`. Its variables begin with it. */
  readonly providers: ReadonlyMap<string, string>;
  readonly faults: readonly SettingFault[];
}

/** One item of a list. */
interface Item {
  /** Undefined if the item has no name. */
  readonly name: string | undefined;
  readonly model: string;
  readonly provider: string;
}

/** Reads `MODELS`, `FALLBACK_MODELS` and the settings of each provider, which are prefixed with its name. */
export function readModels(variables: Variables): ModelSettings {
  const named = listOf(variables.MODELS ?? '').map(parsedNamed);
  const plain = listOf(variables.FALLBACK_MODELS ?? '').map(parsed);
  const faults = [...listFaults('MODELS', named, variables), ...listFaults('FALLBACK_MODELS', plain, variables)];
  if (new Set(named.map(({ name }) => name)).size < named.length) {
    faults.push({ variable: 'MODELS', message: `MODELS must not repeat a name, not "${variables.MODELS}"` });
  }
  const users = new Map([...usersOf('FALLBACK_MODELS', plain), ...usersOf('MODELS', named)]);
  const providers = new Map([...users].map(([name, user]) => [name, providerOf(name, user, variables, faults)]));
  const choiceOf = ({ model, provider }: Item): NamedModel => ({ model, provider: providers.get(provider) });
  return {
    models: Object.fromEntries(named.map((item) => [item.name ?? '', choiceOf(item)])),
    fallbacks: plain.map(choiceOf),
    providers: new Map([
      ...plain.map(({ provider }, index) => [`fallbacks[${index}]`, provider] as const),
      ...named.map(({ name, provider }) => [`models.${name}`, provider] as const),
    ]),
    faults,
  };
}

/** Splits `name=model@PROVIDER`. */
function parsedNamed(item: string): Item {
  const end = item.indexOf('=');
  return { ...parsed(item.slice(end + 1)), name: item.slice(0, Math.max(end, 0)) };
}

/** Splits `model@PROVIDER`. A leading `@` may belong to the model name. */
function parsed(item: string): Item {
  const at = item.lastIndexOf('@');
  const provider = item.slice(at + 1);
  const isBare = at === -1 || (at === 0 && !PROVIDER.test(provider));
  const [model, of] = isBare ? [item, OWN_PROVIDER] : [item.slice(0, at), provider];
  return { name: undefined, model, provider: of };
}

function isWellNamed({ name, model, provider }: Item): boolean {
  return (name === undefined || /^[^\s@\p{Cc}]+$/u.test(name)) && /^\S+$/.test(model) && PROVIDER.test(provider);
}

function listFaults(variable: ListVariable, items: readonly Item[], variables: Variables): SettingFault[] {
  if (items.every(isWellNamed)) return [];
  return [{ variable, message: `${variable} must be ${RULES[variable]}, not "${variables[variable]}"` }];
}

/** The other providers in a list, with the list that names them. */
function usersOf(variable: ListVariable, items: readonly Item[]): (readonly [string, ListVariable])[] {
  const others = items.filter((item) => isWellNamed(item) && item.provider !== OWN_PROVIDER);
  return others.map(({ provider }) => [provider, variable]);
}

/** The settings of a provider. Adds their faults. */
function providerOf(
  name: string,
  user: ListVariable,
  variables: Variables,
  faults: SettingFault[],
): ModelProviderOptions {
  const [baseVariable, apiVariable] = [`${name}_BASE_URL`, `${name}_MODEL_API`];
  const baseUrl = variables[baseVariable];
  const given = variables[apiVariable];
  const api = APIS.find((each) => each === given);
  if (baseUrl === undefined) {
    const message = `${user} names the provider ${name}, which needs ${baseVariable}`;
    faults.push({ variable: baseVariable, message });
  }
  if (given !== undefined && api === undefined) {
    const message = `${apiVariable} must be one of the following values: ${APIS.join(', ')}, not "${given}"`;
    faults.push({ variable: apiVariable, message });
  }
  return { baseUrl, apiKey: readSecret(`${name}_API_KEY`, variables, faults), api, names: namesOf(name, user) };
}

/** @param list the setting that names the provider's models. */
function namesOf(provider: string, list: string): ProviderOptionNames {
  const [apiKey, baseUrl, api] = [`${provider}_API_KEY`, `${provider}_BASE_URL`, `${provider}_MODEL_API`];
  return { apiKey, baseUrl, api, model: list };
}
